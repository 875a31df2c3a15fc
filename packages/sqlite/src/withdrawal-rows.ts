import type { BusinessId } from '@bursar/core/storage';
import type { WithdrawalRecord, WithdrawalStatus, WithdrawalVersion } from '@bursar/payouts/storage';
import type { SqlValue } from './connection.js';
import { exact } from './ledger-rows.js';

/** What a row of `bursar_withdrawals` and one of `bursar_withdrawal_versions` have in common. */
interface StateRow {
  readonly status: string;
  readonly attempts: number;
  readonly provider_reference: string | null;
  readonly export_id: string | null;
  readonly reason: string | null;
  readonly actor: string;
}

/** A row of `bursar_withdrawals`. */
export interface WithdrawalRow extends StateRow {
  readonly business_id: string;
  readonly id: string;
  readonly sequence: number;
  readonly payout_user_id: string;
  readonly method: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly destination: string;
  readonly destination_secret_id: string | null;
  readonly destination_hint: string;
  readonly version: number;
  readonly due_at: number | null;
  readonly send_started_at: number | null;
  readonly created_at: number;
  readonly updated_at: number;
}

/** A row of `bursar_withdrawal_versions`. */
export interface WithdrawalVersionRow extends StateRow {
  readonly business_id: string;
  readonly withdrawal_id: string;
  readonly version: number;
  readonly created_at: number;
}

const STATE_COLUMNS = [
  'status',
  'attempts',
  'provider_reference',
  'export_id',
  'reason',
  'actor',
] as const satisfies readonly (keyof StateRow)[];

/** The columns of `bursar_withdrawals` that a change writes. */
export const WITHDRAWAL_CHANGE_COLUMNS = [
  ...STATE_COLUMNS,
  'version',
  'due_at',
  'send_started_at',
  'updated_at',
] as const satisfies readonly (keyof WithdrawalRow)[];

export const WITHDRAWAL_COLUMNS = [
  'business_id',
  'id',
  'sequence',
  'payout_user_id',
  'method',
  'amount',
  'fee',
  'currency',
  'destination',
  'destination_secret_id',
  'destination_hint',
  'created_at',
  ...WITHDRAWAL_CHANGE_COLUMNS,
] as const satisfies readonly (keyof WithdrawalRow)[];

export const WITHDRAWAL_VERSION_COLUMNS = [
  'business_id',
  'withdrawal_id',
  'version',
  'created_at',
  ...STATE_COLUMNS,
] as const satisfies readonly (keyof WithdrawalVersionRow)[];

export function withdrawalRecord(row: WithdrawalRow): WithdrawalRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    sequence: row.sequence,
    payoutUserId: row.payout_user_id,
    method: row.method,
    amount: exact(row.amount),
    fee: exact(row.fee),
    currency: row.currency,
    destination: row.destination,
    destinationSecretId: row.destination === '' ? null : row.destination_secret_id,
    destinationHint: row.destination_hint,
    ...state(row),
    version: row.version,
    dueAt: row.due_at,
    sendStartedAt: row.send_started_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function withdrawalVersion(row: WithdrawalVersionRow): WithdrawalVersion {
  return {
    businessId: row.business_id as BusinessId,
    withdrawalId: row.withdrawal_id,
    version: row.version,
    ...state(row),
    createdAt: row.created_at,
  };
}

/** In the order of {@link WITHDRAWAL_COLUMNS}. */
export function withdrawalValues(record: WithdrawalRecord): SqlValue[] {
  return [
    record.businessId,
    record.id,
    record.sequence,
    record.payoutUserId,
    record.method,
    record.amount,
    record.fee,
    record.currency,
    record.destination,
    record.destinationSecretId,
    record.destinationHint,
    record.createdAt,
    ...withdrawalChangeValues(record),
  ];
}

/** In the order of {@link WITHDRAWAL_CHANGE_COLUMNS}. */
export function withdrawalChangeValues(record: WithdrawalRecord): SqlValue[] {
  return [...stateValues(record), record.version, record.dueAt, record.sendStartedAt, record.updatedAt];
}

/** In the order of {@link WITHDRAWAL_VERSION_COLUMNS}. */
export function withdrawalVersionValues(version: WithdrawalVersion): SqlValue[] {
  return [version.businessId, version.withdrawalId, version.version, version.createdAt, ...stateValues(version)];
}

type State = Pick<WithdrawalRecord, 'status' | 'attempts' | 'providerReference' | 'exportId' | 'reason' | 'actor'>;

function state(row: StateRow): State {
  return {
    status: row.status as WithdrawalStatus,
    attempts: row.attempts,
    providerReference: row.provider_reference,
    exportId: row.export_id,
    reason: row.reason,
    actor: row.actor,
  };
}

function stateValues({ status, attempts, providerReference, exportId, reason, actor }: State): SqlValue[] {
  return [status, attempts, providerReference, exportId, reason, actor];
}
