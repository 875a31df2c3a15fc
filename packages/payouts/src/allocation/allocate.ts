import { insufficientPayoutBalance, newPayoutUser, type PayoutUserWithHash, withHash } from '@bursar/core';
import type { BusinessRecord, PayoutUserRecord } from '@bursar/core/storage';
import { audited, noted } from '../audit/audited.js';
import type { Cents } from '../cents.js';
import { amount, checkFields, email, fieldsOf, metadata, reference } from '../fields.js';
import { businessAccount, payoutUserAccount } from '../ledger/account.js';
import { type TransferIdentity, transferIdentity } from '../ledger/idempotency.js';
import { single } from '../ledger/transfer.js';
import type { PayoutsContext } from '../options.js';
import { type Outcome, refuse, settled } from '../outcome.js';
import type { LedgerItem } from '../storage.js';

/** The fields of an allocation, as they come from outside. */
export const allocationFields = fieldsOf({ email, amount, reference, metadata });

// Each other answer than the first means that somebody opened the address in between, which happens once an address.
const MAX_ATTEMPTS = 3;

/**
 * Gives a payout user money of what the business has set aside, and opens the user with the first: both in one atomic
 * step. Answers with the hash in force.
 */
export function allocate(
  context: PayoutsContext,
  business: BusinessRecord,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Outcome<PayoutUserWithHash>> {
  const details = noted(fields, 'amount', 'reference');
  const act = { businessId: business.id, action: 'payout.create', details };
  const run = () => allocateMoney(context, business, fields, idempotencyKey);
  return audited(context, act, run, ({ payoutUser }) => payoutUser.id);
}

async function allocateMoney(
  context: PayoutsContext,
  business: BusinessRecord,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Outcome<PayoutUserWithHash>> {
  const checked = checkFields(allocationFields, fields, idempotencyKey);
  if (!checked.ok) return refuse(checked.error);
  const { auth, ledger } = context;

  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const fresh = newPayoutUser(auth.context, business.id, checked.value.email);
    const known = await auth.context.findPayoutUserByEmail(fresh);
    const payee = known ?? fresh;
    // Before any money moves: a user whose secret is gone cannot be told its hash.
    const answer = withHash(auth.context, payee);
    const outcome = await ledger.transfer(
      allocation(business, payee, known === undefined, checked.value, identityOf(context, payee, idempotencyKey)),
    );
    if (outcome.status === 'payout_user_exists') continue;
    // This request itself, sent again, may have opened the address in a process whose current secret is another one.
    if (outcome.status === 'conflict' && known === undefined && attempt === 0) continue;
    const result = settled(outcome, insufficientPayoutBalance);
    return result.ok ? { ...result, value: answer } : result;
  }
  throw new Error('a payout user was opened under another id each time that this allocation was tried');
}

interface AllocationFields {
  readonly amount: number;
  readonly reference?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
}

function identityOf(
  { auth }: PayoutsContext,
  { businessId, normalizedEmail }: PayoutUserRecord,
  idempotencyKey: string | undefined,
): TransferIdentity {
  const request = { businessId, principal: 'business', route: 'payout/create', idempotencyKey };
  return transferIdentity({ ...request, content: [normalizedEmail] }, auth.context.now);
}

function allocation(
  business: BusinessRecord,
  payee: PayoutUserRecord,
  isNew: boolean,
  { amount, reference, metadata }: AllocationFields,
  identity: TransferIdentity,
): LedgerItem {
  return {
    businessId: business.id,
    conditions: { payoutsEnabled: true },
    openAccounts: [businessAccount(business, 'payout_balance'), payoutUserAccount(business, payee.id)],
    openPayoutUser: isNew ? payee : null,
    creditPayoutUserId: payee.id,
    transfers: [
      single({
        ...identity,
        businessId: business.id,
        debitAccountId: 'payout_balance',
        creditAccountId: payee.id,
        amount: amount as Cents,
        code: 'allocation',
        reference: reference ?? null,
        metadata: metadata ?? null,
      }),
    ],
  };
}
