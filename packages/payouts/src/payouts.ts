import type { Auth, PayoutUserWithHash, Readiness } from '@bursar/core';
import { allocate } from './allocation/allocate.js';
import { deposit, fund, type MoneyFields } from './allocation/fund.js';
import { type Audit, auditOf } from './audit/audit.js';
import { auditedAuth } from './audit/auth.js';
import { type Caller, checkCaller } from './audit/caller.js';
import { type BusinessBalance, businessBalance, type PayoutUserBalance, payoutUserBalances } from './balance.js';
import type { Page, PageOptions } from './cursor.js';
import { expireTransfers } from './ledger/expire.js';
import type { CloseOptions } from './ledger/queue.js';
import type { Ledger } from './ledger/transfer.js';
import { type Operation, payoutUserOperations } from './operations.js';
import { businessOf, type PayoutsContext, type PayoutsOptions, payoutsContext } from './options.js';
import type { Outcome, Settled } from './outcome.js';
import { checkReadiness } from './readiness.js';
import { type Reclaimed, reclaim } from './withdrawal/reclaim.js';
import { type Withdrawals, withdrawalsOf } from './withdrawal/withdrawals.js';
import { type Worker, withdrawalWorker } from './withdrawal/worker.js';

/** What every operation that moves money is asked with. */
export interface MoneyOptions extends MoneyFields {
  /** The side of the business: `biz_1`, or `biz_1_test`. */
  readonly businessId: string;
  /**
   * Makes it safe to ask twice: the second answer is the first one's, `replayed`. 1 to 255 printable ASCII characters,
   * kept for ever; apart for each operation.
   *
   * @default none: each call moves money
   */
  readonly idempotencyKey?: string | undefined;
}

/** An allocation to the payout user with this address, who is opened with the first one. */
export interface CreatePayoutOptions extends MoneyOptions {
  /** At most 255 characters after normalising. */
  readonly email: string;
}

/** Names a payout user. */
export interface PayoutUserOptions {
  readonly businessId: string;
  readonly payoutUserId: string;
}

/** What a reclaim is asked with. */
export interface ReclaimOptions extends PayoutUserOptions {
  /** As in {@link MoneyOptions}. @default none */
  readonly idempotencyKey?: string | undefined;
}

/** Payouts: what {@link createPayouts} makes. For the team's own code; `@bursar/payouts/http` has the routes. */
export interface Payouts {
  /**
   * The same, done by this caller: for the audit log, which says of each change who made it. Without it, it was `system`.
   *
   * @throws {TypeError} where a field of the caller breaks its rule.
   */
  as(caller: Caller): Payouts;
  /** Its administrative functions (businesses, API keys, payout users) are in the audit log too, where there is one. */
  readonly auth: Auth;
  readonly ledger: Ledger;
  /** Books money that reached the business from outside on its balance. Never a route. */
  deposit(options: MoneyOptions): Promise<Settled>;
  /** Sets money of the business's balance aside for payouts. */
  fund(options: MoneyOptions): Promise<Settled>;
  /** Gives a payout user money, opening the user with the first, in one atomic step. */
  create(options: CreatePayoutOptions): Promise<Outcome<PayoutUserWithHash>>;
  balance(options: { readonly businessId: string }): Promise<BusinessBalance>;
  payoutUserBalance(options: PayoutUserOptions): Promise<PayoutUserBalance>;
  /** A payout user's history, newest first. */
  operations(options: PayoutUserOptions & PageOptions): Promise<Outcome<Page<Operation>>>;
  /** Takes what a closed payout user has left back to the payout balance. `null` for an unknown user. */
  reclaim(options: ReclaimOptions): Promise<Outcome<Reclaimed> | null>;
  /** Money on its way out. */
  readonly withdrawals: Withdrawals;
  readonly audit: Audit;
  /**
   * Asks storage, and looks for payout users and for destinations whose secret is not configured. Does not throw. A server
   * that pays out asks this one, not that of `auth`.
   */
  checkReadiness(): Promise<Readiness>;
  /** Gives back what was reserved until a time that has passed; the worker does it too. Answers how many it was. */
  expireTransfers(): Promise<number>;
  /**
   * For the end of the process: stops the worker, then closes the ledger, then keeps what was only noted or is not in the
   * audit log yet. The storage stays open: it is the caller's.
   */
  close(options?: CloseOptions): Promise<void>;
  /** For packages that build on this one. */
  readonly context: PayoutsContext;
}

/**
 * Sets payouts up, with the authentication that guards them.
 *
 * Each operation throws an `Error` for a business that does not exist, a `StorageUnavailableError` where storage cannot be
 * asked; a refusal (`ok: false`) is a value, a field that breaks its rule included.
 *
 * @throws {TypeError} where an option breaks its rule: at start-up, not at the first request.
 * @example
 * const payouts = createPayouts({ storage: await openSqliteStorage({ path: 'bursar.db' }), secret });
 * await payouts.auth.businesses.create({ id: 'biz_1' });
 * await payouts.deposit({ businessId: 'biz_1', amount: 100_000, idempotencyKey: 'bank-statement-17' });
 */
export function createPayouts(options: PayoutsOptions): Payouts {
  const context = payoutsContext(options);
  return payoutsBy(context, withdrawalWorker(context));
}

function payoutsBy(context: PayoutsContext, worker: Worker): Payouts {
  const { auth, ledger, audit } = context;
  return {
    as: (caller) => payoutsBy({ ...context, caller: checkCaller(caller) }, worker),
    auth: audit === undefined ? auth : auditedAuth(context),
    ledger,
    context,
    async deposit({ businessId, idempotencyKey, ...fields }) {
      return deposit(context, await businessOf(context, businessId), fields, idempotencyKey);
    },
    async fund({ businessId, idempotencyKey, ...fields }) {
      return fund(context, await businessOf(context, businessId), fields, idempotencyKey);
    },
    async create({ businessId, idempotencyKey, ...fields }) {
      return allocate(context, await businessOf(context, businessId), fields, idempotencyKey);
    },
    async balance({ businessId }) {
      return businessBalance(context, await businessOf(context, businessId));
    },
    async payoutUserBalance({ businessId, payoutUserId }) {
      const business = await businessOf(context, businessId);
      const [balance] = await payoutUserBalances(context, business, [payoutUserId]);
      return balance as PayoutUserBalance;
    },
    async operations({ businessId, payoutUserId, ...page }) {
      return payoutUserOperations(context, await businessOf(context, businessId), payoutUserId, page);
    },
    async reclaim({ businessId, payoutUserId, idempotencyKey }) {
      return reclaim(context, await businessOf(context, businessId), payoutUserId, {}, idempotencyKey);
    },
    withdrawals: withdrawalsOf(context, worker),
    audit: auditOf(context),
    checkReadiness: () => checkReadiness(context),
    expireTransfers: () => expireTransfers(context),
    async close(closing) {
      await worker.stop();
      await ledger.close(closing);
      await audit?.close(closing?.deadlineMs);
      await auth.flush();
    },
  };
}
