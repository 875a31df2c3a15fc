import { describe, expect, it } from 'vitest';
import { SandboxProvider } from '../../test/sandbox-provider.js';
import { START, type WithdrawalScene, withdrawalScene } from '../../test/withdrawal-scene.js';
import { verifyLedger } from '../index.js';
import type { Decision } from './settle.js';

const BY_OPS = { businessId: 'biz_1', actor: 'ops@example.com', reason: 'As the bank says.' };

async function inReview(): Promise<{ scene: WithdrawalScene; id: string }> {
  const scene = await withdrawalScene({ withdrawals: { review: () => 'review' } });
  const { id } = await scene.order(1000);
  return { scene, id };
}

async function unclear(over = {}): Promise<{ scene: WithdrawalScene; id: string }> {
  const provider = new SandboxProvider(() => START);
  const { check: _none, ...method } = provider.method({ keyLifetimeSeconds: 0, fee: 10, ...over });
  const scene = await withdrawalScene({ provider, methods: [method] });
  provider.script.push('throw');
  const { id } = await scene.order(1000);
  await scene.later(0);
  return { scene, id };
}

describe('a withdrawal in review', () => {
  it('goes out when it is approved', async () => {
    const { scene, id } = await inReview();
    const approved = await scene.payouts.withdrawals.approve({ ...BY_OPS, id });
    expect(approved).toMatchObject({
      ok: true,
      replayed: false,
      value: { status: 'queued', actor: 'ops@example.com' },
    });
    expect(await scene.later(0)).toBe(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
    expect(await scene.payouts.withdrawals.approve({ ...BY_OPS, id })).toMatchObject({
      ok: true,
      replayed: true,
      value: { status: 'succeeded' },
    });
    expect(scene.provider.sends).toHaveLength(1);
  });

  it('gives its money back when it is refused, and never goes out', async () => {
    const { scene, id } = await inReview();
    expect(await scene.payouts.withdrawals.refuse({ ...BY_OPS, id })).toMatchObject({ value: { status: 'rejected' } });
    expect(await scene.payouts.withdrawals.refuse({ ...BY_OPS, id })).toMatchObject({ ok: true, replayed: true });
    expect(await scene.payouts.withdrawals.approve({ ...BY_OPS, id })).toMatchObject({
      ok: false,
      error: { body: { status: ['The withdrawal is rejected: only one in review can be approved.'] } },
    });
    expect(await scene.later(1_000_000)).toBe(0);
    expect(await scene.money()).toMatchObject({ balance: 10_000, pending: 0 });
  });

  it('is decided about once, however many decide at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      const { scene, id } = await inReview();
      const { withdrawals } = scene.payouts;
      const outcomes = await Promise.all([
        withdrawals.approve({ ...BY_OPS, id }),
        withdrawals.refuse({ ...BY_OPS, id }),
        withdrawals.approve({ ...BY_OPS, id }),
        withdrawals.refuse({ ...BY_OPS, id }),
      ]);
      expect(outcomes.filter((outcome) => outcome?.ok && !outcome.replayed)).toHaveLength(1);
      expect((await scene.record(id)).version).toBe(1);
    }
  });

  it('was not approved where it never was in review', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    expect(await scene.payouts.withdrawals.approve({ ...BY_OPS, id })).toMatchObject({ ok: false });
  });
});

describe('a withdrawal of which nobody can say what became', () => {
  it('is settled by hand: the money moves, and it is known who said so and why', async () => {
    const { scene, id } = await unclear();
    expect(await scene.payouts.withdrawals.settle({ ...BY_OPS, id })).toMatchObject({ value: { status: 'succeeded' } });
    expect(await scene.payouts.withdrawals.settle({ ...BY_OPS, id })).toMatchObject({ ok: true, replayed: true });
    expect(await scene.money()).toEqual({ balance: 8990, pending: 0, paidOut: 1000, fees: 10 });
    const history = await scene.payouts.withdrawals.history({ businessId: 'biz_1', id });
    expect(history?.history.at(-1)).toMatchObject({
      status: 'succeeded',
      actor: 'ops@example.com',
      reason: 'As the bank says.',
    });
    expect(history?.history).toHaveLength(4);
  });

  it('is failed by hand: the money goes back, the fee too', async () => {
    const { scene, id } = await unclear();
    expect(await scene.payouts.withdrawals.fail({ ...BY_OPS, id })).toMatchObject({ value: { status: 'failed' } });
    expect(await scene.payouts.withdrawals.fail({ ...BY_OPS, id })).toMatchObject({ ok: true, replayed: true });
    expect(await scene.payouts.withdrawals.settle({ ...BY_OPS, id })).toMatchObject({ ok: false });
    expect(await scene.money()).toEqual({ balance: 10_000, pending: 0, paidOut: 0, fees: 0 });
  });

  it('is settled once, however many say so, and say it differently', async () => {
    for (let round = 0; round < 20; round++) {
      const { scene, id } = await unclear();
      const { withdrawals } = scene.payouts;
      const named = { ...BY_OPS, id };
      const outcomes = await Promise.all([
        withdrawals.settle(named),
        withdrawals.fail(named),
        withdrawals.settle(named),
      ]);
      expect(outcomes.filter((outcome) => outcome?.ok && !outcome.replayed)).toHaveLength(1);
      expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true });
    }
  });
});

