/**
 * What the dashboard's own routes answer.
 *
 * @module
 */
import { type BursarError, notFound } from '@bursar/core';
import type { Outcome } from '@bursar/payouts';
import { type ApiAnswer, refusalAnswer } from '@bursar/payouts/http';

// Answers name people, balances and, once, a credential.
const PRIVATE = Object.freeze({ 'cache-control': 'no-store' });

/** A success. */
export function answer(body: unknown, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return { status: 200, headers: { ...PRIVATE, ...headers }, body };
}

/** A refusal in words, for the person in front of the page. */
export function refused(status: 401 | 403 | 409, error: string, message: string): ApiAnswer {
  return { status, headers: PRIVATE, body: { error, message } };
}

/** What an operation has answered; `null` is an unknown id. */
export function answerOf<Value>(outcome: Outcome<Value> | null, json: (value: Value) => unknown): ApiAnswer {
  if (outcome === null) return refusalAnswer(notFound());
  return outcome.ok ? answer(json(outcome.value)) : refusalAnswer(outcome.error as BursarError);
}

/** A time as clients see it. */
export function time(at: number): string {
  // ECMA-262, section 21.4.1.1: no Date is later.
  return new Date(Math.min(at, 8.64e15)).toISOString();
}

/** The same; `null` stays. */
export function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at);
}
