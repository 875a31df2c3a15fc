import { pageLimit, type Timestamp } from '@bursar/core/storage';
import type {
  LedgerRows,
  LedgerWrites,
  RowsNeeded,
  WithdrawalListRequest,
  WithdrawalStorage,
} from '@bursar/payouts/storage';
import { clockOr } from './clock.js';
import { type Column, columnArrays, insertSent, REF_COLUMNS, rowsSent } from './columns.js';
import type { Connection, Session, SqlValue } from './connection.js';
import type { Integer } from './integer.js';
import { amountOf } from './ledger-rows.js';
import { atPlaces, type Placed } from './place.js';
import type { Tables } from './tables.js';
import {
  WITHDRAWAL_CHANGE_COLUMNS,
  WITHDRAWAL_COLUMNS,
  WITHDRAWAL_VERSION_COLUMNS,
  type WithdrawalRow,
  type WithdrawalVersionRow,
  withdrawalRecord,
  withdrawalVersion,
} from './withdrawal-rows.js';

/** Withdrawals in PostgreSQL. `now` is storage's clock, where it is not the database's. */
export function postgresWithdrawals(
  { read, transaction }: Connection,
  { withdrawals, withdrawalVersions }: Tables,
  now: (() => Timestamp) | undefined,
): WithdrawalStorage {
  const find = `SELECT asked.place, found.* FROM ${rowsSent(REF_COLUMNS, 'asked')} CROSS JOIN LATERAL (
    SELECT * FROM ${withdrawals} WHERE business_id = asked.business_id AND id = asked.id LIMIT 1) found`;
  const forget = `WITH finished AS MATERIALIZED (
      SELECT business_id, id FROM ${withdrawals} WHERE destination <> ''
        AND status IN ('succeeded', 'failed', 'rejected', 'returned') AND updated_at <= ${clockOr('$3')} - $2::bigint
      ORDER BY updated_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE ${withdrawals} w SET destination = '' FROM finished
    WHERE w.business_id = finished.business_id AND w.id = finished.id RETURNING 1`;
  const nextSecretId = `SELECT destination_secret_id AS id FROM ${withdrawals}
    WHERE destination <> '' AND destination_secret_id > $1 ORDER BY destination_secret_id LIMIT 1`;
  return {
    async findWithdrawals(refs) {
      if (refs.length === 0) return [];
      const rows = await read<WithdrawalRow & Placed>(find, columnArrays(REF_COLUMNS, refs));
      return atPlaces(rows, refs.length, withdrawalRecord);
    },
    async listWithdrawals(request) {
      const { text, values } = listStatement(withdrawals, request);
      return (await read<WithdrawalRow>(text, values)).map(withdrawalRecord);
    },
    async listDueWithdrawals(limit) {
      const text = `SELECT * FROM ${withdrawals} WHERE due_at IS NOT NULL AND due_at <= ${clockOr('$2')}
        ORDER BY due_at LIMIT $1`;
      return (await read<WithdrawalRow>(text, [pageLimit(limit), now?.() ?? null])).map(withdrawalRecord);
    },
    async listWithdrawalVersions({ businessId, id }) {
      const text = `SELECT * FROM ${withdrawalVersions} WHERE business_id = $1 AND withdrawal_id = $2 ORDER BY version`;
      return (await read<WithdrawalVersionRow>(text, [businessId, id])).map(withdrawalVersion);
    },
    async forgetDestinations(seconds, limit) {
      const values = [pageLimit(limit), Math.ceil(seconds * 1000), now?.() ?? null];
      return transaction(async ({ query }) => (await query(forget, values)).length, { repeatable: true });
    },
    // Jumps from one id to the next in the index: as many steps as secrets, not as withdrawals.
    async listDestinationSecretIds() {
      const ids: string[] = [];
      for (let last = ''; ; ) {
        const [row] = await read<{ readonly id: string }>(nextSecretId, [last]);
        if (row === undefined) return ids.sort();
        ids.push(row.id);
        last = row.id;
      }
    },
  };
}

// Only the filters that are asked for, so that each set of them has the plan of its own index.
function listStatement(table: string, request: WithdrawalListRequest): { text: string; values: SqlValue[] } {
  const { businessId, payoutUserId, status, method, exportId, before, limit } = request;
  const filters = { business_id: businessId, payout_user_id: payoutUserId, status, method, export_id: exportId };
  const asked = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== null);
  const conditions = asked.map(([column], index) => `${column} = $${index + 3}`);
  // As the index of a payout user's withdrawals in a status has it: all but those that succeeded.
  if (payoutUserId !== null && status !== null && status !== 'succeeded') conditions.push(`status <> 'succeeded'`);
  return {
    text: `SELECT * FROM ${table} WHERE ${conditions.join(' AND ')} AND sequence < $1 ORDER BY sequence DESC LIMIT $2`,
    values: [before ?? Number.MAX_SAFE_INTEGER, pageLimit(limit), ...asked.map(([, value]) => value)],
  };
}

