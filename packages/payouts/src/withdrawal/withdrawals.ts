import type { BusinessId } from '@bursar/core/storage';
import type { Page } from '../cursor.js';
import { businessOf, type PayoutsContext } from '../options.js';
import type { Outcome } from '../outcome.js';
import { checkWithdrawal } from './check.js';
import {
  type ListWithdrawalsOptions,
  listWithdrawals,
  showWithdrawal,
  showWithHistory,
  type WithdrawalWithHistory,
} from './find.js';
import { type ForgetOptions, forgetDestinations } from './forget.js';
import type { ProviderWebhook } from './method.js';
import { type DecisionOptions, decideWithdrawal } from './settle.js';
import type { Withdrawal } from './view.js';
import { takeWebhook, type WebhookOutcome } from './webhook.js';
import { withdraw } from './withdraw.js';
import type { RunningWorker, Worker, WorkerOptions } from './worker.js';

/** What a withdrawal is asked with. */
export interface WithdrawOptions {
  readonly businessId: string;
  readonly payoutUserId: string;
  /** The id of a payout method. */
  readonly method: string;
  /** What the recipient gets: an integer of the smallest unit, within the method's bounds. The fee comes on top. */
  readonly amount: number;
  /** What the method's schema asks for. */
  readonly destination: Readonly<Record<string, unknown>>;
  /** Makes it safe to ask twice; see {@link MoneyOptions}. @default none: each call reserves money */
  readonly idempotencyKey?: string | undefined;
}

/** Names a withdrawal. */
export interface WithdrawalNamed {
  readonly businessId: string;
  readonly id: string;
}

/** Withdrawals: from the reservation to what became of them. An unknown id is `null`. */
export interface Withdrawals {
  /** Reserves the money, and has it sent by the worker. */
  withdraw(options: WithdrawOptions): Promise<Outcome<Withdrawal>>;
  find(options: WithdrawalNamed): Promise<Withdrawal | null>;
  /** With every version that it has had: who did what, when, and why. */
  history(options: WithdrawalNamed): Promise<WithdrawalWithHistory | null>;
  list(options: ListWithdrawalsOptions & { readonly businessId: string }): Promise<Outcome<Page<Withdrawal>>>;
  /** Lets one that is in review go. */
  approve(options: DecisionOptions): Promise<Outcome<Withdrawal> | null>;
  /** Gives the money of one that is in review back. */
  refuse(options: DecisionOptions): Promise<Outcome<Withdrawal> | null>;
  /** An operator has made sure that it was sent. */
  settle(options: DecisionOptions): Promise<Outcome<Withdrawal> | null>;
  /** An operator has made sure that it was not sent, and never will be: the money goes back. */
  fail(options: DecisionOptions): Promise<Outcome<Withdrawal> | null>;
  /** The money came back after it had been sent. */
  return(options: DecisionOptions): Promise<Outcome<Withdrawal> | null>;
  /** Asks the provider now what became of one. */
  check(options: WithdrawalNamed): Promise<Outcome<Withdrawal> | null>;
  /** Takes a webhook of a method's provider: its raw body, and its headers by lower-case name. */
  webhook(methodId: string, webhook: ProviderWebhook): Promise<WebhookOutcome>;
  /** Forgets where the money of withdrawals went that are over; the worker does it too. Answers how many it was. */
  forgetDestinations(options?: ForgetOptions): Promise<number>;
  /** One round of work, for a job of the team's own, or a test: takes what is due now, and answers how many that were. */
  runDue(): Promise<number>;
  /** Works from now on: at start on what an earlier process left, then on each new withdrawal, and at intervals. */
  start(options?: WorkerOptions): RunningWorker;
  /** Stops the worker, if it runs; resolves when all that came of its work is stored. */
  stop(): Promise<void>;
}

/** Makes {@link Withdrawals}. */
export function withdrawalsOf(context: PayoutsContext, worker: Worker): Withdrawals {
  return {
    async withdraw({ businessId, payoutUserId, idempotencyKey, ...fields }) {
      return withdraw(context, await businessOf(context, businessId), payoutUserId, fields, idempotencyKey);
    },
    find: (named) => showWithdrawal(context, refOf(named)),
    history: (named) => showWithHistory(context, refOf(named)),
    async list({ businessId, ...options }) {
      return listWithdrawals(context, await businessOf(context, businessId), options);
    },
    approve: (options) => decideWithdrawal(context, 'approve', options),
    refuse: (options) => decideWithdrawal(context, 'refuse', options),
    settle: (options) => decideWithdrawal(context, 'settle', options),
    fail: (options) => decideWithdrawal(context, 'fail', options),
    return: (options) => decideWithdrawal(context, 'return', options),
    check: (named) => checkWithdrawal(context, refOf(named)),
    forgetDestinations: (options) => forgetDestinations(context, options),
    webhook: (methodId, webhook) => takeWebhook(context, methodId, webhook),
    ...worker,
  };
}

function refOf({ businessId, id }: WithdrawalNamed) {
  return { businessId: businessId as BusinessId, id };
}
