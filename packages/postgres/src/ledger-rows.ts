import type { BusinessId, Digest } from '@bursar/core/storage';
import type {
  AccountKind,
  AccountRecord,
  Cents,
  TransferCode,
  TransferPhase,
  TransferRecord,
} from '@bursar/payouts/storage';
import type { Column } from './columns.js';
import { type Integer, integer, integerOrNull, truth } from './integer.js';

/** A row of `bursar_accounts`. */
export interface AccountRow {
  readonly business_id: string;
  readonly id: string;
  readonly kind: string;
  readonly currency: string;
  readonly debits_must_not_exceed_credits: string | boolean;
  readonly debits_posted: Integer;
  readonly debits_pending: Integer;
  readonly credits_posted: Integer;
  readonly credits_pending: Integer;
  readonly sequence: Integer;
  readonly created_at: Integer;
}

/** A row of `bursar_transfers`. */
export interface TransferRow {
  readonly business_id: string;
  readonly id: string;
  readonly debit_account_id: string;
  readonly credit_account_id: string;
  readonly amount: Integer;
  readonly code: string;
  readonly phase: string;
  readonly pending_id: string | null;
  readonly timeout_seconds: Integer | null;
  readonly reference: string | null;
  readonly metadata: string | null;
  readonly request_digest: string;
  readonly outcome: string;
  readonly debit_sequence: Integer | null;
  readonly credit_sequence: Integer | null;
  readonly created_at: Integer;
}

export const ACCOUNT_COLUMNS: readonly Column<AccountRecord>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'currency', type: 'text', of: ({ currency }) => currency },
  {
    name: 'debits_must_not_exceed_credits',
    type: 'boolean',
    of: ({ debitsMustNotExceedCredits }) => debitsMustNotExceedCredits,
  },
  { name: 'debits_posted', type: 'bigint', of: ({ debitsPosted }) => debitsPosted },
  { name: 'debits_pending', type: 'bigint', of: ({ debitsPending }) => debitsPending },
  { name: 'credits_posted', type: 'bigint', of: ({ creditsPosted }) => creditsPosted },
  { name: 'credits_pending', type: 'bigint', of: ({ creditsPending }) => creditsPending },
  { name: 'sequence', type: 'bigint', of: ({ sequence }) => sequence },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
];

export const TRANSFER_COLUMNS: readonly Column<TransferRecord>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'debit_account_id', type: 'text', of: ({ debitAccountId }) => debitAccountId },
  { name: 'credit_account_id', type: 'text', of: ({ creditAccountId }) => creditAccountId },
  { name: 'amount', type: 'bigint', of: ({ amount }) => amount },
  { name: 'code', type: 'text', of: ({ code }) => code },
  { name: 'phase', type: 'text', of: ({ phase }) => phase },
  { name: 'pending_id', type: 'text', of: ({ pendingId }) => pendingId },
  { name: 'timeout_seconds', type: 'bigint', of: ({ timeoutSeconds }) => timeoutSeconds },
  { name: 'reference', type: 'text', of: ({ reference }) => reference },
  {
    name: 'metadata',
    type: 'text',
    of: ({ metadata }) => (metadata === null ? null : JSON.stringify(metadata)),
  },
  { name: 'request_digest', type: 'text', of: ({ requestDigest }) => requestDigest },
  { name: 'outcome', type: 'text', of: ({ outcome }) => outcome },
  { name: 'debit_sequence', type: 'bigint', of: ({ debitSequence }) => debitSequence },
  { name: 'credit_sequence', type: 'bigint', of: ({ creditSequence }) => creditSequence },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
];

export function accountRecord(row: AccountRow): AccountRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    kind: row.kind as AccountKind,
    currency: row.currency,
    debitsMustNotExceedCredits: truth(row.debits_must_not_exceed_credits),
    debitsPosted: amountOf(row.debits_posted),
    debitsPending: amountOf(row.debits_pending),
    creditsPosted: amountOf(row.credits_posted),
    creditsPending: amountOf(row.credits_pending),
    sequence: integer(row.sequence),
    createdAt: integer(row.created_at),
  };
}

export function transferRecord(row: TransferRow): TransferRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    debitAccountId: row.debit_account_id,
    creditAccountId: row.credit_account_id,
    amount: amountOf(row.amount),
    code: row.code as TransferCode,
    phase: row.phase as TransferPhase,
    pendingId: row.pending_id,
    timeoutSeconds: integerOrNull(row.timeout_seconds),
    reference: row.reference,
    metadata: row.metadata === null ? null : (JSON.parse(row.metadata) as Record<string, string>),
    requestDigest: row.request_digest as Digest,
    outcome: row.outcome as TransferRecord['outcome'],
    debitSequence: integerOrNull(row.debit_sequence),
    creditSequence: integerOrNull(row.credit_sequence),
    createdAt: integer(row.created_at),
  };
}

/** Reads an amount or a sum. @throws where it is below zero, or not exact. */
export function amountOf(value: Integer): Cents {
  const amount = integer(value);
  if (amount < 0) throw new Error('a sum in the PostgreSQL database is below zero: restore a backup');
  return amount as Cents;
}
