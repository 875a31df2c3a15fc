import { type BusinessId, pageLimit, type Timestamp } from '@bursar/core/storage';
import type {
  Cents,
  LedgerWrites,
  WithdrawalListRequest,
  WithdrawalRecord,
  WithdrawalStorage,
} from '@bursar/payouts/storage';
import type { Connection, SqlValue, Statement } from './connection.js';
import { exact } from './ledger-rows.js';
import { insertInto } from './rows.js';
import {
  WITHDRAWAL_CHANGE_COLUMNS,
  WITHDRAWAL_COLUMNS,
  WITHDRAWAL_VERSION_COLUMNS,
  type WithdrawalRow,
  type WithdrawalVersionRow,
  withdrawalChangeValues,
  withdrawalRecord,
  withdrawalValues,
  withdrawalVersion,
  withdrawalVersionValues,
} from './withdrawal-rows.js';

/** How one connection reads and writes withdrawals. */
export interface Withdrawals extends WithdrawalStorage {
  /** Under the write lock. */
  find(businessId: BusinessId, id: string): WithdrawalRecord | undefined;
  /** Under the write lock. */
  withdrawnSince(businessId: BusinessId, payoutUserId: string, since: Timestamp): Cents;
  /** Under the write lock, after the transfers. */
  save(writes: LedgerWrites): void;
}

/** Withdrawals in SQLite. */
export function sqliteWithdrawals({ prepare, read, write }: Connection, now: () => Timestamp): Withdrawals {
  const statements = prepareAll(prepare);
  const lists = withdrawalLists(prepare);
  const find = (businessId: BusinessId, id: string): WithdrawalRecord | undefined => {
    const row = statements.withdrawal.get(businessId, id);
    return row && withdrawalRecord(row);
  };
  return {
    find,
    withdrawnSince: (businessId, payoutUserId, since) =>
      exact(statements.withdrawnSince.get(businessId, payoutUserId, since)?.sum),
    save: (writes) => save(statements, writes),
    findWithdrawals: (refs) => read(() => refs.map(({ businessId, id }) => find(businessId, id))),
    listWithdrawals: (request) => read(() => lists(request).map(withdrawalRecord)),
    listDueWithdrawals: (limit) => read(() => statements.due.all(now(), pageLimit(limit)).map(withdrawalRecord)),
    listWithdrawalVersions: ({ businessId, id }) =>
      read(() => statements.versions.all(businessId, id).map(withdrawalVersion)),
    forgetDestinations(seconds, limit) {
      const size = pageLimit(limit);
      return write(() => statements.forget.run(now() - seconds * 1000, size));
    },
    listDestinationSecretIds: () =>
      read(() =>
        statements.secretIds
          .all()
          .map(({ secret_id }) => secret_id)
          .sort(),
      ),
  };
}

type Statements = ReturnType<typeof prepareAll>;

function prepareAll(prepare: Connection['prepare']) {
  const changes = WITHDRAWAL_CHANGE_COLUMNS.map((column) => `${column} = ?`).join(', ');
  return {
    withdrawal: prepare<WithdrawalRow>('SELECT * FROM bursar_withdrawals WHERE business_id = ? AND id = ?'),
    withdrawnSince: prepare<{ readonly sum: number }>(
      `SELECT ifnull(sum(amount), 0) AS sum FROM bursar_withdrawals WHERE business_id = ? AND payout_user_id = ?
       AND created_at > ? AND status NOT IN ('failed', 'rejected', 'returned')`,
    ),
    due: prepare<WithdrawalRow>('SELECT * FROM bursar_withdrawals WHERE due_at <= ? ORDER BY due_at LIMIT ?'),
    versions: prepare<WithdrawalVersionRow>(
      'SELECT * FROM bursar_withdrawal_versions WHERE business_id = ? AND withdrawal_id = ? ORDER BY version',
    ),
    open: prepare(insertInto('bursar_withdrawals', WITHDRAWAL_COLUMNS)),
    change: prepare(`UPDATE bursar_withdrawals SET ${changes} WHERE business_id = ? AND id = ?`),
    forget: prepare(
      `UPDATE bursar_withdrawals SET destination = '' WHERE rowid IN (
         SELECT rowid FROM bursar_withdrawals
         WHERE updated_at <= ? AND destination <> '' AND status IN ('succeeded', 'failed', 'rejected', 'returned')
         ORDER BY updated_at LIMIT ?
       )`,
    ),
    // Jumps from one id to the next in the index: as many steps as secrets, not as withdrawals.
    secretIds: prepare<{ readonly secret_id: string }>(
      `WITH RECURSIVE ids (secret_id) AS (
         SELECT min(destination_secret_id) FROM bursar_withdrawals WHERE destination <> ''
         UNION ALL
         SELECT (SELECT min(w.destination_secret_id) FROM bursar_withdrawals w
                 WHERE w.destination <> '' AND w.destination_secret_id > ids.secret_id)
         FROM ids WHERE ids.secret_id IS NOT NULL
       )
       SELECT secret_id FROM ids WHERE secret_id IS NOT NULL`,
    ),
    insertVersion: prepare(insertInto('bursar_withdrawal_versions', WITHDRAWAL_VERSION_COLUMNS)),
  };
}

// As the index of a payout user's withdrawals in a status has it: all but those that succeeded.
const STATUS_IN_INDEX = `status = ? AND status <> 'succeeded'`;

// One statement for each set of filters that is asked for, so that each has the plan of its own index.
function withdrawalLists(prepare: Connection['prepare']): (request: WithdrawalListRequest) => WithdrawalRow[] {
  const statements = new Map<string, Statement<WithdrawalRow>>();
  return ({ businessId, payoutUserId, status, method, exportId, before, limit }) => {
    const size = pageLimit(limit);
    // What names the fewest comes first, and has its index: without statistics SQLite would take that of a status, and read
    // a million for a user with two. A plus keeps an index from being taken.
    const filters = { export_id: exportId, payout_user_id: payoutUserId, status, method };
    const asked = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== null);
    const narrow = asked[0]?.[0] === 'payout_user_id' && status !== null && status !== 'succeeded';
    const conditions = ['business_id', ...asked.map(([column], place) => (place === 0 ? column : `+${column}`))]
      .map((column) => `${narrow && column === '+status' ? STATUS_IN_INDEX : `${column} = ?`} AND `)
      .join('');
    const statement =
      statements.get(conditions) ??
      prepare(`SELECT * FROM bursar_withdrawals WHERE ${conditions}sequence < ? ORDER BY sequence DESC LIMIT ?`);
    statements.set(conditions, statement);
    const values: SqlValue[] = asked.map(([, value]) => value);
    return statement.all(businessId, ...values, before ?? Number.MAX_SAFE_INTEGER, size);
  };
}

function save(statements: Statements, writes: LedgerWrites): void {
  for (const withdrawal of writes.openedWithdrawals) statements.open.run(...withdrawalValues(withdrawal));
  for (const withdrawal of writes.changedWithdrawals) {
    const values = withdrawalChangeValues(withdrawal);
    const changed = statements.change.run(...values, withdrawal.businessId, withdrawal.id);
    if (changed !== 1) throw new Error(`a withdrawal of a batch was updated ${changed} times; nothing was changed`);
  }
  for (const version of writes.withdrawalVersions) statements.insertVersion.run(...withdrawalVersionValues(version));
}
