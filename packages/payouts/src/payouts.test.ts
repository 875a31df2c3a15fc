import { StorageUnavailableError } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { SECRET, scene } from '../test/scene.js';
import { createPayouts } from './payouts.js';

const ANN = { businessId: 'biz_1', email: 'ann@example.com' };

describe('createPayouts', () => {
  it('has the authentication and the ledger that it works with', () => {
    const payouts = createPayouts({ storage: memoryStorage(), secret: SECRET });
    expect(payouts.auth).toBe(payouts.context.auth);
    expect(payouts.ledger).toBe(payouts.context.ledger);
  });

  it('refuses a wrong option at start-up', () => {
    expect(() => createPayouts({ storage: memoryStorage(), secret: 'short' })).toThrow(TypeError);
  });

  it('moves money from deposit to payout user, and loses none of it', async () => {
    const { payouts, balances } = await scene();
    await payouts.deposit({ businessId: 'biz_1', amount: 1000 });
    await payouts.fund({ businessId: 'biz_1', amount: 600 });
    const created = await payouts.create({ ...ANN, amount: 250, reference: 'Order 7', metadata: { a: 'b' } });
    if (!created.ok) throw new Error('the payout was refused');
    const named = { businessId: 'biz_1', payoutUserId: created.value.payoutUser.id };
    expect(await balances()).toEqual([400, 350]);
    expect(await payouts.payoutUserBalance(named)).toEqual({ currency: 'USD', balance: 250, pending: 0 });
    expect(await payouts.operations(named)).toMatchObject({
      ok: true,
      value: { items: [{ amount: 250, reference: 'Order 7', metadata: { a: 'b' } }], nextCursor: null },
    });
  });

  it('reads operations page by page', async () => {
    const { payouts, endow } = await scene();
    await endow(10);
    await payouts.create({ ...ANN, amount: 1 });
    const created = await payouts.create({ ...ANN, amount: 2 });
    if (!created.ok) throw new Error('the payout was refused');
    const named = { businessId: 'biz_1', payoutUserId: created.value.payoutUser.id, limit: 1 };
    const first = await payouts.operations(named);
    if (!first.ok) throw new Error('the page was refused');
    expect(first.value.items).toMatchObject([{ amount: 2 }]);
    const cursor = String(first.value.nextCursor);
    expect(await payouts.operations({ ...named, cursor })).toMatchObject({ value: { items: [{ amount: 1 }] } });
  });

  it('has nothing for a payout user whom it does not know', async () => {
    const { payouts } = await scene();
    const named = { businessId: 'biz_1', payoutUserId: 'usr_unknown' };
    expect(await payouts.payoutUserBalance(named)).toEqual({ currency: 'USD', balance: 0, pending: 0 });
    expect(await payouts.operations(named)).toMatchObject({ ok: true, value: { items: [] } });
  });

  it.each([undefined, {}, { deadlineMs: 1000 }])('closes with its audit log, given %j', async (closing) => {
    const { payouts } = await scene({ audit: true });
    await payouts.deposit({ businessId: 'biz_1', amount: 1 });
    await expect(payouts.close(closing)).resolves.toBeUndefined();
    await expect(payouts.deposit({ businessId: 'biz_1', amount: 1 })).rejects.toThrow(StorageUnavailableError);
  });

  it('throws for a business that does not exist, in every operation', async () => {
    const { payouts } = await scene();
    const businessId = 'biz_2';
    const calls = [
      payouts.deposit({ businessId, amount: 1 }),
      payouts.fund({ businessId, amount: 1 }),
      payouts.create({ businessId, email: 'ann@example.com', amount: 1 }),
      payouts.balance({ businessId }),
      payouts.payoutUserBalance({ businessId, payoutUserId: 'usr_1' }),
      payouts.operations({ businessId, payoutUserId: 'usr_1' }),
    ];
    for (const { status, reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(reason).toEqual(new Error('The business "biz_2" does not exist: create it first.'));
    }
  });

  it('lets no field in that it does not know', async () => {
    const { payouts, endow, balances } = await scene();
    await endow(10);
    const asked = { ...ANN, amount: 1, currency: 'EUR' };
    expect(await payouts.create(asked)).toMatchObject({
      ok: false,
      error: { body: { currency: ['The currency field is not known.'] } },
    });
    expect(await balances()).toEqual([0, 10]);
  });
});