type WithdrawalRows = Pick<LedgerRows, 'withdrawal' | 'withdrawnSince'>;

interface SumRow extends Placed {
  readonly sum: Integer;
}

/**
 * Locks the withdrawals that a batch changes, and sums up what its payout users have withdrawn. To be called after the
 * accounts were locked: the lock on a payout user's account is what keeps the sum true until the commit.
 */
export async function readWithdrawals(
  session: Session,
  { withdrawals }: Tables,
  { withdrawals: refs, withdrawnSums: sums }: Pick<RowsNeeded, 'withdrawals' | 'withdrawnSums'>,
  now: Timestamp,
): Promise<WithdrawalRows> {
  const lock = `SELECT w.* FROM ${rowsSent(REF_COLUMNS, 'asked')} CROSS JOIN LATERAL (
    SELECT * FROM ${withdrawals} WHERE business_id = asked.business_id AND id = asked.id LIMIT 1 FOR NO KEY UPDATE) w`;
  const rows = refs.length === 0 ? [] : await session.query<WithdrawalRow>(lock, columnArrays(REF_COLUMNS, refs));
  const found = new Map(rows.map(withdrawalRecord).map((record) => [`${record.businessId}\0${record.id}`, record]));

  const asked = sums.map(({ businessId, payoutUserId, seconds }) => ({
    businessId,
    id: payoutUserId,
    since: now - seconds * 1000,
  }));
  const sumOf = `SELECT asked.place, found.sum FROM ${rowsSent(SUM_COLUMNS, 'asked')} CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0)::bigint AS sum FROM ${withdrawals}
    WHERE business_id = asked.business_id AND payout_user_id = asked.id AND created_at > asked.since
      AND status NOT IN ('failed', 'rejected', 'returned')) found`;
  const summed = asked.length === 0 ? [] : await session.query<SumRow>(sumOf, columnArrays(SUM_COLUMNS, asked));
  const withdrawn = atPlaces(summed, asked.length, ({ sum }) => amountOf(sum));
  const sumByKey = new Map(
    asked.map(({ businessId, id, since }, index) => [`${businessId}\0${id}\0${since}`, withdrawn[index]]),
  );
  return {
    withdrawal: (businessId, id) => found.get(`${businessId}\0${id}`),
    withdrawnSince(businessId, payoutUserId, since) {
      const sum = sumByKey.get(`${businessId}\0${payoutUserId}\0${since}`);
      if (sum === undefined) throw new Error('a sum of withdrawals was asked for that was not read');
      return sum;
    },
  };
}

interface AskedSum {
  readonly businessId: string;
  readonly id: string;
  readonly since: Timestamp;
}

const SUM_COLUMNS: readonly Column<AskedSum>[] = [
  ...REF_COLUMNS,
  { name: 'since', type: 'bigint', of: ({ since }) => since },
];

/** Writes what a batch did to withdrawals; after its transfers. */
export async function saveWithdrawals({ query }: Session, tables: Tables, writes: LedgerWrites): Promise<void> {
  const { openedWithdrawals, changedWithdrawals, withdrawalVersions } = writes;
  if (openedWithdrawals.length > 0) {
    await query(
      insertSent(tables.withdrawals, WITHDRAWAL_COLUMNS),
      columnArrays(WITHDRAWAL_COLUMNS, openedWithdrawals),
    );
  }
  if (changedWithdrawals.length > 0) {
    // An update by way of a conflict: one index probe each, whatever the planner knows of the table. The withdrawals are
    // locked, so that each row is there.
    const changes = WITHDRAWAL_CHANGE_COLUMNS.map(({ name }) => `${name} = EXCLUDED.${name}`).join(', ');
    const change = `${insertSent(tables.withdrawals, WITHDRAWAL_COLUMNS)} ON CONFLICT (business_id, id) DO UPDATE SET ${changes}`;
    await query(change, columnArrays(WITHDRAWAL_COLUMNS, changedWithdrawals));
  }
  if (withdrawalVersions.length > 0) {
    await query(
      insertSent(tables.withdrawalVersions, WITHDRAWAL_VERSION_COLUMNS),
      columnArrays(WITHDRAWAL_VERSION_COLUMNS, withdrawalVersions),
    );
  }
}
