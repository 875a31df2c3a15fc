import { describe, expect, it, vi } from 'vitest';
import { scene } from '../test/scene.js';
import { businessBalance, payoutUserBalances } from './balance.js';
import type { Cents } from './cents.js';
import { businessAccount, payoutUserAccount } from './ledger/account.js';
import { transferIdentity } from './ledger/idempotency.js';
import { businessOf } from './options.js';

async function funded() {
  const made = await scene();
  await made.endow(1000);
  const created = await made.payouts.create({ businessId: 'biz_1', email: 'ann@example.com', amount: 300 });
  if (!created.ok) throw new Error('the payout was refused');
  const { context } = made.payouts;
  return { ...made, context, ann: created.value.payoutUser.id, business: await businessOf(context, 'biz_1') };
}

describe('businessBalance', () => {
  it('has nothing before the first deposit', async () => {
    const { payouts } = await scene();
    const business = await businessOf(payouts.context, 'biz_1');
    expect(await businessBalance(payouts.context, business)).toEqual({ currency: 'USD', balance: 0, payoutBalance: 0 });
  });

  it('keeps its own money and what is set aside apart, both read in one view', async () => {
    const { payouts, context, business, storage } = await funded();
    await payouts.deposit({ businessId: 'biz_1', amount: 50 });
    const findAccounts = vi.spyOn(storage, 'findAccounts');
    expect(await businessBalance(context, business)).toEqual({ currency: 'USD', balance: 50, payoutBalance: 700 });
    expect(findAccounts).toHaveBeenCalledTimes(1);
  });

  it('is in the currency of the business', async () => {
    const { payouts } = await scene();
    await payouts.auth.businesses.create({ id: 'biz_2', currency: 'EUR' });
    await payouts.deposit({ businessId: 'biz_2', amount: 5 });
    expect(await payouts.balance({ businessId: 'biz_2' })).toEqual({ currency: 'EUR', balance: 5, payoutBalance: 0 });
  });
});

describe('payoutUserBalances', () => {
  it('answers in the order of the ids, with nothing for one without an account', async () => {
    const { context, business, ann, storage } = await funded();
    const findAccounts = vi.spyOn(storage, 'findAccounts');
    expect(await payoutUserBalances(context, business, ['usr_unknown', ann])).toEqual([
      { currency: 'USD', balance: 0, pending: 0 },
      { currency: 'USD', balance: 300, pending: 0 },
    ]);
    expect(findAccounts).toHaveBeenCalledTimes(1);
  });

  it('takes what is reserved out of the balance', async () => {
    const { context, business, ann } = await funded();
    const request = { businessId: business.id, principal: ann, route: 'test', idempotencyKey: 'k', content: [] };
    const outcome = await context.ledger.transfer({
      businessId: business.id,
      conditions: {},
      openAccounts: [businessAccount(business, 'paid_out'), payoutUserAccount(business, ann)],
      openPayoutUser: null,
      creditPayoutUserId: null,
      transfers: [
        {
          ...transferIdentity(request, () => 0),
          businessId: business.id,
          debitAccountId: ann,
          creditAccountId: 'paid_out',
          amount: 120 as Cents,
          code: 'withdrawal',
          phase: 'pending',
          pendingId: null,
          timeoutSeconds: null,
          reference: null,
          metadata: null,
        },
      ],
    });
    expect(outcome.status).toBe('applied');
    expect(await payoutUserBalances(context, business, [ann])).toEqual([
      { currency: 'USD', balance: 180, pending: 120 },
    ]);
  });
});
