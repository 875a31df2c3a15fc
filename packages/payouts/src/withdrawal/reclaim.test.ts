import { describe, expect, it } from 'vitest';
import { type WithdrawalScene, withdrawalScene } from '../../test/withdrawal-scene.js';
import { verifyLedger } from '../index.js';
import { transferIdentity } from '../ledger/idempotency.js';

async function closed(
  funds = 500,
): Promise<{ scene: WithdrawalScene; user: { businessId: string; payoutUserId: string } }> {
  const scene = await withdrawalScene({ funds });
  await close(scene);
  return { scene, user: { businessId: 'biz_1', payoutUserId: scene.payoutUserId } };
}

async function close(scene: WithdrawalScene): Promise<void> {
  await scene.payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: scene.payoutUserId, status: 'closed' });
}

const NOT_CLOSED = 'The payout user must be closed before what is left can be reclaimed.';

const payoutBalance = async ({ payouts }: WithdrawalScene) =>
  (await payouts.balance({ businessId: 'biz_1' })).payoutBalance;

describe('a reclaim', () => {
  it('takes what a closed payout user has left back to the payout balance', async () => {
    const { scene, user } = await closed();
    const before = await payoutBalance(scene);
    expect(await scene.payouts.reclaim(user)).toMatchObject({ ok: true, replayed: false, value: { amount: 500 } });
    expect(await payoutBalance(scene)).toBe(before + 500);
    expect(await scene.payouts.reclaim(user)).toEqual({ ok: true, replayed: false, value: { amount: 0, id: null } });
    expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true });
  });

  it('is a transfer of its own kind, which follows from the request', async () => {
    const { scene, user } = await closed();
    await scene.payouts.reclaim({ ...user, idempotencyKey: 'k' });
    const [row] = await scene.storage.listTransfers({
      ...{ businessId: user.businessId as never, id: user.payoutUserId },
      ...{ before: null, limit: 1 },
    });
    const request = { businessId: user.businessId as never, principal: 'business', route: 'payout/reclaim' };
    const identity = transferIdentity({ ...request, idempotencyKey: 'k', content: [user.payoutUserId] }, () => 0);
    expect(row).toMatchObject({
      ...{ id: identity.id, requestDigest: identity.requestDigest },
      ...{ code: 'reclaim', phase: 'single', amount: 500 },
      ...{ debitAccountId: user.payoutUserId, creditAccountId: 'payout_balance' },
    });
  });

  it('answers a repeated request with its first answer, though there is more by then', async () => {
    const { scene, user } = await closed();
    const key = { ...user, idempotencyKey: 'k' };
    const first = await scene.payouts.reclaim(key);
    const [again, other] = [
      await scene.payouts.reclaim(key),
      await scene.payouts.reclaim({ ...user, idempotencyKey: 'l' }),
    ];
    expect(again).toEqual({ ...first, replayed: true });
    expect(other).toMatchObject({ value: { amount: 0 } });
  });

  it('with a key that was used for another payout user is refused', async () => {
    const { scene, user } = await closed();
    await scene.payouts.reclaim({ ...user, idempotencyKey: 'k' });
    const other = await scene.payouts.reclaim({ ...user, payoutUserId: 'usr_other', idempotencyKey: 'k' });
    expect(other).toMatchObject({ ok: false, error: { code: 'idempotency_key_reused' } });
  });

  it('takes the money once, however many ask at the same time', async () => {
    const { scene, user } = await closed();
    const keys = [...Array.from({ length: 8 }, () => 'same'), undefined, undefined, 'k1', 'k2'];
    const outcomes = await Promise.all(
      keys.map((idempotencyKey) => scene.payouts.reclaim({ ...user, idempotencyKey })),
    );
    expect(outcomes.filter((outcome) => outcome?.ok && !outcome.replayed && outcome.value.amount > 0)).toHaveLength(1);
    expect(await scene.money()).toMatchObject({ balance: 0 });
    expect(await payoutBalance(scene)).toBe(1_000_000);
  });

  it('leaves what is on its way, and takes it once it comes back', async () => {
    const scene = await withdrawalScene({ funds: 500 });
    scene.provider.script.push('pending');
    const { id } = await scene.order(200);
    await scene.later(0);
    await close(scene);
    const user = { businessId: 'biz_1', payoutUserId: scene.payoutUserId };
    expect(await scene.payouts.reclaim(user)).toMatchObject({ value: { amount: 300 } });
    const event = { businessId: 'biz_1', withdrawalId: id, status: 'refused' };
    await scene.payouts.withdrawals.webhook('card', scene.provider.webhook([event]));
    expect(await scene.payouts.reclaim(user)).toMatchObject({ value: { amount: 200 } });
  });

  it.each(['active', 'inactive'] as const)(
    'is refused of a payout user who is %s, with money or without',
    async (status) => {
      for (const funds of [500, 1]) {
        const scene = await withdrawalScene({ funds });
        if (funds === 1) await scene.order(1);
        await scene.payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: scene.payoutUserId, status });
        const refused = await scene.payouts.reclaim({ businessId: 'biz_1', payoutUserId: scene.payoutUserId });
        expect(refused).toMatchObject({ ok: false, error: { status: 422, body: { status: [NOT_CLOSED] } } });
      }
    },
  );

  it('knows nobody by an unknown id', async () => {
    const { scene, user } = await closed();
    expect(await scene.payouts.reclaim({ ...user, payoutUserId: 'usr_none' })).toBeNull();
  });
});
