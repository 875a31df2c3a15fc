import { type BusinessId, pageLimit, type Timestamp } from '@bursar/core/storage';
import type {
  Cents,
  LedgerWrites,
  WithdrawalListRequest,
  WithdrawalRecord,
  WithdrawalStatus,
  WithdrawalStorage,
} from '@bursar/payouts/storage';
import { freezeAll } from './rows.js';
import { bookOf, type Tables } from './tables.js';

const UNCOUNTED: ReadonlySet<WithdrawalStatus> = new Set(['failed', 'rejected', 'returned']);
const FINAL: ReadonlySet<WithdrawalStatus> = new Set(['succeeded', 'failed', 'rejected', 'returned']);

/** Reads withdrawals from memory. */
export function memoryWithdrawals(tables: Tables, now: () => Timestamp, assertOpen: () => void): WithdrawalStorage {
  const { books } = tables;
  return {
    findWithdrawals(refs) {
      assertOpen();
      return refs.map(({ businessId, id }) => books.get(businessId)?.withdrawals.get(id));
    },
    listWithdrawals(request) {
      assertOpen();
      return page(tables, request);
    },
    listDueWithdrawals(limit) {
      assertOpen();
      const size = pageLimit(limit);
      const moment = now();
      const due = [...tables.scheduled.values()].filter(({ dueAt }) => dueAt !== null && dueAt <= moment);
      return due.sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0)).slice(0, size);
    },
    listWithdrawalVersions({ businessId, id }) {
      assertOpen();
      return [...(books.get(businessId)?.versions.get(id) ?? [])];
    },
    forgetDestinations(seconds, limit) {
      assertOpen();
      const size = pageLimit(limit);
      const until = now() - seconds * 1000;
      const final = withDestination(tables).filter(({ status, updatedAt }) => FINAL.has(status) && updatedAt <= until);
      const forgotten = final.sort((left, right) => left.updatedAt - right.updatedAt).slice(0, size);
      for (const withdrawal of forgotten)
        keepWithdrawal(tables, Object.freeze({ ...withdrawal, destination: '', destinationSecretId: null }));
      return forgotten.length;
    },
    listDestinationSecretIds() {
      assertOpen();
      const ids = withDestination(tables).flatMap(({ destinationSecretId }) => destinationSecretId ?? []);
      return [...new Set(ids)].sort();
    },
  };
}

/** The sum for a payout user's limit. */
export function withdrawnSince(
  { books }: Tables,
  businessId: BusinessId,
  payoutUserId: string,
  since: Timestamp,
): Cents {
  const book = books.get(businessId);
  let sum = 0;
  for (const id of book?.withdrawalsByPayoutUser.get(payoutUserId) ?? []) {
    const withdrawal = book?.withdrawals.get(id);
    if (withdrawal === undefined || withdrawal.createdAt <= since || UNCOUNTED.has(withdrawal.status)) continue;
    sum += withdrawal.amount;
  }
  return sum as Cents;
}

/** Keeps what a batch did to withdrawals. */
export function keepWithdrawals(tables: Tables, writes: LedgerWrites): void {
  const { openedWithdrawals, changedWithdrawals, withdrawalVersions } = writes;
  freezeAll(openedWithdrawals);
  freezeAll(changedWithdrawals);
  freezeAll(withdrawalVersions);
  for (const withdrawal of openedWithdrawals) {
    const { withdrawalIds, withdrawalsByPayoutUser } = bookOf(tables, withdrawal.businessId);
    withdrawalIds.push(withdrawal.id);
    push(withdrawalsByPayoutUser, withdrawal.payoutUserId, withdrawal.id);
  }
  for (const withdrawal of [...openedWithdrawals, ...changedWithdrawals]) keepWithdrawal(tables, withdrawal);
  for (const version of withdrawalVersions)
    push(bookOf(tables, version.businessId).versions, version.withdrawalId, version);
}

function keepWithdrawal(tables: Tables, withdrawal: WithdrawalRecord): void {
  const { businessId, id, dueAt } = withdrawal;
  bookOf(tables, businessId).withdrawals.set(id, withdrawal);
  if (dueAt === null) tables.scheduled.delete(`${businessId}\0${id}`);
  else tables.scheduled.set(`${businessId}\0${id}`, withdrawal);
}

function withDestination({ books }: Tables): WithdrawalRecord[] {
  return [...books.values()].flatMap(({ withdrawals }) =>
    [...withdrawals.values()].filter(({ destination }) => destination !== ''),
  );
}

/** Adds to the list of a key. */
export function push<Entry>(lists: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [entry]);
  else list.push(entry);
}

function page({ books }: Tables, request: WithdrawalListRequest): readonly WithdrawalRecord[] {
  const size = pageLimit(request.limit);
  const book = books.get(request.businessId);
  const found: WithdrawalRecord[] = [];
  // Opened in the order of their sequence, so the newest are at the end.
  for (const id of book?.withdrawalIds.toReversed() ?? []) {
    const withdrawal = book?.withdrawals.get(id);
    if (withdrawal !== undefined && isAsked(withdrawal, request)) found.push(withdrawal);
    if (found.length === size) break;
  }
  return found;
}

function isAsked(withdrawal: WithdrawalRecord, request: WithdrawalListRequest): boolean {
  const { before, payoutUserId, status, method, exportId } = request;
  return (
    (before === null || withdrawal.sequence < before) &&
    (payoutUserId === null || withdrawal.payoutUserId === payoutUserId) &&
    (status === null || withdrawal.status === status) &&
    (method === null || withdrawal.method === method) &&
    (exportId === null || withdrawal.exportId === exportId)
  );
}
