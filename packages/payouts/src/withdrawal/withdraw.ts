import { type BursarError, invalidFields, payoutsDisabled } from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import * as z from 'zod';
import { audited, noted } from '../audit/audited.js';
import type { Cents } from '../cents.js';
import { amount, checkFields, fieldsOf } from '../fields.js';
import { businessAccount, payoutUserAccount } from '../ledger/account.js';
import { type TransferIdentity, transferIdentity } from '../ledger/idempotency.js';
import type { PayoutsContext } from '../options.js';
import { type Outcome, refuse, settled } from '../outcome.js';
import type { FailedCondition, LedgerItem } from '../storage.js';
import { canonicalText } from './canonical.js';
import { checkDestination } from './destination.js';
import type { CheckedMethod } from './methods.js';
import type { WithdrawalOpening } from './record.js';
import { earlierWithdrawal } from './replay.js';
import { review } from './review.js';
import type { Destination } from './seal.js';
import type { CheckedRules, ReviewVerdict } from './settings.js';
import { reserve } from './transfers.js';
import { type Withdrawal, withdrawalOf } from './view.js';

const required =
  (field: string) =>
  ({ input }: { readonly input?: unknown }) =>
    input === undefined || input === null ? `The ${field} field is required.` : undefined;

/** The fields of a withdrawal, as they come from outside. */
export const withdrawalFields = fieldsOf({
  method: z
    .string({ error: (issue) => required('method')(issue) ?? 'The method must be a string.' })
    .meta({ description: 'The id of a payout method that is open to the payout user.', examples: ['bank-transfer'] }),
  amount,
  // Not a zod record: that drops a member called __proto__ without a word.
  destination: z
    .custom<Destination>((value) => Object.prototype.toString.call(value) === '[object Object]', {
      error: (issue) => required('destination')(issue) ?? 'The destination must be an object.',
    })
    .meta({ type: 'object', description: 'As the schema of the payout method wants it.' }),
});

interface Ordered {
  readonly business: BusinessRecord;
  readonly payoutUserId: string;
  readonly method: CheckedMethod;
  readonly amount: Cents;
  readonly fee: Cents;
  readonly destination: Destination;
}

/**
 * Reserves money of a payout user for a withdrawal, in one atomic step with every rule that it must keep, and has it sent
 * after that. A request that is repeated with its key gets the withdrawal as it stands by then, whatever has become of the
 * method meanwhile.
 */
