import type { AuthOptions, LimiterVerdict } from '@bursar/core';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { addressName } from './address-name.js';
import { boundedNames } from './bounded-names.js';

/** So many requests in so many seconds. */
export interface RateLimit {
  /** A whole number from 1. */
  readonly requests: number;
  /** A whole number from 1 to 86,400. The time begins with the first request. */
  readonly seconds: number;
}

/** Counts by name: a limiter of `rate-limiter-flexible`, in whichever store, with this limit's points and duration. */
export interface RateLimitCounter {
  consume(name: string): Promise<RateLimiterRes>;
  get(name: string): Promise<RateLimiterRes | null>;
}

/** Limits of requests. */
export interface RateLimitOptions {
  /** For one API key. @default 600 in 60 seconds */
  readonly apiKey?: RateLimit | false | undefined;
  /** For one payout hash. @default 120 in 60 seconds */
  readonly payoutHash?: RateLimit | false | undefined;
  /**
   * For credentials from one address that were refused; whoever has more of them is not let in from there, whatever the
   * credential. An IPv6 address counts with its /64. Needs `clientAddress` of `createAuth`. @default 60 in 60 seconds
   */
  readonly refused?: RateLimit | false | undefined;
  /**
   * Makes what counts, for a limit that many processes share: for example a `RateLimiterRedis`. One that fails makes the
   * request fail with 503; its `insuranceLimiter` can stand in. @default in this process's memory
   */
  readonly counter?: ((name: string, limit: RateLimit) => RateLimitCounter) | undefined;
  /** The clock, in milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** What {@link rateLimits} makes: two options of `createAuth`. */
export interface RateLimits {
  readonly limiter: NonNullable<AuthOptions['limiter']>;
  readonly onSecurityEvent: NonNullable<AuthOptions['onSecurityEvent']>;
}

const DEFAULTS = {
  apiKey: { requests: 600, seconds: 60 },
  payoutHash: { requests: 120, seconds: 60 },
  refused: { requests: 60, seconds: 60 },
} as const satisfies Record<string, RateLimit>;

/**
 * Limits requests by API key, by payout hash, and, for credentials that were refused, by address. A request that is
 * refused by a limit gets 429 with `Retry-After`; each one that was counted says how much is left, in the `RateLimit`
 * headers.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 * @throws {TypeError} which names the limit and the rule: at start-up.
 * @example
 * createAuth({ storage, secret, clientAddress, ...rateLimits({ apiKey: { requests: 1000, seconds: 60 } }) });
 */
export function rateLimits(options: RateLimitOptions = {}): RateLimits {
  const byKind = { api_key: limitOf('apiKey', options), payout_hash: limitOf('payoutHash', options) };
  const refused = limitOf('refused', options);

  return {
    async limiter({ kind, digest, address }) {
      const blocked = refused && address !== null ? await refused.look(addressName(address)) : ALLOWED;
      if (!blocked.ok) return blocked;
      const limit = byKind[kind];
      return limit && digest !== null ? limit.count(digest) : ALLOWED;
    },
    async onSecurityEvent(event) {
      if (event.type === 'credential_refused' && event.address !== null)
        await refused?.count(addressName(event.address));
    },
  };
}

const ALLOWED = Object.freeze({ ok: true } as const);

interface Limit {
  /** Counts one more. */
  count(name: string): Promise<LimiterVerdict>;
  /** Tells whether one more would be too many. */
  look(name: string): Promise<LimiterVerdict>;
}

function limitOf(name: 'apiKey' | 'payoutHash' | 'refused', options: RateLimitOptions): Limit | undefined {
  const limit = options[name] ?? DEFAULTS[name];
  if (limit === false) return undefined;
  const { requests, seconds } = limit;
  if (!isWhole(requests, 1_000_000_000)) throw new TypeError(`${name}.requests must be a whole number from 1`);
  if (!isWhole(seconds, 86_400)) throw new TypeError(`${name}.seconds must be a whole number from 1 to 86400`);
  const counter = options.counter?.(name, limit) ?? new RateLimiterMemory({ points: requests, duration: seconds });
  const bounded = boundedNames(seconds, options.now ?? Date.now);
  const headers = (left: RateLimiterRes): Readonly<Record<string, string>> => ({
    'ratelimit-policy': `"${name}";q=${requests};w=${seconds}`,
    ratelimit: `"${name}";r=${Math.max(0, left.remainingPoints)};t=${secondsOf(left)}`,
  });
  return {
    async count(full) {
      const result = await consumed(counter, bounded(full));
      if (result.consumedPoints <= requests) return { ok: true, headers: headers(result) };
      return { ok: false, retryAfter: secondsOf(result), headers: headers(result) };
    },
    async look(full) {
      const result = await counter.get(bounded(full));
      if (result === null || result.consumedPoints < requests || result.msBeforeNext <= 0) return ALLOWED;
      return { ok: false, retryAfter: secondsOf(result), headers: headers(result) };
    },
  };
}

// The library rejects with the same object that it otherwise resolves with; anything else is a fault of its store.
async function consumed(counter: RateLimitCounter, name: string): Promise<RateLimiterRes> {
  try {
    return await counter.consume(name);
  } catch (result) {
    if (result instanceof RateLimiterRes) return result;
    throw result;
  }
}

function secondsOf({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
