import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../src/index.js';
import { ManualTimers, until } from './manual-timers.js';
import { START, withdrawalScene } from './withdrawal-scene.js';

describe('withdrawals that race', () => {
  it('for one balance: exactly those that it covers are taken, in 500 rounds of 64', async () => {
    const scene = await withdrawalScene({ funds: 1 });
    const user = { businessId: 'biz_1', email: 'ann@example.com' };
    let expected = 0;
    for (let round = 0; round < 500; round++) {
      const before = await scene.money();
      const covered = 1 + (round % 63);
      await scene.payouts.create({ ...user, amount: covered * 10 - before.balance + (round % 10) });
      const outcomes = await Promise.all(Array.from({ length: 64 }, () => scene.ask(10)));
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(covered);
      for (const outcome of outcomes) if (!outcome.ok) expect(outcome.error.code).toBe('insufficient_balance');
      expected += covered * 10;
      expect(await scene.money()).toMatchObject({ balance: round % 10, pending: expected });
    }
    expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true });
  }, 60_000);

  it('with one key: one does it, and the others get its answer', async () => {
    const scene = await withdrawalScene();
    const others = [scene, scene.engine(), scene.engine()];
    const order = { businessId: 'biz_1', payoutUserId: scene.payoutUserId, method: 'card', amount: 100 };
    const destination = { email: 'ann@example.com' };
    const outcomes = await Promise.all(
      others.flatMap((other) =>
        Array.from({ length: 8 }, () => {
          const { withdrawals } = 'payouts' in other ? other.payouts : other;
          return withdrawals.withdraw({ ...order, destination, idempotencyKey: 'k' });
        }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.value.id)).size).toBe(1);
    expect(await scene.money()).toMatchObject({ pending: 100 });
  });

  it('with one key between processes whose fee differs: the first one counts', async () => {
    const scene = await withdrawalScene();
    const dearer = scene.engine({ methods: [scene.provider.method({ fee: 7 })] });
    const { id } = await scene.order(100, { idempotencyKey: 'k' });
    const order = { businessId: 'biz_1', payoutUserId: scene.payoutUserId, method: 'card', amount: 100 };
    const again = await dearer.withdrawals.withdraw({
      ...order,
      destination: { email: 'ann@example.com' },
      idempotencyKey: 'k',
    });
    expect(again).toMatchObject({ ok: true, replayed: true, value: { id, fee: 0 } });
  });

  it('for the same withdrawal: of many processes one sends it', async () => {
    const scene = await withdrawalScene();
    const processes = Array.from({ length: 8 }, () => scene.engine());
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await scene.order(10)).id));
    await Promise.all(processes.map(({ withdrawals }) => withdrawals.runDue()));
    expect(scene.provider.sends.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(await scene.money()).toMatchObject({ pending: 0, paidOut: 200 });
  });
});

describe('a lease that was lost', () => {
  async function lost(
    behaviour: 'pay_then_hang' | 'hang',
    answer: { readonly status: 'sent' | 'refused' | 'pending' },
  ) {
    const scene = await withdrawalScene();
    const timers = new ManualTimers();
    let late: (answer: { readonly status: 'sent' | 'refused' | 'pending' }) => void = () => undefined;
    const slow = scene.engine({
      methods: [scene.provider.method({ send: () => new Promise((resolve) => (late = resolve)) })],
      withdrawals: { schedule: timers.schedule },
    });
    const { id } = await scene.order(1000);
    const round = slow.withdrawals.runDue();
    await until(() => timers.size > 0, 'the slow process has called the provider');
    scene.clock.now += 90_000;
    scene.provider.script.push(behaviour);
    const other = scene.payouts.withdrawals.runDue();
    await until(() => scene.provider.hanging > 0, 'the other process has called the provider');
    late(answer);
    await round;
    return { scene, id, other };
  }

  it('does not lose the news that money went out', async () => {
    const { scene, id, other } = await lost('pay_then_hang', { status: 'sent' });
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
    scene.provider.answerHanging();
    await other;
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', version: 3 });
    expect(await scene.money()).toMatchObject({ paidOut: 1000, pending: 0 });
  });

  it.each(['refused', 'pending'] as const)('drops the news "%s" while another process is sending', async (status) => {
    const { scene, id, other } = await lost('pay_then_hang', { status });
    expect(await scene.record(id)).toMatchObject({ status: 'sending', attempts: 2 });
    scene.provider.answerHanging();
    await other;
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
    expect(scene.errors).toEqual([]);
  });

  it('tells the team where what comes late contradicts what was settled, and moves no money', async () => {
    const { scene, id, other } = await lost('hang', { status: 'pending' });
    scene.timers.advance(30_000);
    await other;
    scene.provider.script.push('refused');
    await scene.later(1);
    expect(await scene.record(id)).toMatchObject({ status: 'failed' });
    const before = await scene.money();
    const named = { businessId: 'biz_1', withdrawalId: id };
    await scene.payouts.withdrawals.webhook('card', scene.provider.webhook([{ ...named, status: 'sent' }]));
    expect(await scene.money()).toEqual(before);
    expect(scene.errors).toMatchObject([{ code: 'withdrawal_conflict', withdrawalId: id, businessId: 'biz_1' }]);
  });
});

describe('a storage whose clock jumps back', () => {
  it('delays what is due, and loses nothing', async () => {
    const clock = { now: START };
    const storage = memoryStorage({ now: () => clock.now });
    const scene = await withdrawalScene({ storage });
    scene.provider.script.push('throw');
    const { id } = await scene.order(1000);
    await scene.payouts.withdrawals.runDue();
    clock.now = START - 3_600_000;
    expect(await scene.payouts.withdrawals.runDue()).toBe(0);
    clock.now = START + 1000;
    expect(await scene.payouts.withdrawals.runDue()).toBe(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await verifyLedger(storage)).toMatchObject({ ok: true });
  });
});
