import { describe, expect, it } from 'vitest';
import { BIZ, scene } from '../../test/scene.js';

const DAY_MS = 86_400_000;

describe('the overview', () => {
  it('has the sums of thirty days by what became of the money, and what waits for somebody', async () => {
    const { visit, payouts, pay, withdraw, clock } = await scene();
    const { id: user } = await pay('ann@example.com', 500_000);
    await withdraw(user, 60_000);
    clock.now += DAY_MS;
    const decision = { businessId: BIZ, actor: 'test', reason: 'seen' };
    await payouts.withdrawals.settle({ ...decision, id: await withdraw(user, 1000) });
    await payouts.withdrawals.fail({ ...decision, id: await withdraw(user, 200) });
    const { body } = await (await visit('Ada', 'owner')).ask('GET /live/overview');
    expect(body).toMatchObject({
      currency: 'USD',
      balance: 3_000_000,
      payout_balance: 1_500_000,
      complete_from: null,
      review: { count: 1, more: false },
      unknown: { count: 0, more: false },
      failures: [{ amount: 200, status: 'failed', reason: 'seen' }],
    });
    expect((body as unknown as { days: readonly object[] }).days.slice(-2)).toEqual([
      { day: '2026-11-25', paid: 0, under_way: 60_000, failed: 0 },
      { day: '2026-11-26', paid: 1000, under_way: 0, failed: 200 },
    ]);
  });

  it('looks at a thousand, and says from which day on it is whole', async () => {
    const { visit, pay, withdraw, clock } = await scene();
    const { id: user } = await pay('ann@example.com', 1_000_000);
    for (let count = 0; count < 1100; count++) {
      if (count % 550 === 0) clock.now += DAY_MS;
      await withdraw(user, 100);
    }
    const { body } = await (await visit('Ada', 'owner')).ask('GET /live/overview');
    expect(body).toMatchObject({ complete_from: '2026-11-27', review: { count: 0 } });
  });
});
