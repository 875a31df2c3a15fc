import { type Auth, type AuthOptions, createAuth } from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import { type Caller, SYSTEM } from './audit/caller.js';
import { type AuditLog, auditLog } from './audit/log.js';
import type { Answered, Asked } from './http/watch.js';
import type { LedgerOptions } from './ledger/queue.js';
import { type Ledger, ledgerOn } from './ledger/transfer.js';
import { type Schedule, timers } from './schedule.js';
import type { BursarStorage } from './storage.js';
import type { PayoutMethod } from './withdrawal/method.js';
import { checkMethods, type Methods } from './withdrawal/methods.js';
import { type Seal, type SealPurpose, sealOf } from './withdrawal/seal.js';
import { type WithdrawalOptions, type WithdrawalSettings, withdrawalSettings } from './withdrawal/settings.js';
import { type Wake, wakeUp } from './withdrawal/wake.js';

/** Set-up of payouts: that of authentication, on a storage that keeps a ledger too. */
export interface PayoutsOptions extends AuthOptions {
  readonly storage: BursarStorage;
  /** How money leaves. @default none: nothing can be withdrawn */
  readonly methods?: readonly PayoutMethod[] | undefined;
  /** Limits, review, and how withdrawals are worked on. */
  readonly withdrawals?: WithdrawalOptions | undefined;
  /** Writes an event of what happens to a payout user and a withdrawal, for webhooks. @default false */
  readonly events?: boolean | undefined;
  /** Writes who did what, when, from where, with what outcome, for all that changes something. @default false */
  readonly audit?: boolean | undefined;
  /** Told of each answer of the API, for counts, metrics and logs. Not waited for. @default nobody */
  readonly onAnswer?: ((answered: Answered) => unknown) | undefined;
  /**
   * Called around each request to the API, for traces: calls `run` in a context of its own, which then holds for all that is
   * done for the request. It can neither change the answer nor prevent it. @default nobody
   */
  readonly aroundRequest?: ((asked: Asked, run: () => Promise<Answered>) => unknown) | undefined;
  /** Measures how long answers take. @default the runtime's */
  readonly performance?: Stopwatch | undefined;
  /** Bounds of the queue in front of storage. */
  readonly ledger?: Pick<LedgerOptions, 'maxQueue' | 'deadlineMs'> | undefined;
}

/** A clock that never goes back, in milliseconds. */
export interface Stopwatch {
  now(): number;
}

/** Who watches the API. */
export interface Watch extends Pick<PayoutsOptions, 'onAnswer' | 'aroundRequest'> {
  readonly performance: Stopwatch;
}

/** The set-up as the parts of payouts share it. */
export interface PayoutsContext {
  readonly auth: Auth;
  readonly storage: BursarStorage;
  readonly ledger: Ledger;
  /** Whether events are written. */
  readonly events: boolean;
  readonly methods: Methods;
  readonly withdrawals: WithdrawalSettings;
  /** Of destinations. */
  readonly seal: Seal;
  /** Makes a seal for another purpose, under keys of its own. */
  readonly sealFor: (purpose: SealPurpose) => Seal;
  readonly wake: Wake;
  readonly random: () => number;
  readonly schedule: Schedule;
  /** Who asks: see {@link Payouts.as}. */
  readonly caller: Caller;
  /** Where what changes something is written; `undefined` for nowhere. */
  readonly audit: AuditLog | undefined;
  readonly watch: Watch;
}

/** Checks the options, once, at start-up. @throws {TypeError} which names the option and the rule. */
export function payoutsContext(options: PayoutsOptions): PayoutsContext {
  const auth = createAuth(options);
  const { storage } = options;
  if (typeof storage.applyTransfers !== 'function') throw new TypeError('storage must be one that keeps a ledger too');
  for (const [name, from] of [
    ['maxQueue', 0],
    ['deadlineMs', 1],
  ] as const) {
    const bound = options.ledger?.[name];
    if (bound !== undefined && !(Number.isInteger(bound) && bound >= from)) {
      throw new TypeError(`ledger.${name} must be an integer from ${from}`);
    }
  }
  if (options.audit === true && typeof storage.appendAudit !== 'function') {
    throw new TypeError('storage must be one that keeps an audit log, for audit: true');
  }
  for (const name of ['onAnswer', 'aroundRequest'] as const) {
    const hook: unknown = options[name];
    if (hook !== undefined && typeof hook !== 'function') throw new TypeError(`${name} must be a function`);
  }
  const withdrawals = withdrawalSettings(options.withdrawals);
  const { random = Math.random, schedule = timers } = options.withdrawals ?? {};
  const { performance: stopwatch = performance } = options;
  const { onError } = auth.context;
  return {
    auth,
    storage,
    ledger: ledgerOn(storage, { ...options.ledger, recordEvents: options.events, random, schedule }),
    events: options.events ?? false,
    methods: checkMethods(options.methods),
    withdrawals,
    seal: sealOf(auth.context.secrets),
    sealFor: (purpose) => sealOf(auth.context.secrets, purpose),
    wake: wakeUp(),
    random,
    schedule,
    caller: SYSTEM,
    audit: options.audit === true ? auditLog({ storage, schedule, onError }) : undefined,
    watch: { onAnswer: options.onAnswer, aroundRequest: options.aroundRequest, performance: stopwatch },
  };
}

/** The business of this id. @throws {Error} where there is none: a fault of the calling program, not of a client. */
export async function businessOf({ auth }: PayoutsContext, id: string): Promise<BusinessRecord> {
  const business = await auth.businesses.find(id);
  if (business === null) throw new Error(`The business "${id}" does not exist: create it first.`);
  return business;
}
