/**
 * The storage contract of the ledger: what an adapter implements so that money can be kept anywhere. The words are
 * TigerBeetle's. `@bursar/storage-testkit` checks an adapter against every sentence here.
 *
 * Money moves in one way only: {@link LedgerStorage.applyTransfers} gets a batch of independent items, and each item
 * is applied wholly or not at all. What is to happen to an item is decided by {@link decide}, which an adapter calls
 * with the rows that {@link rowsNeeded} names, read under lock; the adapter writes what it answers. An adapter that
 * decides by itself must decide the same.
 *
 * @see https://docs.tigerbeetle.com/coding/two-phase-transfers/
 * @module
 */
import type {
  Awaitable,
  BusinessId,
  CredentialStorage,
  Digest,
  PayoutUserRecord,
  Timestamp,
} from '@bursar/core/storage';
import type { AuditStorage } from './audit/record.js';
import type { Cents } from './cents.js';
import type { DeliveryStorage } from './delivery/record.js';
import type { DocumentStorage } from './document/record.js';
import type { EventStorage } from './event/record.js';
import type { UsageStorage } from './usage/record.js';
import type { WithdrawalChange, WithdrawalOpening, WithdrawalRecord, WithdrawalStorage } from './withdrawal/record.js';

export { chainAuditEntry } from './audit/chain.js';
export type * from './audit/record.js';
export type { Cents } from './cents.js';
export { closable } from './closable.js';
export { changedEndpoint } from './delivery/changed-endpoint.js';
export { type NeededSecret, neededSecrets } from './delivery/needed-secrets.js';
export type * from './delivery/record.js';
export { assertDocumentPage, assertDocumentRef, documentText } from './document/form.js';
export type * from './document/record.js';
export { eventsOf, type Happened } from './event/events-of.js';
export type * from './event/record.js';
export { decide } from './ledger/decide.js';
export { assertOneBusinessEach } from './ledger/one-business.js';
export { type LedgerRows, type LedgerWrites, type RowsNeeded, rowsNeeded, type WithdrawnSum } from './ledger/rows.js';
export { transferRecord } from './ledger/transfer-record.js';
export type * from './usage/record.js';
export type * from './withdrawal/record.js';

/** What an account stands for. Every business has one of each but the last; a payout user's has the user's id. */
export type AccountKind =
  /** The world outside: where money comes from and goes to. The only kind that may go negative. */
  | 'external'
  /** The business's own money. */
  | 'balance'
  /** What the business has set aside for payouts. */
  | 'payout_balance'
  /** Withdrawals: posted credits were sent, pending ones are on their way. */
  | 'paid_out'
  | 'fees'
  | 'payout_user';

/** Names an account. Ids are unique in their business. */
export interface AccountRef {
  readonly businessId: BusinessId;
  /** The account's kind, or, for a payout user's, the user's id. */
  readonly id: string;
}

/** What an account is opened with; it never changes. */
export interface AccountOpening extends AccountRef {
  readonly kind: AccountKind;
  /** ISO 4217, upper case. Both accounts of a transfer have the same one. */
  readonly currency: string;
  /** Refuses each transfer after which debits, pending ones included, would be more than credits. */
  readonly debitsMustNotExceedCredits: boolean;
}

/**
 * An account. Its balance is `creditsPosted - debitsPosted`; what may be spent of it, less `debitsPending`. Each of the
 * four sums is from 0 to 2^53 - 1.
 */
export interface AccountRecord extends AccountOpening {
  readonly debitsPosted: Cents;
  readonly debitsPending: Cents;
  readonly creditsPosted: Cents;
  readonly creditsPending: Cents;
  /** The number of applied transfers that name this account; the last one's place in its history. */
  readonly sequence: number;
  readonly createdAt: Timestamp;
}

/** Why money moves. */
export type TransferCode = 'deposit' | 'fund' | 'allocation' | 'withdrawal' | 'fee' | 'return' | 'reclaim';

/**
 * `single` moves money at once. `pending` reserves it; then one `post` moves it or one `void` gives it back, in full.
 * The pending transfer itself never changes.
 */
export type TransferPhase = 'single' | 'pending' | 'post' | 'void';

