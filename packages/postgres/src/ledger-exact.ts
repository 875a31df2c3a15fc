import type { Timestamp } from '@bursar/core/storage';
import {
  type AccountRef,
  decide,
  type LedgerItem,
  type LedgerOutcome,
  type LedgerWrites,
  rowsNeeded,
} from '@bursar/payouts/storage';
import { columnArrays, columnNames, rowsSent } from './columns.js';
import type { Session } from './connection.js';
import { saveEvents } from './events.js';
import { saveExpiries } from './expiries.js';
import { readRows, rowStatements } from './ledger-read.js';
import { ACCOUNT_COLUMNS, TRANSFER_COLUMNS } from './ledger-rows.js';
import { PAYOUT_USER_COLUMNS } from './rows.js';
import type { Tables } from './tables.js';
import { saveWithdrawals } from './withdrawals.js';

/** Applies a batch within a transaction, and answers as `decide` does. */
export type ApplyBatch = (session: Session, items: readonly LedgerItem[]) => Promise<readonly LedgerOutcome[]>;

/**
 * The exact path: locks the accounts in order, reads what is known under that lock, decides in TypeScript, writes. Right
 * for every batch; three round trips between the lock and the commit.
 *
 * A row that a neighbour adds meanwhile is refused by a unique index; the caller then applies the whole batch again.
 */
export function exactBatch(tables: Tables, now: (() => Timestamp) | undefined): ApplyBatch {
  const read = rowStatements(tables);
  const write = writeStatements(tables);
  return async (session, items) => {
    const rows = await readRows(session, tables, read, { needed: rowsNeeded(items), opened: openedBy(items), now });
    const writes = decide(items, rows);
    await save(session, write, writes);
    await saveExpiries(session, tables, writes.transfers, rows);
    await saveWithdrawals(session, tables, writes);
    await saveEvents(session, tables, writes.events);
    return writes.outcomes;
  };
}

/** The accounts that the items would open: whether one exists is asked even where no transfer names it. */
function openedBy(items: readonly LedgerItem[]): AccountRef[] {
  const refs = new Map<string, AccountRef>();
  for (const { openAccounts } of items) {
    for (const { businessId, id } of openAccounts) refs.set(`${businessId}\0${id}`, { businessId, id });
  }
  return [...refs.values()];
}

function writeStatements({ payoutUsers, payoutUserDigests, accounts, transfers }: Tables) {
  const sums = ACCOUNT_COLUMNS.filter(({ name }) => /^(debits|credits)_(posted|pending)$|^sequence$/.test(name));
  const assignments = sums.map(({ name }) => `${name} = EXCLUDED.${name}`).join(', ');
  const insertAccounts = `INSERT INTO ${accounts} (${columnNames(ACCOUNT_COLUMNS)})
    SELECT ${columnNames(ACCOUNT_COLUMNS, 'sent')} FROM ${rowsSent(ACCOUNT_COLUMNS, 'sent')} ORDER BY sent.place`;
  return {
    openPayoutUsers: `WITH opened AS (
        INSERT INTO ${payoutUsers} (${columnNames(PAYOUT_USER_COLUMNS)})
        SELECT ${columnNames(PAYOUT_USER_COLUMNS, 'sent')} FROM ${rowsSent(PAYOUT_USER_COLUMNS, 'sent')}
        ORDER BY sent.place RETURNING digest, business_id, id
      )
      INSERT INTO ${payoutUserDigests} (digest, business_id, payout_user_id) SELECT * FROM opened`,
    openAccounts: insertAccounts,
    // An update by way of a conflict: one index probe an account, whatever the planner knows of the table. The accounts
    // are locked, so that each row is there.
    changeAccounts: `${insertAccounts} ON CONFLICT (business_id, id) DO UPDATE SET ${assignments}`,
    insertTransfers: `INSERT INTO ${transfers} (${columnNames(TRANSFER_COLUMNS)})
      SELECT ${columnNames(TRANSFER_COLUMNS, 'sent')} FROM ${rowsSent(TRANSFER_COLUMNS, 'sent')} ORDER BY sent.place`,
  };
}

type WriteStatements = ReturnType<typeof writeStatements>;

async function save({ query }: Session, sql: WriteStatements, writes: LedgerWrites): Promise<void> {
  const { openedPayoutUsers, openedAccounts, changedAccounts, transfers } = writes;
  // Each kind in one order everywhere: who adds the same rows waits once, and never in a circle.
  if (openedPayoutUsers.length > 0) {
    const users = [...openedPayoutUsers].sort(by(({ businessId, normalizedEmail }) => [businessId, normalizedEmail]));
    await query(sql.openPayoutUsers, columnArrays(PAYOUT_USER_COLUMNS, users));
  }
  if (openedAccounts.length > 0) {
    await query(sql.openAccounts, columnArrays(ACCOUNT_COLUMNS, [...openedAccounts].sort(by(keyOf))));
  }
  if (changedAccounts.length > 0) {
    await query(sql.changeAccounts, columnArrays(ACCOUNT_COLUMNS, [...changedAccounts].sort(by(keyOf))));
  }
  if (transfers.length > 0) {
    await query(sql.insertTransfers, columnArrays(TRANSFER_COLUMNS, [...transfers].sort(by(keyOf))));
  }
}

const keyOf = ({ businessId, id }: AccountRef): readonly [string, string] => [businessId, id];

/** Compares by two texts, by code unit. */
function by<Entry>(keys: (entry: Entry) => readonly [string, string]): (left: Entry, right: Entry) => number {
  return (left, right) => {
    const [[leftFirst, leftSecond], [rightFirst, rightSecond]] = [keys(left), keys(right)];
    if (leftFirst !== rightFirst) return leftFirst < rightFirst ? -1 : 1;
    return leftSecond < rightSecond ? -1 : leftSecond > rightSecond ? 1 : 0;
  };
}
