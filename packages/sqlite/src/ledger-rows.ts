import type { BusinessId, Digest } from '@bursar/core/storage';
import type {
  AccountKind,
  AccountRecord,
  Cents,
  TransferCode,
  TransferPhase,
  TransferRecord,
} from '@bursar/payouts/storage';
import type { SqlValue } from './connection.js';

/** A row of `bursar_accounts`. */
export interface AccountRow {
  readonly business_id: string;
  readonly id: string;
  readonly kind: string;
  readonly currency: string;
  readonly debits_must_not_exceed_credits: number;
  readonly debits_posted: number;
  readonly debits_pending: number;
  readonly credits_posted: number;
  readonly credits_pending: number;
  readonly sequence: number;
  readonly created_at: number;
}

/** A row of `bursar_transfers`. */
export interface TransferRow {
  readonly business_id: string;
  readonly id: string;
  readonly debit_account_id: string;
  readonly credit_account_id: string;
  readonly amount: number;
  readonly code: string;
  readonly phase: string;
  readonly pending_id: string | null;
  readonly timeout_seconds: number | null;
  readonly reference: string | null;
  readonly metadata: string | null;
  readonly request_digest: string;
  readonly outcome: string;
  readonly debit_sequence: number | null;
  readonly credit_sequence: number | null;
  readonly created_at: number;
}

export const ACCOUNT_COLUMNS = [
  'business_id',
  'id',
  'kind',
  'currency',
  'debits_must_not_exceed_credits',
  'debits_posted',
  'debits_pending',
  'credits_posted',
  'credits_pending',
  'sequence',
  'created_at',
] as const satisfies readonly (keyof AccountRow)[];

export const TRANSFER_COLUMNS = [
  'business_id',
  'id',
  'debit_account_id',
  'credit_account_id',
  'amount',
  'code',
  'phase',
  'pending_id',
  'timeout_seconds',
  'reference',
  'metadata',
  'request_digest',
  'outcome',
  'debit_sequence',
  'credit_sequence',
  'created_at',
] as const satisfies readonly (keyof TransferRow)[];

export function accountRecord(row: AccountRow): AccountRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    kind: row.kind as AccountKind,
    currency: row.currency,
    debitsMustNotExceedCredits: row.debits_must_not_exceed_credits === 1,
    debitsPosted: exact(row.debits_posted),
    debitsPending: exact(row.debits_pending),
    creditsPosted: exact(row.credits_posted),
    creditsPending: exact(row.credits_pending),
    sequence: exact(row.sequence),
    createdAt: row.created_at,
  };
}

export function transferRecord(row: TransferRow): TransferRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    debitAccountId: row.debit_account_id,
    creditAccountId: row.credit_account_id,
    amount: exact(row.amount),
    code: row.code as TransferCode,
    phase: row.phase as TransferPhase,
    pendingId: row.pending_id,
    timeoutSeconds: row.timeout_seconds,
    reference: row.reference,
    metadata: row.metadata === null ? null : (JSON.parse(row.metadata) as Record<string, string>),
    requestDigest: row.request_digest as Digest,
    outcome: row.outcome as TransferRecord['outcome'],
    debitSequence: row.debit_sequence,
    creditSequence: row.credit_sequence,
    createdAt: row.created_at,
  };
}

/** In the order of {@link ACCOUNT_COLUMNS}. */
export function accountValues(record: AccountRecord): SqlValue[] {
  return [
    record.businessId,
    record.id,
    record.kind,
    record.currency,
    record.debitsMustNotExceedCredits ? 1 : 0,
    record.debitsPosted,
    record.debitsPending,
    record.creditsPosted,
    record.creditsPending,
    record.sequence,
    record.createdAt,
  ];
}

/** In the order of {@link TRANSFER_COLUMNS}. */
export function transferValues(record: TransferRecord): SqlValue[] {
  return [
    record.businessId,
    record.id,
    record.debitAccountId,
    record.creditAccountId,
    record.amount,
    record.code,
    record.phase,
    record.pendingId,
    record.timeoutSeconds,
    record.reference,
    record.metadata === null ? null : JSON.stringify(record.metadata),
    record.requestDigest,
    record.outcome,
    record.debitSequence,
    record.creditSequence,
    record.createdAt,
  ];
}

/**
 * A sum as it stands in the file. A driver rounds 2^53 + 1 to 2^53 without a word. The constraints keep such a sum out of
 * the file; this keeps it out of a decision where a file was written past them.
 *
 * @throws where it is not an integer from 0 to 2^53 - 1.
 */
export function exact(sum: unknown): Cents {
  if (!Number.isSafeInteger(sum) || (sum as number) < 0) {
    throw new Error('a sum in the SQLite database is not an integer from 0 to 2^53 - 1: restore a backup');
  }
  return sum as Cents;
}
