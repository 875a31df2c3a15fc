import { cents } from '../cents.js';
import type { LedgerItem, Transfer } from '../storage.js';
import type { WithdrawalChange, WithdrawalOpening, WithdrawalState } from '../withdrawal/record.js';

const MAX_REFERENCE = 255;
const MAX_EXPORT_ID = 64;
const MAX_REASON = 500;
// Thirty years: a time that far away is a mistake, and past 2^53 ms it could not be kept.
const MAX_DUE_SECONDS = 1_000_000_000;

/**
 * The part of `assertForm` that is about withdrawals: above all, that what a withdrawal says of its money is what its
 * transfers reserve.
 *
 * @throws {RangeError} for an amount that is not an integer from 0 to 2^53 - 1.
 * @throws {TypeError} for anything else, by name.
 */
export function assertWithdrawals({ businessId, transfers, openWithdrawal, changeWithdrawal }: LedgerItem): void {
  if (openWithdrawal !== undefined && changeWithdrawal !== undefined) {
    throw new TypeError('an item must open or change a withdrawal, not both');
  }
  if (openWithdrawal !== undefined) {
    if (openWithdrawal.businessId !== businessId) throw new TypeError('all of an item must be of the same business');
    assertOpening(openWithdrawal, transfers);
  }
  if (changeWithdrawal !== undefined) assertChange(changeWithdrawal);
}

function assertOpening(opening: WithdrawalOpening, [first, second]: readonly Transfer[]): void {
  const { id, amount, fee, payoutUserId } = opening;
  if (first?.id !== id) throw new TypeError('a withdrawal must have the id of the first transfer of its item');
  cents(fee);
  if (!reserves(first, payoutUserId, amount) || first.creditAccountId !== 'paid_out') {
    throw new TypeError(`transfer ${id} must reserve the amount of its withdrawal to paid_out, without a time-out`);
  }
  if (fee > 0 && !(second !== undefined && reserves(second, payoutUserId, fee))) {
    throw new TypeError(`the second transfer of withdrawal ${id} must reserve its fee, without a time-out`);
  }
  if (opening.status !== 'review' && opening.status !== 'queued') {
    throw new TypeError(`withdrawal ${id} must be opened in review or queued`);
  }
  for (const text of [opening.method, opening.currency, opening.destination, opening.destinationHint])
    assertText(id, text, Number.POSITIVE_INFINITY);
  assertState(id, opening, opening.dueInSeconds);
}

function reserves({ phase, debitAccountId, amount, timeoutSeconds }: Transfer, from: string, sum: number): boolean {
  return phase === 'pending' && debitAccountId === from && amount === sum && timeoutSeconds === null;
}

function assertChange(change: WithdrawalChange): void {
  if (typeof change.id !== 'string' || change.id === '') {
    throw new TypeError('a change must name its withdrawal');
  }
  if (!isCount(change.expectedVersion)) {
    throw new TypeError(`expectedVersion of withdrawal ${change.id} must be an integer, 0 or more`);
  }
  assertState(change.id, change, change.dueInSeconds);
}

function assertState(id: string, state: WithdrawalState, dueInSeconds: number | null): void {
  if (!isCount(state.attempts)) throw new TypeError(`attempts of withdrawal ${id} must be an integer, 0 or more`);
  if (dueInSeconds !== null && !(isCount(dueInSeconds) && dueInSeconds <= MAX_DUE_SECONDS)) {
    throw new TypeError(`dueInSeconds of withdrawal ${id} must be an integer from 0 to ${MAX_DUE_SECONDS}, or null`);
  }
  if (state.actor === '') throw new TypeError(`a change of withdrawal ${id} must say who made it`);
  assertText(id, state.actor, MAX_REFERENCE);
  assertText(id, state.providerReference ?? '', MAX_REFERENCE);
  assertText(id, state.exportId ?? '', MAX_EXPORT_ID);
  assertText(id, state.reason ?? '', MAX_REASON);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

// PostgreSQL cannot keep a NUL, and in UTF-8 any two lone surrogates are the same.
function assertText(id: string, text: unknown, longest: number): void {
  if (typeof text !== 'string' || text.length > longest || text.includes('\0') || /\p{Cs}/u.test(text)) {
    throw new TypeError(
      `a text of withdrawal ${id} must be at most ${longest} characters, without NUL and lone surrogates`,
    );
  }
}
