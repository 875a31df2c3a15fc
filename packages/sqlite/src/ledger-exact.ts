import { type BusinessId, type PayoutUserRecord, pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  type AccountRecord,
  assertOneBusinessEach,
  decide,
  type EventStorage,
  type HistoryRequest,
  type LedgerRows,
  type LedgerStorage,
  type LedgerWrites,
  type TransferRecord,
  type WithdrawalStorage,
} from '@bursar/payouts/storage';
import type { Connection } from './connection.js';
import { sqliteEvents } from './events.js';
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountRecord,
  accountValues,
  TRANSFER_COLUMNS,
  type TransferRow,
  transferRecord,
  transferValues,
} from './ledger-rows.js';
import {
  type BusinessRow,
  businessRecord,
  insertInto,
  PAYOUT_USER_COLUMNS,
  type PayoutUserRow,
  payoutUserRecord,
  payoutUserValues,
} from './rows.js';
import { nextTurn } from './turn.js';
import { sqliteWithdrawals } from './withdrawals.js';

/** The ledger in SQLite: takes the write lock, decides in order, writes, commits. */
export function sqliteLedger(
  connection: Connection,
  now: () => Timestamp,
): LedgerStorage & WithdrawalStorage & EventStorage {
  const { prepare, read, snapshot, write } = connection;
  const statements = prepareAll(prepare);
  const { find, withdrawnSince, save: saveWithdrawals, ...withdrawals } = sqliteWithdrawals(connection, now);
  const { save: saveEvents, ...events } = sqliteEvents(connection);
  const { account, transfer } = statements;
  return {
    async applyTransfers(items) {
      if (items.length === 0) return [];
      assertOneBusinessEach(items);
      await nextTurn();
      return write(() => {
        const writes = decide(items, { ...lockedRows(statements, now()), withdrawal: find, withdrawnSince });
        save(statements, writes);
        saveWithdrawals(writes);
        saveEvents(writes.events);
        return writes.outcomes;
      });
    },
    findAccounts: (refs) =>
      // One statement sees one moment by itself.
      (refs.length === 1 ? read : snapshot)(() =>
        refs.map(({ businessId, id }) => {
          const row = account.get(businessId, id);
          return row && accountRecord(row);
        }),
      ),
    findTransfers: (refs) =>
      read(() =>
        refs.map(({ businessId, id }) => {
          const row = transfer.get(businessId, id);
          return row && transferRecord(row);
        }),
      ),
    listTransfers: (request) => read(() => history(statements, request)),
    listExpiredTransfers: (limit) => read(() => statements.expired.all(now(), pageLimit(limit)).map(transferRecord)),
    listAccounts: (after, limit) =>
      read(() =>
        statements.accounts.all(after?.businessId ?? '', after?.id ?? '', pageLimit(limit)).map(accountRecord),
      ),
    ...withdrawals,
    ...events,
  };
}

type Statements = ReturnType<typeof prepareAll>;

function prepareAll(prepare: Connection['prepare']) {
  return {
    business: prepare<BusinessRow>('SELECT * FROM bursar_businesses WHERE id = ?'),
    payoutUser: prepare<PayoutUserRow>('SELECT * FROM bursar_payout_users WHERE business_id = ? AND id = ?'),
    payoutUserByEmail: prepare<PayoutUserRow>(
      'SELECT * FROM bursar_payout_users WHERE business_id = ? AND normalized_email = ?',
    ),
    account: prepare<AccountRow>('SELECT * FROM bursar_accounts WHERE business_id = ? AND id = ?'),
    transfer: prepare<TransferRow>('SELECT * FROM bursar_transfers WHERE business_id = ? AND id = ?'),
    resolution: prepare<TransferRow>(
      `SELECT * FROM bursar_transfers WHERE business_id = ? AND pending_id = ? AND outcome = 'applied'`,
    ),
    history: prepare<TransferRow>(
      `SELECT * FROM (${historyOf('debit')} UNION ALL ${historyOf('credit')}) ORDER BY place DESC LIMIT ?`,
    ),
    expired: prepare<TransferRow>(
      `SELECT transfer.* FROM bursar_expiring_transfers AS expiring CROSS JOIN bursar_transfers AS transfer
       USING (business_id, id) WHERE expiring.expires_at <= ? ORDER BY expiring.expires_at LIMIT ?`,
    ),
    accounts: prepare<AccountRow>(
      'SELECT * FROM bursar_accounts WHERE (business_id, id) > (?, ?) ORDER BY business_id, id LIMIT ?',
    ),
    openPayoutUser: prepare(insertInto('bursar_payout_users', PAYOUT_USER_COLUMNS)),
    openAccount: prepare(insertInto('bursar_accounts', ACCOUNT_COLUMNS)),
    changeAccount: prepare(
      `UPDATE bursar_accounts SET debits_posted = ?, debits_pending = ?, credits_posted = ?, credits_pending = ?,
       sequence = ? WHERE business_id = ? AND id = ?`,
    ),
    insertTransfer: prepare(insertInto('bursar_transfers', TRANSFER_COLUMNS)),
    insertExpiring: prepare(insertInto('bursar_expiring_transfers', ['business_id', 'id', 'expires_at'])),
    deleteExpiring: prepare('DELETE FROM bursar_expiring_transfers WHERE business_id = ? AND id = ?'),
  };
}

