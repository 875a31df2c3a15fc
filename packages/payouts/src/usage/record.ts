/**
 * How much a business's credentials were used: counts, by day.
 *
 * @module
 */
import type { Awaitable, BusinessId } from '@bursar/core/storage';

/** What is counted apart. */
export interface UsageKey {
  readonly businessId: BusinessId;
  /** The UTC day, as `2026-11-24`. */
  readonly day: string;
  /** The id of the API key, or `payout_hash` for those of payout users. */
  readonly credential: string;
  /** The route, as the table of routes names it: `POST /payout/create`. */
  readonly route: string;
  /** The status that was answered. */
  readonly status: number;
}

/** A count of requests. */
export interface UsageRecord extends UsageKey {
  /** From 1 to 2^53 - 1. */
  readonly requests: number;
}

/** The requests of a credential on a day, whatever they asked for. */
export interface UsageSum extends Pick<UsageKey, 'businessId' | 'day' | 'credential'> {
  /** Exact up to 2^53 - 1. */
  readonly requests: number;
  /** How many of them were answered with a status of 400 or more. */
  readonly refused: number;
}

/** Keeps counts. */
export interface UsageStorage {
  /**
   * Adds to each count, all of them or none.
   *
   * @throws where a count, or what it comes to, is not an integer from 1 to 2^53 - 1.
   */
  addUsage(counts: readonly UsageRecord[]): Awaitable<void>;
  /** From `fromDay` to `toDay`, both included, by day, credential, route and status. */
  listUsage(businessId: BusinessId, fromDay: string, toDay: string): Awaitable<readonly UsageRecord[]>;
  /** The counts from `fromDay` to `toDay`, both included, added up for each day and credential, in this order. */
  sumUsage(businessId: BusinessId, fromDay: string, toDay: string): Awaitable<readonly UsageSum[]>;
}
