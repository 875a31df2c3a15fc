import type { Timestamp } from '@bursar/core/storage';
import type { LedgerRows, TransferRecord, TransferRef } from '@bursar/payouts/storage';
import { type Column, columnArrays, columnNames, REF_COLUMNS, rowsSent } from './columns.js';
import type { Session } from './connection.js';
import type { Tables } from './tables.js';

interface Expiry extends TransferRef {
  readonly expiresAt: Timestamp;
}

const EXPIRY_COLUMNS: readonly Column<Expiry>[] = [
  ...REF_COLUMNS,
  { name: 'expires_at', type: 'bigint', of: ({ expiresAt }) => expiresAt },
];

/** What a batch does to the pending transfers that end by themselves. */
export interface Expiries {
  /** Reserved by the batch until a time, and not resolved by it. */
  readonly begun: readonly Expiry[];
  /** Reserved until a time by an earlier batch, and resolved by this one. */
  readonly ended: readonly TransferRef[];
}

/** Only what has a time-out costs anything: the money of a withdrawal has none. Pure. */
export function expiriesOf(transfers: readonly TransferRecord[], rows: Pick<LedgerRows, 'transfer'>): Expiries {
  const begun = new Map<string, Expiry>();
  const ended: TransferRef[] = [];
  for (const { businessId, id, outcome, pendingId, timeoutSeconds, createdAt } of transfers) {
    if (outcome !== 'applied') continue;
    if (timeoutSeconds !== null) {
      const expiresAt = Math.min(createdAt + timeoutSeconds * 1000, Number.MAX_SAFE_INTEGER);
      begun.set(`${businessId}\0${id}`, { businessId, id, expiresAt });
    }
    if (pendingId === null || begun.delete(`${businessId}\0${pendingId}`)) continue;
    const pending = rows.transfer(businessId, pendingId);
    if (pending !== undefined && pending.timeoutSeconds !== null) ended.push({ businessId, id: pendingId });
  }
  return { begun: [...begun.values()], ended };
}

/** Writes what {@link expiriesOf} says; after the transfers. */
export async function saveExpiries(
  { query }: Session,
  { expiringTransfers }: Tables,
  transfers: readonly TransferRecord[],
  rows: Pick<LedgerRows, 'transfer'>,
): Promise<void> {
  const { begun, ended } = expiriesOf(transfers, rows);
  if (begun.length > 0) {
    const insert = `INSERT INTO ${expiringTransfers} (${columnNames(EXPIRY_COLUMNS)})
      SELECT ${columnNames(EXPIRY_COLUMNS, 'sent')} FROM ${rowsSent(EXPIRY_COLUMNS, 'sent')}`;
    await query(insert, columnArrays(EXPIRY_COLUMNS, begun));
  }
  if (ended.length > 0) {
    const remove = `DELETE FROM ${expiringTransfers} expiring USING ${rowsSent(REF_COLUMNS, 'sent')}
      WHERE expiring.business_id = sent.business_id AND expiring.id = sent.id`;
    await query(remove, columnArrays(REF_COLUMNS, ended));
  }
}