describe('money that comes back', () => {
  it('is a transfer of its own, weeks later; the fee stays', async () => {
    const { scene, id } = await unclear();
    await scene.payouts.withdrawals.settle({ ...BY_OPS, id });
    scene.clock.now += 30 * 86_400_000;
    expect(await scene.payouts.withdrawals.return({ ...BY_OPS, id })).toMatchObject({ value: { status: 'returned' } });
    expect(await scene.payouts.withdrawals.return({ ...BY_OPS, id })).toMatchObject({ ok: true, replayed: true });
    expect(await scene.money()).toEqual({ balance: 9990, pending: 0, paidOut: 0, fees: 10 });
    expect(await scene.payouts.operations({ businessId: 'biz_1', payoutUserId: scene.payoutUserId })).toMatchObject({
      value: {
        items: [
          { type: 'return', direction: 'credit', amount: 1000 },
          { phase: 'post' },
          { phase: 'post' },
          {},
          {},
          {},
        ],
      },
    });
  });

  it('brings the fee along where the method says so', async () => {
    const { scene, id } = await unclear({ returnsFee: true });
    await scene.payouts.withdrawals.settle({ ...BY_OPS, id });
    await scene.payouts.withdrawals.return({ ...BY_OPS, id });
    expect(await scene.money()).toEqual({ balance: 10_000, pending: 0, paidOut: 0, fees: 0 });
  });

  it('comes back to a payout user who is closed too, from where it can be reclaimed', async () => {
    const { scene, id } = await unclear();
    await scene.payouts.withdrawals.settle({ ...BY_OPS, id });
    const user = { businessId: 'biz_1', id: scene.payoutUserId };
    await scene.payouts.auth.payoutUsers.change({ ...user, status: 'closed' });
    expect(await scene.payouts.withdrawals.return({ ...BY_OPS, id })).toMatchObject({ ok: true });
    const reclaimed = await scene.payouts.reclaim({ businessId: 'biz_1', payoutUserId: scene.payoutUserId });
    expect(reclaimed).toMatchObject({ ok: true, value: { amount: 9990 } });
  });
});

describe('a decision', () => {
  it.each<[Decision, string]>([
    ['approve', 'only one in review can be approved'],
    ['refuse', 'only one in review can be refused'],
    ['settle', 'only one that is processing or unknown can be settled by hand'],
    ['return', 'only one that succeeded can be returned'],
  ])('that does not fit where it stands is refused in words: %s', async (decision, words) => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    expect(await scene.payouts.withdrawals[decision]({ ...BY_OPS, id })).toMatchObject({
      ok: false,
      error: { status: 422, body: { status: [`The withdrawal is queued: ${words}.`] } },
    });
    expect(await scene.record(id)).toMatchObject({ version: 0 });
  });

  it('is not taken while the provider is being asked', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('throw');
    const { id } = await scene.order(100);
    await scene.later(0);
    for (const decision of ['settle', 'fail'] as const) {
      expect(await scene.payouts.withdrawals[decision]({ ...BY_OPS, id })).toMatchObject({ ok: false });
    }
  });

  it('fails one that was not sent yet, and then it is not sent', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    expect(await scene.payouts.withdrawals.fail({ ...BY_OPS, id })).toMatchObject({ ok: true });
    expect(await scene.later(0)).toBe(0);
    expect(scene.provider.sends).toEqual([]);
  });

  it('settles one of a method without send, that was paid by hand', async () => {
    const provider = new SandboxProvider(() => START);
    const { send: _none, check: _no, ...byHand } = provider.method();
    const scene = await withdrawalScene({ provider, methods: [byHand] });
    const { id } = await scene.order(100);
    expect(await scene.later(1_000_000)).toBe(0);
    expect(await scene.engine({ methods: [] }).withdrawals.settle({ ...BY_OPS, id })).toMatchObject({ ok: false });
    expect(await scene.payouts.withdrawals.settle({ ...BY_OPS, id })).toMatchObject({ ok: true });
    expect(await scene.money()).toMatchObject({ paidOut: 100 });
  });

  it.each([
    [{ actor: '' }, 'actor'],
    [{ actor: 'x'.repeat(256) }, 'actor'],
    [{ actor: 'a\nb' }, 'actor'],
    [{ actor: undefined }, 'actor'],
    [{ reason: '' }, 'reason'],
    [{ reason: undefined }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ reason: 7 }, 'reason'],
    [{ amount: 5 }, 'amount'],
  ])('must say who and why: %j', async (over, field) => {
    const { scene, id } = await unclear();
    const outcome = await scene.payouts.withdrawals.settle({ ...BY_OPS, id, ...over } as never);
    expect(outcome).toMatchObject({ ok: false, error: { status: 422 } });
    expect(Object.keys((outcome as never as { error: { body: object } }).error.body)).toEqual([field]);
  });

  it.each(['tr_none', '', '../x', 'a\0b', 'x\0', 'x'.repeat(65), 'x'.repeat(5000)])(
    'is about a withdrawal that exists, not %j',
    async (id) => {
      const scene = await withdrawalScene();
      const { withdrawals } = scene.payouts;
      const asked: unknown[] = [];
      const { findWithdrawals } = scene.storage;
      (scene.storage as { findWithdrawals: unknown }).findWithdrawals = (
        refs: Parameters<typeof findWithdrawals>[0],
      ) => {
        asked.push(...refs);
        return findWithdrawals(refs);
      };
      expect(await withdrawals.settle({ ...BY_OPS, id })).toBeNull();
      expect(await withdrawals.find({ businessId: 'biz_1', id })).toBeNull();
      expect(await withdrawals.history({ businessId: 'biz_1', id })).toBeNull();
      expect(await withdrawals.check({ businessId: 'biz_1', id })).toBeNull();
      // Storage is not asked for what no id can be.
      expect(asked.length > 0).toBe(id === 'tr_none');
    },
  );
});
