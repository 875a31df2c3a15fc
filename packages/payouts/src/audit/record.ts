/**
 * The audit log: who did what, when, from where, with what outcome. Each entry holds the hash of the one before, so that
 * one that was changed or removed is found.
 *
 * @module
 */
import type { Awaitable, BusinessId, Digest, Timestamp } from '@bursar/core/storage';

/** Who did it. */
export type ActorType = 'api_key' | 'payout_user' | 'operator' | 'system';

/** What is to be written. Holds no credential. */
export interface AuditEntry {
  readonly businessId: BusinessId;
  /** Chosen by the caller; an entry sent again under the same id is kept once. */
  readonly id: string;
  readonly actorType: ActorType;
  /** The id of the API key, the payout user, or the operator's name; at most 255 characters. */
  readonly actorId: string;
  /** What was done, for example `payout.create`; at most 64 characters. */
  readonly action: string;
  /** What it was done to: an id; at most 255 characters. */
  readonly target: string | null;
  /** The client's address, in the host's own words; at most 255 characters. */
  readonly address: string | null;
  readonly requestId: string | null;
  /** `ok`, or the code of the refusal; at most 64 characters. */
  readonly outcome: string;
  /** More about it, for people: an amount, a reason. */
  readonly details: Readonly<Record<string, string>> | null;
}

/** An entry in its place. */
export interface AuditRecord extends AuditEntry {
  /** Its place in the business's log, from 1, without a gap. */
  readonly sequence: number;
  /** Storage's clock. Never before that of the entry before it. */
  readonly createdAt: Timestamp;
  /** The `hash` of the entry before; 64 zeros for the first. */
  readonly previousHash: Digest;
  /** Of all the rest: see {@link chainAuditEntry}. */
  readonly hash: Digest;
}

/** One page of a business's log. */
export interface AuditListRequest {
  readonly businessId: BusinessId;
  /** `ascending` from `from` on; `descending` from `from` down. */
  readonly order: 'ascending' | 'descending';
  /** The first sequence of the page; `null` for the oldest, or the newest. */
  readonly from: number | null;
  /** From 1 to 1,000. */
  readonly limit: number;
}

/** Keeps the audit log. Entries are only ever added. */
export interface AuditStorage {
  /**
   * Adds the entries, in the order of the array, each by {@link chainAuditEntry} to the last one of its business. Two
   * callers at the same time add one after the other. An entry whose id is known stays as it is, and is answered as kept.
   */
  appendAudit(entries: readonly AuditEntry[]): Awaitable<readonly AuditRecord[]>;
  listAudit(request: AuditListRequest): Awaitable<readonly AuditRecord[]>;
}
