/**
 * What happened, as a business's own server is told of it. An event is written in the same atomic step as what it tells
 * of, by `applyTransfers`; {@link decide} says which ones.
 *
 * @module
 */
import type { Awaitable, BusinessId, Timestamp } from '@bursar/core/storage';

/** The name of an event. `withdrawal.*` follow a withdrawal's status, and are written where the status changes. */
export type EventType =
  | 'payout_user.created'
  | 'payout_user.funded'
  | 'withdrawal.created'
  | 'withdrawal.processing'
  | 'withdrawal.succeeded'
  | 'withdrawal.failed'
  | 'withdrawal.rejected'
  | 'withdrawal.returned';

/** One thing that happened. What it says follows from the rows that it names, which never change. */
export interface EventRecord {
  readonly businessId: BusinessId;
  /** Follows from what it tells of: at most 128 characters of `A-Za-z0-9_-`. */
  readonly id: string;
  readonly type: EventType;
  /** The payout user, or the withdrawal. Events of one subject are told in order. */
  readonly subjectId: string;
  /** Its order among the events of its subject: for a withdrawal its version, for a payout user the account's sequence. */
  readonly place: number;
  /** The transfer that moved the money, for `payout_user.funded`; else `null`. */
  readonly transferId: string | null;
  /** Storage's clock, when it was written. */
  readonly createdAt: Timestamp;
}

/** Names an event. */
export interface EventRef {
  readonly businessId: BusinessId;
  readonly id: string;
}

/** One page of a business's events, the newest first. */
export interface EventListRequest {
  readonly businessId: BusinessId;
  /** The last event of the page before; `null` for the newest. */
  readonly before: { readonly createdAt: Timestamp; readonly id: string } | null;
  /** From 1 to 1,000. */
  readonly limit: number;
}

/** Reads events. They are written by `applyTransfers` alone, for items that say `recordEvents`. */
export interface EventStorage {
  findEvents(refs: readonly EventRef[]): Awaitable<readonly (EventRecord | undefined)[]>;
  /** By falling `createdAt`, then falling id. */
  listEvents(request: EventListRequest): Awaitable<readonly EventRecord[]>;
  /** Events of all businesses that `dispatchEvents` has not seen yet: the oldest first, those of a subject by place. `limit` from 1 to 1,000. */
  listUndispatchedEvents(limit: number): Awaitable<readonly EventRecord[]>;
}
