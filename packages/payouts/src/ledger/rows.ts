import type { BusinessId, BusinessRecord, PayoutUserEmail, PayoutUserRecord, Timestamp } from '@bursar/core/storage';
import type { Cents } from '../cents.js';
import type { EventRecord } from '../event/record.js';
import type { AccountRecord, AccountRef, LedgerItem, LedgerOutcome, TransferRecord, TransferRef } from '../storage.js';
import type { WithdrawalRecord, WithdrawalRef, WithdrawalVersion } from '../withdrawal/record.js';

/** Names the sum of a payout user's withdrawals of the last so many seconds. */
export interface WithdrawnSum {
  readonly businessId: BusinessId;
  readonly payoutUserId: string;
  readonly seconds: number;
}

/**
 * The rows that deciding a batch takes, each named once and in the order in which all writers must lock them, so that
 * two of them never wait for each other: businesses, payout users, accounts, transfers, withdrawals; each by business and
 * id.
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
  /** Those that the batch changes. */
  readonly withdrawals: readonly WithdrawalRef[];
  /**
   * To be read once all locks are held. Each one's payout user is among `accounts`: that lock keeps the withdrawals of one
   * user apart.
   */
  readonly withdrawnSums: readonly WithdrawnSum[];
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
  withdrawal(businessId: BusinessId, id: string): WithdrawalRecord | undefined;
  /**
   * The amounts, without fees, of the payout user's withdrawals whose `createdAt` is later than `since`; without those
   * that are `failed`, `rejected` or `returned`.
   */
  withdrawnSince(businessId: BusinessId, payoutUserId: string, since: Timestamp): Cents;
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
  /** To insert, as they stand after the batch. */
  readonly openedWithdrawals: readonly WithdrawalRecord[];
  /** To update: withdrawals that existed, as they stand after the batch. */
  readonly changedWithdrawals: readonly WithdrawalRecord[];
  /** To insert: each version that a withdrawal had, those between two changes of one batch too. */
  readonly withdrawalVersions: readonly WithdrawalVersion[];
  /** To insert, not yet dispatched. */
  readonly events: readonly EventRecord[];
}

/** Names the rows that {@link decide} asks for. */
export function rowsNeeded(items: readonly LedgerItem[]): RowsNeeded {
  const businesses = new Set<BusinessId>();
  const payoutUsers = new Refs();
  const emails = new Map<string, PayoutUserEmail>();
  const accounts = new Refs();
  const transfers = new Refs();
  const resolutions = new Refs();
  const withdrawals = new Refs();
  const sums = new Map<string, WithdrawnSum>();

  for (const item of items) {
    const { businessId, conditions, openPayoutUser } = item;
    const { payoutUserAge, withdrawalLimit } = conditions;
    if (conditions.payoutsEnabled) businesses.add(businessId);
    for (const id of [conditions.activePayoutUserId, conditions.closedPayoutUserId, item.creditPayoutUserId])
      if (id !== undefined && id !== null) payoutUsers.add(businessId, id);
    if (payoutUserAge !== undefined) accounts.add(businessId, payoutUserAge.payoutUserId);
    if (withdrawalLimit !== undefined) {
      const { payoutUserId, seconds } = withdrawalLimit;
      accounts.add(businessId, payoutUserId);
      sums.set(`${businessId}\0${payoutUserId}\0${seconds}`, { businessId, payoutUserId, seconds });
    }
    if (item.changeWithdrawal !== undefined) withdrawals.add(businessId, item.changeWithdrawal.id);
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
    withdrawals: withdrawals.inOrder(),
    withdrawnSums: [...sums.entries()].sort(byKey).map(([, sum]) => sum),
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

// By code unit, not by locale: every process must find the same order. No key is there twice.
function byKey(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : 1;
}