/** An order to move money. */
export interface Transfer {
  readonly businessId: BusinessId;
  /** Chosen by the caller; has one outcome for ever. 1 to 64 characters of `A-Za-z0-9_-`. */
  readonly id: string;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly amount: Cents;
  readonly code: TransferCode;
  readonly phase: TransferPhase;
  /** For `post` and `void`: the id of the pending transfer, whose accounts and amount are repeated here. Else `null`. */
  readonly pendingId: string | null;
  /** For `pending`: after how many seconds of storage's clock it can no longer be posted; `null` for never. */
  readonly timeoutSeconds: number | null;
  /** The caller's own words, for its books; at most 255 characters. */
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** Digest of the request that this transfer came from, for what the fields above do not tell. */
  readonly requestDigest: Digest;
}

/** Why a transfer was refused by the state of the ledger. The refusal is the id's outcome, for ever. */
export type TransferRefusal =
  | 'insufficient_funds'
  | 'debit_account_not_found'
  | 'credit_account_not_found'
  | 'currency_mismatch'
  /** A sum would pass 2^53 - 1. */
  | 'balance_overflow'
  /** The payout user whom the item names is closed. */
  | 'payout_user_closed'
  | 'pending_transfer_not_found'
  /** The named transfer is not a pending one, or has other accounts or another amount. */
  | 'pending_transfer_mismatch'
  | 'pending_transfer_already_posted'
  | 'pending_transfer_already_voided'
  | 'pending_transfer_expired'
  /** Another transfer of the same linked group was refused. */
  | 'linked_transfer_refused';

/** A transfer with its outcome. */
export interface TransferRecord extends Transfer {
  readonly outcome: 'applied' | TransferRefusal;
  /** Its place in the debit account's history, from 1; `null` where it was refused. */
  readonly debitSequence: number | null;
  readonly creditSequence: number | null;
  /** Storage's clock at the decision. */
  readonly createdAt: Timestamp;
}

/** What must hold when the item is decided. Where it does not, nothing is kept, not even a refusal. */
export interface LedgerConditions {
  /** The business's switch is on. */
  readonly payoutsEnabled?: boolean;
  /** This payout user is active, and has not expired by storage's clock. */
  readonly activePayoutUserId?: string;
  /** This payout user is closed: only then may what is left be taken back. */
  readonly closedPayoutUserId?: string;
  /** This payout user's account was opened at least so many seconds ago, by storage's clock. */
  readonly payoutUserAge?: { readonly payoutUserId: string; readonly seconds: number };
  /**
   * The payout user's withdrawals of the last so many seconds, the one that this item opens included, come to no more
   * than `amount`, without fees. Those that failed, were rejected or returned do not count.
   */
  readonly withdrawalLimit?: { readonly payoutUserId: string; readonly seconds: number; readonly amount: Cents };
}

/** The name of a condition that does not hold. */
export type FailedCondition =
  | 'payouts_enabled'
  | 'active_payout_user'
  | 'closed_payout_user'
  | 'payout_user_age'
  | 'withdrawal_limit'
  /** The withdrawal that the item changes has another version by now, or does not exist. */
  | 'withdrawal_changed';

/** One item of a batch: all of it happens or none. */
export interface LedgerItem {
  readonly businessId: BusinessId;
  readonly conditions: LedgerConditions;
  /** Sees to it that these exist, before the transfers; one that exists stays as it is. */
  readonly openAccounts: readonly AccountOpening[];
  /**
   * Sees to it that this payout user exists, by its business and normalised address. One that exists under the same id
   * stays as it is; one under another id stops the item with `payout_user_exists`.
   */
  readonly openPayoutUser: PayoutUserRecord | null;
  /** The payout user whose account the transfers credit, if any: a closed one refuses them. */
  readonly creditPayoutUserId: string | null;
  /**
   * One transfer, or a linked group: 1 to 8, all of this business, with different ids, in order. An item that changes a
   * withdrawal may have none: then it moves no money.
   */
  readonly transfers: readonly Transfer[];
  /**
   * Opens a withdrawal, in the same step as the transfers. The first one reserves its amount: pending, without a time-out,
   * to `paid_out`; the second one its fee, where there is one. Not together with a change.
   */
  readonly openWithdrawal?: WithdrawalOpening | undefined;
  /** Changes a withdrawal, in the same step as the transfers: all happens or none. */
  readonly changeWithdrawal?: WithdrawalChange | undefined;
  /** Writes the events of what the item does, in the same step. @default false */
  readonly recordEvents?: boolean | undefined;
}

