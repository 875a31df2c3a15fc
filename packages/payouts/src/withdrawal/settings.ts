import { type Cents, cents } from '../cents.js';
import type { Schedule } from '../schedule.js';
import type { Destination } from './seal.js';

/** How much a payout user may withdraw in a time. */
export interface WithdrawalLimit {
  /** The time, counted back from now by storage's clock: a day is 86,400. */
  readonly seconds: number;
  /** In the smallest unit, without fees. Withdrawals that failed, were rejected or returned do not count. */
  readonly amount: number;
}

/** What a payout user must keep to. Checked in the same atomic step as the reservation. */
export interface WithdrawalRules {
  /** `null` for none. */
  readonly limit?: WithdrawalLimit | null | undefined;
  /** How old the payout user's account must be, in seconds; 0 for any age. */
  readonly holdSeconds?: number | undefined;
}

/** A withdrawal as the review hook sees it, before anything is reserved. */
export interface ReviewedWithdrawal {
  readonly businessId: string;
  readonly payoutUserId: string;
  readonly method: string;
  readonly amount: Cents;
  readonly fee: Cents;
  readonly currency: string;
  /** In clear. */
  readonly destination: Destination;
}

/** What the review hook decides: to pay, to wait for the business's approval, or not at all. */
export type ReviewDecision = 'allow' | 'review' | 'refuse';

/** A decision with the words for it. */
export interface ReviewVerdict {
  readonly decision: ReviewDecision;
  /** For `review`, kept with the withdrawal; for `refuse`, what the payout user is told. */
  readonly reason?: string | undefined;
  /** For `refuse`: the field that is to blame. @default 'amount' */
  readonly field?: 'amount' | 'destination' | undefined;
}

/** Set-up of withdrawals. */
export interface WithdrawalOptions extends WithdrawalRules {
  /** Rules of one business, in place of those above; what it leaves out stays. @default the same for all */
  readonly rulesOf?: ((businessId: string) => WithdrawalRules | Promise<WithdrawalRules>) | undefined;
  /** Asked about each new withdrawal, once: not again for a request that is repeated with its key. @default allows all */
  readonly review?:
    | ((
        withdrawal: ReviewedWithdrawal,
      ) => ReviewDecision | ReviewVerdict | Promise<ReviewDecision> | Promise<ReviewVerdict>)
    | undefined;
  /** How many withdrawals this process sends at the same time. @default 8 */
  readonly concurrency?: number | undefined;
  /**
   * How long after the last change of a withdrawal that is over the worker forgets its destination, in seconds; the masked
   * hint stays. An export that it was part of cannot be made again then. `null` to keep it.
   *
   * @default null
   */
  readonly destinationRetentionSeconds?: number | null | undefined;
  /** Chance, from 0 to below 1, for back-off. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Runs something later. @default the runtime's timers */
  readonly schedule?: Schedule | undefined;
}

/** The rules of one business, with all defaults. */
export interface CheckedRules {
  readonly limit: { readonly seconds: number; readonly amount: Cents } | null;
  readonly holdSeconds: number;
}

/** The set-up of withdrawals, checked. */
export interface WithdrawalSettings {
  readonly review: WithdrawalOptions['review'];
  readonly concurrency: number;
  readonly destinationRetentionSeconds: number | null;
  /** @throws {TypeError} where the team's own function gives rules that are none. */
  rulesOf(businessId: string): Promise<CheckedRules>;
}

const MAX_SECONDS = 1_000_000_000;

/** Checks the options, once, at start-up. @throws {TypeError} which names the option and the rule. */
export function withdrawalSettings(options: WithdrawalOptions = {}): WithdrawalSettings {
  if (options === null) throw new TypeError('withdrawals must be an object');
  const { review, rulesOf, concurrency = 8, destinationRetentionSeconds = null } = options;
  for (const name of ['review', 'rulesOf', 'random', 'schedule'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function') {
      throw new TypeError(`withdrawals.${name} must be a function`);
    }
  }
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1000) {
    throw new TypeError('withdrawals.concurrency must be an integer from 1 to 1000');
  }
  const general = checkRules(options, { limit: null, holdSeconds: 0 });
  return {
    review,
    concurrency,
    destinationRetentionSeconds: checkRetention(destinationRetentionSeconds, 'withdrawals.destinationRetentionSeconds'),
    rulesOf: async (businessId) => (rulesOf === undefined ? general : checkRules(await rulesOf(businessId), general)),
  };
}

/** @throws {TypeError} which names the option and the rule. */
export function checkRetention(seconds: number | null, name: string): number | null {
  if (seconds === null || isSeconds(seconds, 0)) return seconds;
  throw new TypeError(`${name} must be an integer from 0 to ${MAX_SECONDS}`);
}

function checkRules({ limit, holdSeconds }: WithdrawalRules, general: CheckedRules): CheckedRules {
  if (holdSeconds !== undefined && !isSeconds(holdSeconds, 0)) {
    throw new TypeError(`withdrawals.holdSeconds must be an integer from 0 to ${MAX_SECONDS}`);
  }
  if (limit !== undefined && limit !== null && !isSeconds(limit.seconds, 1)) {
    throw new TypeError(`withdrawals.limit.seconds must be an integer from 1 to ${MAX_SECONDS}`);
  }
  return {
    limit: limit === undefined ? general.limit : limit && { seconds: limit.seconds, amount: limitAmount(limit.amount) },
    holdSeconds: holdSeconds ?? general.holdSeconds,
  };
}

function limitAmount(amount: number): Cents {
  try {
    return cents(amount);
  } catch {
    throw new TypeError('withdrawals.limit.amount must be an integer of the smallest unit');
  }
}

function isSeconds(value: number, from: number): boolean {
  return Number.isInteger(value) && value >= from && value <= MAX_SECONDS;
}
