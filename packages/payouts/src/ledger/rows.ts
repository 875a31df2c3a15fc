import type { BusinessId, BusinessRecord, PayoutUserEmail, PayoutUserRecord, Timestamp } from '@bursar/core/storage';
import type { AccountRecord, AccountRef, LedgerItem, LedgerOutcome, TransferRecord, TransferRef } from '../storage.js';

/**
 * The rows that deciding a batch takes, each named once and in the order in which all writers must lock them, so that
 * two of them never wait for each other: businesses, payout users, accounts, transfers; each by business and id.
 */
export interface RowsNeeded {
  readonly businesses: readonly BusinessId[];
  readonly payoutUsers: readonly AccountRef[];
  readonly payoutUserEmails: readonly PayoutUserEmail[];
  readonly accounts: readonly AccountRef[];
  /** Transfers by their own id: those that the batch brings, and the pending ones that it resolves. */
  readonly transfers: readonly TransferRef[];
  /** Pending transfers whose applied resolution (`pendingId` is this id) is needed. */
  readonly resolutions: readonly TransferRef[];
}

/** The rows as they stand under the adapter's lock. Each function answers for the rows of `rowsNeeded`. */
export interface LedgerRows {
  /** Storage's own clock, the same for the whole batch. */
  readonly now: Timestamp;
  business(id: BusinessId): BusinessRecord | undefined;
  payoutUser(businessId: BusinessId, id: string): PayoutUserRecord | undefined;
  payoutUserByEmail(businessId: BusinessId, normalizedEmail: string): PayoutUserRecord | undefined;
  account(businessId: BusinessId, id: string): AccountRecord | undefined;
  transfer(businessId: BusinessId, id: string): TransferRecord | undefined;
  /** The applied `post` or `void` whose `pendingId` this is. */
  resolution(businessId: BusinessId, pendingId: string): TransferRecord | undefined;
}

/** What to write, in one transaction, before any of the outcomes is answered. */
export interface LedgerWrites {
  /** In the order of the batch. */
  readonly outcomes: readonly LedgerOutcome[];
  /** To insert. */
  readonly openedPayoutUsers: readonly PayoutUserRecord[];
  /** To insert, with their final sums. */
  readonly openedAccounts: readonly AccountRecord[];
  /** To update: accounts that existed, with their final sums. */
  readonly changedAccounts: readonly AccountRecord[];
  /** To insert, applied and refused ones. */
  readonly transfers: readonly TransferRecord[];
}

/** Names the rows that {@link decide} asks for. */
export function rowsNeeded(items: readonly LedgerItem[]): RowsNeeded {
  const businesses = new Set<BusinessId>();
  const payoutUsers = new Refs();
  const emails = new Map<string, PayoutUserEmail>();
  const accounts = new Refs();
  const transfers = new Refs();
  const resolutions = new Refs();

  for (const item of items) {
    const { businessId, conditions, openPayoutUser } = item;
    if (conditions.payoutsEnabled) businesses.add(businessId);
    if (conditions.activePayoutUserId !== undefined) payoutUsers.add(businessId, conditions.activePayoutUserId);
    if (item.creditPayoutUserId !== null) payoutUsers.add(businessId, item.creditPayoutUserId);
    if (openPayoutUser !== null) {
      const { normalizedEmail } = openPayoutUser;
      emails.set(`${businessId}\0${normalizedEmail}`, { businessId, normalizedEmail });
    }
    for (const opening of item.openAccounts) accounts.add(businessId, opening.id);
    for (const transfer of item.transfers) {
      accounts.add(businessId, transfer.debitAccountId);
      accounts.add(businessId, transfer.creditAccountId);
      transfers.add(businessId, transfer.id);
      if (transfer.pendingId === null) continue;
      transfers.add(businessId, transfer.pendingId);
      resolutions.add(businessId, transfer.pendingId);
    }
  }
  return {
    businesses: [...businesses].sort(),
    payoutUsers: payoutUsers.inOrder(),
    payoutUserEmails: [...emails.entries()].sort(byKey).map(([, email]) => email),
    accounts: accounts.inOrder(),
    transfers: transfers.inOrder(),
    resolutions: resolutions.inOrder(),
  };
}

class Refs {
  readonly #byKey = new Map<string, AccountRef>();

  add(businessId: BusinessId, id: string): void {
    const key = `${businessId}\0${id}`;
    if (!this.#byKey.has(key)) this.#byKey.set(key, { businessId, id });
  }

  inOrder(): AccountRef[] {
    return [...this.#byKey.entries()].sort(byKey).map(([, ref]) => ref);
  }
}

// By code unit, not by locale: every process must find the same order.
function byKey(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : 0;
}