export function withdraw(
  context: PayoutsContext,
  business: BusinessRecord,
  payoutUserId: string,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Outcome<Withdrawal>> {
  const details = { payoutUserId, ...noted(fields, 'amount', 'method') };
  const act = { businessId: business.id, action: 'withdrawal.create', details };
  const run = () => orderWithdrawal(context, business, payoutUserId, fields, idempotencyKey);
  return audited(context, act, run, ({ id }) => id);
}

async function orderWithdrawal(
  context: PayoutsContext,
  business: BusinessRecord,
  payoutUserId: string,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Outcome<Withdrawal>> {
  const checked = checkFields(withdrawalFields, fields, idempotencyKey);
  if (!checked.ok) return refuse(checked.error);
  const { method: methodId, amount, destination } = checked.value;
  const given = canonicalText(destination);
  if (given === undefined) return refuse(invalidFields({ destination: ['The destination is too long.'] }));
  const content = [methodId, amount, given];
  const route = 'payout/withdraw';
  const request = { businessId: business.id, principal: payoutUserId, route, idempotencyKey, content };
  const identity = transferIdentity(request, context.auth.context.now);
  const earlier = idempotencyKey === undefined ? undefined : await earlierWithdrawal(context, business.id, identity);
  if (earlier !== undefined) return earlier;

  const method = context.methods.get(methodId);
  const refusal = refuseMethod(method, business, amount);
  if (refusal !== undefined || method === undefined) return refuse(refusal ?? unavailableMethod());
  const checkedDestination = await checkDestination(method, destination);
  if (!checkedDestination.ok) return refuse(checkedDestination.error);
  const order: Ordered = {
    business,
    payoutUserId,
    method,
    amount: amount as Cents,
    fee: method.fee(amount as Cents),
    destination: checkedDestination.value,
  };
  const verdict = await review(context.withdrawals, reviewed(order));
  if (verdict.decision === 'refuse') return refuse(refusedBy(verdict));
  return reserveFor(context, order, identity, verdict);
}

async function reserveFor(
  context: PayoutsContext,
  order: Ordered,
  identity: TransferIdentity,
  verdict: ReviewVerdict,
): Promise<Outcome<Withdrawal>> {
  const { business } = order;
  const rules = await context.withdrawals.rulesOf(business.id);
  const { seal } = context;
  const sealed = {
    destination: await seal.seal({ businessId: business.id, id: identity.id }, order.destination),
    destinationSecretId: seal.secretId,
  };
  const outcome = await context.ledger.transfer(reservation(order, identity, verdict, rules, sealed));
  if (outcome.status === 'condition_failed') return refuse(refuseCondition(context, outcome.condition, rules));
  if (outcome.status === 'applied' && outcome.withdrawal !== undefined) {
    context.wake.wake();
    return { ok: true, replayed: false, value: withdrawalOf(outcome.withdrawal) };
  }
  if (outcome.status === 'exists' || outcome.status === 'conflict') {
    // The same key came in at the same time. The digest alone says whether it was the same request: a process with
    // another fee asks for other transfers.
    const earlier = await earlierWithdrawal(context, business.id, identity);
    if (earlier !== undefined) return earlier;
  }
  const refused = settled(outcome);
  if (refused.ok) throw new Error(`the ledger reserved the money of withdrawal ${identity.id}, and did not open it`);
  return refused;
}

function refuseMethod(
  method: CheckedMethod | undefined,
  { currency }: BusinessRecord,
  amount: number,
): BursarError | undefined {
  if (method === undefined || !method.enabled || !method.pays(currency)) return unavailableMethod();
  const { minimum, maximum } = method.method;
  if (amount < minimum) return invalidFields({ amount: [`The amount must be at least ${minimum}.`] });
  if (amount > maximum) return invalidFields({ amount: [`The amount may not be greater than ${maximum}.`] });
  return undefined;
}

// Unknown and disabled ones alike.
function unavailableMethod(): BursarError {
  return invalidFields({ method: ['The method is not available.'] });
}

function reviewed({ business, payoutUserId, method, amount, fee, destination }: Ordered) {
  const { id: businessId, currency } = business;
  return { businessId, payoutUserId, method: method.id, amount, fee, currency, destination };
}

function refusedBy({ reason, field = 'amount' }: ReviewVerdict): BursarError {
  return invalidFields({ [field]: [reason ?? 'The withdrawal was refused.'] });
}

function reservation(
  order: Ordered,
  { id, requestDigest }: TransferIdentity,
  verdict: ReviewVerdict,
  { limit, holdSeconds }: CheckedRules,
  sealed: Pick<WithdrawalOpening, 'destination' | 'destinationSecretId'>,
): LedgerItem {
  const { business, payoutUserId, method, amount, fee } = order;
  const { id: businessId, currency } = business;
  const waits = verdict.decision === 'review';
  return {
    businessId,
    conditions: {
      payoutsEnabled: true,
      activePayoutUserId: payoutUserId,
      ...(holdSeconds === 0 ? {} : { payoutUserAge: { payoutUserId, seconds: holdSeconds } }),
      ...(limit === null ? {} : { withdrawalLimit: { payoutUserId, ...limit } }),
    },
    openAccounts: [
      payoutUserAccount(business, payoutUserId),
      businessAccount(business, 'paid_out'),
      ...(fee === 0 ? [] : [businessAccount(business, 'fees')]),
    ],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: reserve({ businessId, id, payoutUserId, amount, fee }, requestDigest),
    openWithdrawal: {
      businessId,
      id,
      payoutUserId,
      method: method.id,
      amount,
      fee,
      currency,
      ...sealed,
      destinationHint: hintOf(order),
      status: waits ? 'review' : 'queued',
      attempts: 0,
      providerReference: null,
      exportId: null,
      reason: waits ? (verdict.reason ?? null) : null,
      actor: 'payout_user',
      dueInSeconds: waits || method.method.send === undefined ? null : 0,
    },
  };
}

function hintOf({ method, destination }: Ordered): string {
  const hint: unknown = method.method.mask(destination);
  if (typeof hint === 'string' && /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(hint)) return hint;
  throw new TypeError(`mask of the payout method "${method.id}" must give 1 to 255 characters`);
}

function refuseCondition(
  context: PayoutsContext,
  condition: FailedCondition,
  { limit, holdSeconds }: CheckedRules,
): BursarError {
  switch (condition) {
    case 'payouts_enabled':
      return payoutsDisabled();
    // What the guard saw has changed since: the same answer as if it had seen it.
    case 'active_payout_user':
      return context.auth.context.challenges.invalidPayoutHash();
    case 'payout_user_age':
      return invalidFields({ amount: [`The amount may be withdrawn ${inWords(holdSeconds)} after the first payout.`] });
    case 'withdrawal_limit':
      return invalidFields({
        amount: [`The amount would bring the withdrawals of ${inWords(limit?.seconds ?? 0)} above ${limit?.amount}.`],
      });
    default:
      throw new Error(`the ledger answered ${condition} where this cannot be`);
  }
}

function inWords(seconds: number): string {
  const [size, unit] = (
    [
      [86_400, 'day'],
      [3600, 'hour'],
      [60, 'minute'],
    ] as const
  ).find(([length]) => seconds % length === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
