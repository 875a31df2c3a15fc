/**
 * Withdrawals as storage keeps them. A withdrawal is opened in the same atomic step as the reservation of its money, and
 * every later change, with or without money, goes through the ledger's one way of writing too.
 *
 * @module
 */
import type { Awaitable, BusinessId, Timestamp } from '@bursar/core/storage';
import type { Cents } from '../cents.js';

/**
 * Where a withdrawal stands. Its money is reserved in the first five, and moved for good in the last four.
 *
 * - `review`: waits for the business's approval; nothing was sent.
 * - `queued`: approved; nothing was sent.
 * - `sending`: `send` has begun. What became of it is not known until it answers; a crash leaves it here.
 * - `processing`: the provider has it and has not said yes or no.
 * - `unknown`: nobody can say by himself what became of it: an operator settles it.
 * - `succeeded`, `failed` (by the provider or an operator), `rejected` (by the business in review).
 * - `returned`: the money came back after it had succeeded.
 */
export type WithdrawalStatus =
  | 'review'
  | 'queued'
  | 'sending'
  | 'processing'
  | 'unknown'
  | 'succeeded'
  | 'failed'
  | 'rejected'
  | 'returned';

/** What of a withdrawal a change may change. */
export interface WithdrawalState {
  readonly status: WithdrawalStatus;
  /** How often `send` was begun. */
  readonly attempts: number;
  /** The provider's own name for it; at most 255 characters. */
  readonly providerReference: string | null;
  /**
   * The export that it is part of, for methods that are exported to a bank. At most 64 characters. The first one stays,
   * whatever later changes say.
   */
  readonly exportId: string | null;
  /** In words, why it stands where it stands; at most 500 characters. */
  readonly reason: string | null;
  /** Who brought it here: `payout_user`, `business`, `system`, `provider`, or an operator's name. */
  readonly actor: string;
}

/** A withdrawal as it is opened: in `review` or `queued`. Its id is that of the transfer that reserves its amount. */
export interface WithdrawalOpening extends WithdrawalState {
  readonly businessId: BusinessId;
  readonly id: string;
  readonly payoutUserId: string;
  /** The id of the payout method. */
  readonly method: string;
  /** What the recipient gets, in the smallest unit of `currency`. */
  readonly amount: Cents;
  /** What the payout user pays on top; a transfer of its own in the same group, where it is not 0. */
  readonly fee: Cents;
  readonly currency: string;
  /** Encrypted: where the money goes. `''` once it was forgotten. */
  readonly destination: string;
  /** Which configured secret it was encrypted with; `null` once it was forgotten. */
  readonly destinationSecretId: string | null;
  /** For people: the destination, masked. */
  readonly destinationHint: string;
  /** After how many seconds of storage's clock the engine looks at it, a whole number; `null` for not by itself. */
  readonly dueInSeconds: number | null;
}

/** A withdrawal. */
export interface WithdrawalRecord extends Omit<WithdrawalOpening, 'dueInSeconds'> {
  /** Its place among the business's withdrawals: the sequence of its reservation in the account `paid_out`. */
  readonly sequence: number;
  /** From 0; each change adds one. */
  readonly version: number;
  /** When the engine looks at it next; `null` for not by itself. While it is being worked on, this is the lease's end. */
  readonly dueAt: Timestamp | null;
  /** When `send` began for the first time; `null` where it never did. */
  readonly sendStartedAt: Timestamp | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** A change of a withdrawal, from the version that the caller has read. */
export interface WithdrawalChange extends WithdrawalState {
  readonly id: string;
  /** Another version by now fails the item with `withdrawal_changed`: of two callers one does its change. */
  readonly expectedVersion: number;
  readonly dueInSeconds: number | null;
  /** Sets `sendStartedAt` where it is not set yet. */
  readonly startsSending: boolean;
}

/** One version of a withdrawal, kept for ever: who changed what, when. */
export interface WithdrawalVersion extends WithdrawalState {
  readonly businessId: BusinessId;
  readonly withdrawalId: string;
  readonly version: number;
  readonly createdAt: Timestamp;
}

/** Names a withdrawal. */
export interface WithdrawalRef {
  readonly businessId: BusinessId;
  readonly id: string;
}

/** One page of a business's withdrawals, newest first. */
export interface WithdrawalListRequest {
  readonly businessId: BusinessId;
  /** `null` for those of all. */
  readonly payoutUserId: string | null;
  /** `null` for every status. */
  readonly status: WithdrawalStatus | null;
  /** `null` for every method. */
  readonly method: string | null;
  /** `null` for whether exported or not. */
  readonly exportId: string | null;
  /** Only those before this `sequence`; `null` for the newest. */
  readonly before: number | null;
  /** From 1 to 1,000. */
  readonly limit: number;
}

/** Keeps withdrawals. They are written by `applyTransfers` alone. */
export interface WithdrawalStorage {
  findWithdrawals(refs: readonly WithdrawalRef[]): Awaitable<readonly (WithdrawalRecord | undefined)[]>;
  listWithdrawals(request: WithdrawalListRequest): Awaitable<readonly WithdrawalRecord[]>;
  /** Those of all businesses whose `dueAt` has come by storage's clock, the longest due first. From 1 to 1,000. */
  listDueWithdrawals(limit: number): Awaitable<readonly WithdrawalRecord[]>;
  /** Every version of a withdrawal, the first one first. `[]` for an unknown one. */
  listWithdrawalVersions(ref: WithdrawalRef): Awaitable<readonly WithdrawalVersion[]>;
  /**
   * Forgets the destinations of withdrawals of all businesses that are `succeeded`, `failed`, `rejected` or `returned`
   * since at least so many seconds by storage's clock (`updatedAt`): at most `limit` (from 1 to 1,000), the longest so
   * first. What it was about stays, the masked hint too, and no version is added. Answers how many.
   */
  forgetDestinations(seconds: number, limit: number): Awaitable<number>;
  /** The ids of all secrets that some destination is encrypted with. Sorted. */
  listDestinationSecretIds(): Awaitable<readonly string[]>;
}
