import type { BusinessId } from '@bursar/core/storage';
import type { WithdrawalRecord, WithdrawalStatus, WithdrawalVersion } from '@bursar/payouts/storage';
import type { Column } from './columns.js';
import { type Integer, integer, integerOrNull } from './integer.js';
import { amountOf } from './ledger-rows.js';

/** What a row of `bursar_withdrawals` and one of `bursar_withdrawal_versions` have in common. */
interface StateRow {
  readonly status: string;
  readonly attempts: Integer;
  readonly provider_reference: string | null;
  readonly export_id: string | null;
  readonly reason: string | null;
  readonly actor: string;
}

/** A row of `bursar_withdrawals`. */
export interface WithdrawalRow extends StateRow {
  readonly business_id: string;
  readonly id: string;
  readonly sequence: Integer;
  readonly payout_user_id: string;
  readonly method: string;
  readonly amount: Integer;
  readonly fee: Integer;
  readonly currency: string;
  readonly destination: string;
  readonly destination_secret_id: string | null;
  readonly destination_hint: string;
  readonly version: Integer;
  readonly due_at: Integer | null;
  readonly send_started_at: Integer | null;
  readonly created_at: Integer;
  readonly updated_at: Integer;
}

/** A row of `bursar_withdrawal_versions`. */
export interface WithdrawalVersionRow extends StateRow {
  readonly business_id: string;
  readonly withdrawal_id: string;
  readonly version: Integer;
  readonly created_at: Integer;
}

type State = Pick<WithdrawalRecord, 'status' | 'attempts' | 'providerReference' | 'exportId' | 'reason' | 'actor'>;

const STATE_COLUMNS: readonly Column<State>[] = [
  { name: 'status', type: 'text', of: ({ status }) => status },
  { name: 'attempts', type: 'bigint', of: ({ attempts }) => attempts },
  { name: 'provider_reference', type: 'text', of: ({ providerReference }) => providerReference },
  { name: 'export_id', type: 'text', of: ({ exportId }) => exportId },
  { name: 'reason', type: 'text', of: ({ reason }) => reason },
  { name: 'actor', type: 'text', of: ({ actor }) => actor },
];

/** The columns of `bursar_withdrawals` that a change writes. */
export const WITHDRAWAL_CHANGE_COLUMNS: readonly Column<WithdrawalRecord>[] = [
  ...STATE_COLUMNS,
  { name: 'version', type: 'bigint', of: ({ version }) => version },
  { name: 'due_at', type: 'bigint', of: ({ dueAt }) => dueAt },
  { name: 'send_started_at', type: 'bigint', of: ({ sendStartedAt }) => sendStartedAt },
  { name: 'updated_at', type: 'bigint', of: ({ updatedAt }) => updatedAt },
];

export const WITHDRAWAL_COLUMNS: readonly Column<WithdrawalRecord>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'sequence', type: 'bigint', of: ({ sequence }) => sequence },
  { name: 'payout_user_id', type: 'text', of: ({ payoutUserId }) => payoutUserId },
  { name: 'method', type: 'text', of: ({ method }) => method },
  { name: 'amount', type: 'bigint', of: ({ amount }) => amount },
  { name: 'fee', type: 'bigint', of: ({ fee }) => fee },
  { name: 'currency', type: 'text', of: ({ currency }) => currency },
  { name: 'destination', type: 'text', of: ({ destination }) => destination },
  { name: 'destination_secret_id', type: 'text', of: ({ destinationSecretId }) => destinationSecretId },
  // As the constraint in the table counts: by characters.
  { name: 'destination_end', type: 'text', of: ({ destination }) => [...destination].slice(-22).join('') },
  { name: 'destination_hint', type: 'text', of: ({ destinationHint }) => destinationHint },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
  ...WITHDRAWAL_CHANGE_COLUMNS,
];

export const WITHDRAWAL_VERSION_COLUMNS: readonly Column<WithdrawalVersion>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'withdrawal_id', type: 'text', of: ({ withdrawalId }) => withdrawalId },
  { name: 'version', type: 'bigint', of: ({ version }) => version },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
  ...STATE_COLUMNS,
];

export function withdrawalRecord(row: WithdrawalRow): WithdrawalRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    sequence: integer(row.sequence),
    payoutUserId: row.payout_user_id,
    method: row.method,
    amount: amountOf(row.amount),
    fee: amountOf(row.fee),
    currency: row.currency,
    destination: row.destination,
    destinationSecretId: row.destination === '' ? null : row.destination_secret_id,
    destinationHint: row.destination_hint,
    ...state(row),
    version: integer(row.version),
    dueAt: integerOrNull(row.due_at),
    sendStartedAt: integerOrNull(row.send_started_at),
    createdAt: integer(row.created_at),
    updatedAt: integer(row.updated_at),
  };
}

export function withdrawalVersion(row: WithdrawalVersionRow): WithdrawalVersion {
  return {
    businessId: row.business_id as BusinessId,
    withdrawalId: row.withdrawal_id,
    version: integer(row.version),
    ...state(row),
    createdAt: integer(row.created_at),
  };
}

function state(row: StateRow): State {
  return {
    status: row.status as WithdrawalStatus,
    attempts: integer(row.attempts),
    providerReference: row.provider_reference,
    exportId: row.export_id,
    reason: row.reason,
    actor: row.actor,
  };
}