// Each side is cut to the page by its own index before the two are merged.
function historyOf(side: 'debit' | 'credit'): string {
  return `SELECT * FROM (SELECT *, ${side}_sequence AS place FROM bursar_transfers
    WHERE business_id = ? AND ${side}_account_id = ? AND ${side}_sequence < ? ORDER BY ${side}_sequence DESC LIMIT ?)`;
}

function history(statements: Statements, { businessId, id, before, limit }: HistoryRequest): TransferRecord[] {
  const size = pageLimit(limit);
  const end = before ?? Number.MAX_SAFE_INTEGER;
  const side = [businessId, id, end, size] as const;
  return statements.history.all(...side, ...side, size).map(transferRecord);
}

/**
 * The rows under the write lock, which covers the whole file: so they are read when they are asked for, and accounts,
 * which a batch asks for again and again, once.
 */
function lockedRows(statements: Statements, now: Timestamp): Omit<LedgerRows, 'withdrawal' | 'withdrawnSince'> {
  const accounts = new Map<string, AccountRecord | undefined>();
  const users = (row: PayoutUserRow | undefined): PayoutUserRecord | undefined => row && payoutUserRecord(row);
  const transfers = (row: TransferRow | undefined): TransferRecord | undefined => row && transferRecord(row);
  return {
    now,
    business(id) {
      const row = statements.business.get(id);
      return row && businessRecord(row);
    },
    payoutUser: (businessId, id) => users(statements.payoutUser.get(businessId, id)),
    payoutUserByEmail: (businessId, email) => users(statements.payoutUserByEmail.get(businessId, email)),
    account(businessId: BusinessId, id: string) {
      const key = `${businessId}\0${id}`;
      const known = accounts.get(key);
      if (known !== undefined || accounts.has(key)) return known;
      const row = statements.account.get(businessId, id);
      const record = row && accountRecord(row);
      accounts.set(key, record);
      return record;
    },
    transfer: (businessId, id) => transfers(statements.transfer.get(businessId, id)),
    resolution: (businessId, pendingId) => transfers(statements.resolution.get(businessId, pendingId)),
  };
}

function save(statements: Statements, writes: LedgerWrites): void {
  for (const user of writes.openedPayoutUsers) statements.openPayoutUser.run(...payoutUserValues(user));
  for (const account of writes.openedAccounts) statements.openAccount.run(...accountValues(account));
  for (const account of writes.changedAccounts) {
    const { debitsPosted, debitsPending, creditsPosted, creditsPending, sequence, businessId, id } = account;
    const sums = [debitsPosted, debitsPending, creditsPosted, creditsPending, sequence] as const;
    const changed = statements.changeAccount.run(...sums, businessId, id);
    if (changed !== 1) throw new Error(`an account of a batch was updated ${changed} times; nothing was changed`);
  }
  for (const transfer of writes.transfers) {
    statements.insertTransfer.run(...transferValues(transfer));
    if (transfer.outcome === 'applied') saveExpiry(statements, transfer);
  }
}

function saveExpiry(statements: Statements, transfer: TransferRecord): void {
  const { businessId, id, pendingId, timeoutSeconds, createdAt } = transfer;
  if (pendingId !== null) statements.deleteExpiring.run(businessId, pendingId);
  if (timeoutSeconds === null) return;
  statements.insertExpiring.run(businessId, id, Math.min(createdAt + timeoutSeconds * 1000, Number.MAX_SAFE_INTEGER));
}