/** What became of an item. `transfers` are in the order of the item's. */
export type LedgerOutcome =
  /** Applied now. `withdrawal` is the one that the item opened or changed, as it stands. */
  | {
      readonly status: 'applied';
      readonly transfers: readonly TransferRecord[];
      readonly withdrawal?: WithdrawalRecord | undefined;
    }
  /** Refused now by the state of the ledger, and kept as that. `reason` is the first refused transfer's. */
  | { readonly status: 'refused'; readonly reason: TransferRefusal; readonly transfers: readonly TransferRecord[] }
  /** Every id was known with the same content: the first outcome again, applied or refused. Nothing changed. */
  | { readonly status: 'exists'; readonly transfers: readonly TransferRecord[] }
  /** An id was known with other content, or some ids of a group were known and others not. Nothing changed. */
  | { readonly status: 'conflict'; readonly transferId: string }
  /** A condition does not hold. Nothing was kept: the same ids may be sent again later. */
  | { readonly status: 'condition_failed'; readonly condition: FailedCondition }
  /** The address belongs to a user with another id. Nothing was kept: send the item again with that id. */
  | { readonly status: 'payout_user_exists'; readonly payoutUserId: string };

/** Names a transfer. */
export interface TransferRef {
  readonly businessId: BusinessId;
  readonly id: string;
}

/** One page of an account's history, newest first. */
export interface HistoryRequest extends AccountRef {
  /** Only what stands before this place in the account's history; `null` for the newest. */
  readonly before: number | null;
  /** At most this many transfers; from 1 to 1,000. */
  readonly limit: number;
}

/**
 * Keeps accounts and transfers.
 *
 * Promises: an answered batch is durable; an id has one outcome for ever, refusals included; no reader ever sees money
 * made or lost; no account that may not be overdrawn is, whoever runs at the same time, in however many processes.
 */
export interface LedgerStorage {
  /**
   * Hot path. Decides each item in the order of the array and answers in that order; an item does not fail its
   * neighbours. Two batches that touch the same rows happen one after the other, and so do two processes. Of two items
   * with the same ids, in one batch or two, the first decides and the second gets its outcome.
   *
   * @throws where nothing of the batch was applied, or where that is not known; sending the same items again is safe. What
   * is thrown with `retryable: true` (a lost connection, say) has them sent again, up to three times.
   */
  applyTransfers(items: readonly LedgerItem[]): Awaitable<readonly LedgerOutcome[]>;
  /** Hot path. One consistent view of all that are asked for in a call. */
  findAccounts(refs: readonly AccountRef[]): Awaitable<readonly (AccountRecord | undefined)[]>;
  /** The outcomes of transfers: how an answer that was lost is found again. */
  findTransfers(refs: readonly TransferRef[]): Awaitable<readonly (TransferRecord | undefined)[]>;
  /** Applied transfers that name the account, by falling sequence: a page is never changed by what lands later. */
  listTransfers(request: HistoryRequest): Awaitable<readonly TransferRecord[]>;
  /**
   * Pending transfers that can no longer be posted by storage's clock and have no resolution yet, of all businesses, the
   * longest expired first. `limit` from 1 to 1,000.
   */
  listExpiredTransfers(limit: number): Awaitable<readonly TransferRecord[]>;
  /** All accounts of all businesses, by business and id: for checking the books. `after` is the last one seen. */
  listAccounts(after: AccountRef | null, limit: number): Awaitable<readonly AccountRecord[]>;
}

/** All that Bursar keeps: what a storage adapter makes. */
export interface BursarStorage
  extends CredentialStorage,
    LedgerStorage,
    WithdrawalStorage,
    EventStorage,
    DeliveryStorage,
    AuditStorage,
    UsageStorage,
    DocumentStorage {
  /** Ends the storage's own resources. What the caller handed over (a database, a pool) stays the caller's. */
  close(): Awaitable<void>;
}
