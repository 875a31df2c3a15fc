import { pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  type AccountRecord,
  type AccountRef,
  decide,
  type LedgerRows,
  type LedgerStorage,
  type LedgerWrites,
  type TransferRecord,
} from '@bursar/payouts/storage';
import { keepEvents } from './events.js';
import { assertForm } from './form.js';
import { insertPayoutUsers } from './payout-users.js';
import { freezeAll, ownItem } from './rows.js';
import { bookOf, type Tables } from './tables.js';
import { keepWithdrawals, push, withdrawnSince } from './withdrawals.js';

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
    listExpiredTransfers(limit) {
      assertOpen();
      const size = pageLimit(limit);
      const moment = now();
      const expired = [...tables.expiring.values()].filter((transfer) => expiryOf(transfer) <= moment);
      return expired.sort((left, right) => expiryOf(left) - expiryOf(right)).slice(0, size);
    },
    listAccounts(after, limit) {
      assertOpen();
      return accountsAfter(tables, after, pageLimit(limit));
    },
  };
}

function expiryOf({ createdAt, timeoutSeconds }: TransferRecord): Timestamp {
  return timeoutSeconds === null ? Number.POSITIVE_INFINITY : createdAt + timeoutSeconds * 1000;
}

function accountsAfter({ books }: Tables, after: AccountRef | null, limit: number): AccountRecord[] {
  const page: AccountRecord[] = [];
  for (const businessId of [...books.keys()].sort()) {
    if (after !== null && businessId < after.businessId) continue;
    const from = businessId === after?.businessId ? after.id : null;
    page.push(...(books.get(businessId)?.accounts.page(from, limit - page.length) ?? []));
    if (page.length === limit) break;
  }
  return page;
}

function ledgerRows(tables: Tables, now: Timestamp): LedgerRows {
  const { businesses, books } = tables;
  return {
    now,
    business: (id) => businesses.get(id)?.record,
    payoutUser: (businessId, id) => businesses.get(businessId)?.payoutUsers.get(id)?.credential.payoutUser,
    payoutUserByEmail: (businessId, normalizedEmail) =>
      businesses.get(businessId)?.payoutUsersByEmail.get(normalizedEmail)?.credential.payoutUser,
    account: (businessId, id) => books.get(businessId)?.accounts.get(id),
    transfer: (businessId, id) => books.get(businessId)?.transfers.get(id),
    resolution: (businessId, pendingId) => books.get(businessId)?.resolutions.get(pendingId),
    withdrawal: (businessId, id) => books.get(businessId)?.withdrawals.get(id),
    withdrawnSince: (businessId, payoutUserId, since) => withdrawnSince(tables, businessId, payoutUserId, since),
  };
}

function keep(tables: Tables, writes: LedgerWrites): void {
  const { openedPayoutUsers, openedAccounts, changedAccounts, transfers } = writes;
  // The only step that can fail comes first, so that a failure changes nothing.
  insertPayoutUsers(tables, openedPayoutUsers);
  freezeAll(openedAccounts);
  freezeAll(changedAccounts);
  freezeAll(transfers);
  for (const account of [...openedAccounts, ...changedAccounts])
    bookOf(tables, account.businessId).accounts.set(account.id, account);
  for (const transfer of transfers) keepTransfer(tables, transfer);
  keepWithdrawals(tables, writes);
  keepEvents(tables, writes.events);
}

function keepTransfer(tables: Tables, transfer: TransferRecord): void {
  const { businessId, id, pendingId, debitAccountId, creditAccountId, timeoutSeconds, outcome } = transfer;
  const { transfers: known, resolutions, histories } = bookOf(tables, businessId);
  known.set(id, transfer);
  if (outcome !== 'applied') return;
  if (timeoutSeconds !== null) tables.expiring.set(`${businessId}\0${id}`, transfer);
  if (pendingId !== null) {
    resolutions.set(pendingId, transfer);
    tables.expiring.delete(`${businessId}\0${pendingId}`);
  }
  push(histories, debitAccountId, transfer);
  push(histories, creditAccountId, transfer);
}
