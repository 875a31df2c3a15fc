import type { BusinessId, Timestamp } from '@bursar/core/storage';
import { decide, type LedgerRows, type LedgerStorage, type LedgerWrites } from '@bursar/payouts/storage';
import { assertForm } from './form.js';
import { pageLimit } from './page.js';
import { insertPayoutUsers } from './payout-users.js';
import { freezeAll, ownItem } from './rows.js';
import type { Book, Tables } from './tables.js';

/** The ledger in memory. One batch is decided and kept without a pause, so nobody sees it half done. */
export function memoryLedger(tables: Tables, now: () => Timestamp, assertOpen: () => void): LedgerStorage {
  const { books } = tables;
  return {
    applyTransfers(items) {
      assertOpen();
      assertForm(items);
      const writes = decide(items.map(ownItem), ledgerRows(tables, now()));
      keep(tables, writes);
      return writes.outcomes;
    },
    findAccounts(refs) {
      assertOpen();
      return refs.map(({ businessId, id }) => books.get(businessId)?.accounts.get(id));
    },
    findTransfers(refs) {
      assertOpen();
      return refs.map(({ businessId, id }) => books.get(businessId)?.transfers.get(id));
    },
    listTransfers({ businessId, id, before, limit }) {
      assertOpen();
      const size = pageLimit(limit);
      const history = books.get(businessId)?.histories.get(id) ?? [];
      const end = before === null ? history.length : Math.max(0, Math.min(before - 1, history.length));
      return history.slice(Math.max(0, end - size), end).reverse();
    },
  };
}

function ledgerRows({ businesses, books }: Tables, now: Timestamp): LedgerRows {
  return {
    now,
    business: (id) => businesses.get(id)?.record,
    payoutUser: (businessId, id) => businesses.get(businessId)?.payoutUsers.get(id)?.credential.payoutUser,
    payoutUserByEmail: (businessId, normalizedEmail) =>
      businesses.get(businessId)?.payoutUsersByEmail.get(normalizedEmail)?.credential.payoutUser,
    account: (businessId, id) => books.get(businessId)?.accounts.get(id),
    transfer: (businessId, id) => books.get(businessId)?.transfers.get(id),
    resolution: (businessId, pendingId) => books.get(businessId)?.resolutions.get(pendingId),
  };
}

function keep(tables: Tables, writes: LedgerWrites): void {
  const { openedPayoutUsers, openedAccounts, changedAccounts, transfers } = writes;
  // The only step that can fail comes first, so that a failure changes nothing.
  insertPayoutUsers(tables, openedPayoutUsers);
  freezeAll(openedAccounts);
  freezeAll(changedAccounts);
  freezeAll(transfers);
  for (const account of openedAccounts) book(tables, account.businessId).accounts.set(account.id, account);
  for (const account of changedAccounts) book(tables, account.businessId).accounts.set(account.id, account);
  for (const transfer of transfers) {
    const { businessId, id, pendingId, debitAccountId, creditAccountId, outcome } = transfer;
    const { transfers: known, resolutions, histories } = book(tables, businessId);
    known.set(id, transfer);
    if (outcome !== 'applied') continue;
    if (pendingId !== null) resolutions.set(pendingId, transfer);
    for (const accountId of [debitAccountId, creditAccountId]) {
      const history = histories.get(accountId);
      if (history === undefined) histories.set(accountId, [transfer]);
      else history.push(transfer);
    }
  }
}

function book({ books }: Tables, businessId: BusinessId): Book {
  const known = books.get(businessId);
  if (known !== undefined) return known;
  const opened: Book = { accounts: new Map(), transfers: new Map(), resolutions: new Map(), histories: new Map() };
  books.set(businessId, opened);
  return opened;
}
