import { type BursarError, notFound } from '@bursar/core';
import type { Outcome } from '../outcome.js';

/** What to answer a request with. */
export interface ApiAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent as JSON; `undefined` for no body. */
  readonly body: unknown;
}

// Answers name people and balances, and some hold a payout hash; a hash may also have stood in the URL.
// Frozen: all answers share it.
const PRIVATE = Object.freeze({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });

/** An answer of success; `replayed` tells that it is an earlier one again. */
export function answer(body: unknown, replayed = false): ApiAnswer {
  return { status: 200, headers: replayed ? { ...PRIVATE, ...REPLAYED } : PRIVATE, body };
}

/** The answer that refuses. */
export function refusalAnswer(error: BursarError, replayed = false): ApiAnswer {
  const headers = { ...PRIVATE, ...error.headers };
  return { status: error.status, headers: replayed ? { ...headers, ...REPLAYED } : headers, body: error.body };
}

const REPLAYED = { 'idempotency-replayed': 'true' };

/** The answer to an operation; `null` is an unknown id. */
export function answerOf<Value>(outcome: Outcome<Value> | null, json: (value: Value) => unknown): ApiAnswer {
  if (outcome === null) return refusalAnswer(notFound());
  return outcome.ok ? answer(json(outcome.value), outcome.replayed) : refusalAnswer(outcome.error, outcome.replayed);
}
