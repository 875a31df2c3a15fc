import { insufficientBalance, invalidFields, orUnavailable } from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import { audited } from '../audit/audited.js';
import type { Cents } from '../cents.js';
import { checkFields, fieldsOf } from '../fields.js';
import { available, businessAccount, payoutUserAccount } from '../ledger/account.js';
import { transferIdentity } from '../ledger/idempotency.js';
import { single } from '../ledger/transfer.js';
import type { PayoutsContext } from '../options.js';
import { type Outcome, refuse, settled } from '../outcome.js';

/** Money that was taken back from a closed payout user. */
export interface Reclaimed {
  /** 0 where there was nothing. */
  readonly amount: Cents;
  /** The transfer's; `null` where there was nothing. */
  readonly id: string | null;
}

/** A reclaim takes all there is, and has no fields. */
export const reclaimFields = fieldsOf({});

/**
 * Takes what a closed payout user has left back to the business's payout balance. What is on its way stays; should it come
 * back, it can be reclaimed too. `null` for an unknown user.
 */
export function reclaim(
  context: PayoutsContext,
  business: BusinessRecord,
  payoutUserId: string,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Outcome<Reclaimed> | null> {
  const act = { businessId: business.id, action: 'payout.reclaim', target: payoutUserId };
  return audited(context, act, () => reclaimMoney(context, business, payoutUserId, fields, idempotencyKey));
}

async function reclaimMoney(
  context: PayoutsContext,
  business: BusinessRecord,
  payoutUserId: string,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Outcome<Reclaimed> | null> {
  const checked = checkFields(reclaimFields, fields, idempotencyKey);
  if (!checked.ok) return refuse(checked.error);
  const { storage, ledger, auth } = context;
  const businessId = business.id;
  const request = {
    businessId,
    principal: 'business',
    route: 'payout/reclaim',
    idempotencyKey,
    content: [payoutUserId],
  };
  const identity = transferIdentity(request, auth.context.now);
  const [known] = await orUnavailable(() => storage.findTransfers([{ businessId, id: identity.id }]));
  if (known === undefined && (await auth.payoutUsers.find({ businessId, id: payoutUserId })) === null) return null;
  // What is left is another amount by now: the known transfer itself is sent again, so that the ledger compares the rest.
  const [account] = known === undefined ? await ledger.accounts([{ businessId, id: payoutUserId }]) : [];
  const amount = known?.amount ?? available(account);
  if (amount === 0) return nothing(context, business, payoutUserId);
  const outcome = await ledger.transfer({
    businessId,
    conditions: { closedPayoutUserId: payoutUserId },
    openAccounts: [payoutUserAccount(business, payoutUserId), businessAccount(business, 'payout_balance')],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [
      single({
        ...identity,
        businessId,
        debitAccountId: payoutUserId,
        creditAccountId: 'payout_balance',
        amount,
        code: 'reclaim',
        reference: null,
        metadata: null,
      }),
    ],
  });
  if (outcome.status === 'condition_failed' && outcome.condition === 'closed_payout_user') return refuse(notClosed());
  // The same key came in at the same time, when there was another amount.
  if (outcome.status === 'conflict' && known === undefined) {
    return reclaimMoney(context, business, payoutUserId, fields, idempotencyKey);
  }
  const result = settled(outcome, insufficientBalance);
  return result.ok ? { ...result, value: { amount: result.value.amount, id: result.value.id } } : result;
}

// No transfer says so, since there is none to make: what counts is the user's status now.
async function nothing(
  { auth }: PayoutsContext,
  { id: businessId }: BusinessRecord,
  id: string,
): Promise<Outcome<Reclaimed>> {
  const user = await auth.payoutUsers.find({ businessId, id });
  if (user?.status !== 'closed') return refuse(notClosed());
  return { ok: true, replayed: false, value: { amount: 0 as Cents, id: null } };
}

function notClosed() {
  return invalidFields({ status: ['The payout user must be closed before what is left can be reclaimed.'] });
}
