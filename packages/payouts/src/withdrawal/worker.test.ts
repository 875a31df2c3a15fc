import { describe, expect, it } from 'vitest';
import { until } from '../../test/manual-timers.js';
import { SandboxProvider } from '../../test/sandbox-provider.js';
import { START, withdrawalScene } from '../../test/withdrawal-scene.js';

async function isSettled(scene: Awaited<ReturnType<typeof withdrawalScene>>, id: string) {
  let done = false;
  await until(() => {
    void scene.record(id).then(({ status }) => {
      done = status === 'succeeded';
    });
    return done;
  }, `${id} was sent`);
}

describe('the worker', () => {
  it('sends a new withdrawal at once, without waiting for its interval', async () => {
    const scene = await withdrawalScene();
    const worker = scene.payouts.withdrawals.start();
    const { id } = await scene.order(100);
    await isSettled(scene, id);
    await worker.stop();
    expect(scene.timers.size).toBe(0);
  });

  it('takes up at its start what an earlier process left, and at each interval what has come due', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('throw');
    const { id } = await scene.order(100);
    const worker = scene.payouts.withdrawals.start({ intervalMs: 1000 });
    await until(() => scene.provider.sends.length === 1, 'it was sent once');
    await until(() => scene.timers.size === 1, 'only the interval is left');
    scene.clock.now += 5000;
    expect(scene.provider.sends).toHaveLength(1);
    scene.timers.advance(1000);
    await isSettled(scene, id);
    await worker.stop();
  });

  it('works on no more at a time than it is told', async () => {
    const scene = await withdrawalScene({ withdrawals: { concurrency: 3 } });
    scene.provider.script.push(...Array.from({ length: 10 }, () => 'pay_then_hang' as const));
    for (let count = 0; count < 10; count++) await scene.order(10);
    const round = scene.payouts.withdrawals.runDue();
    for (let sent = 3; sent <= 10; sent += 3) {
      await until(() => scene.provider.hanging === Math.min(3, 10 - sent + 3), 'as many as it may are under way');
      expect(scene.provider.sends).toHaveLength(sent);
      scene.provider.answerHanging();
    }
    await until(() => scene.provider.hanging === 1, 'the last one is under way');
    scene.provider.answerHanging();
    expect(await round).toBe(10);
  });

  it('takes more than one page of what is due', async () => {
    const scene = await withdrawalScene();
    for (let count = 0; count < 250; count++) await scene.order(10);
    const worker = scene.payouts.withdrawals.start();
    await until(() => scene.provider.sends.length === 250, 'all are sent');
    await worker.stop();
    expect(await scene.money()).toMatchObject({ paidOut: 2500, pending: 0 });
  });

  it('aborts what runs when it is stopped, and the next one goes on at once, with the same key', async () => {
    const scene = await withdrawalScene();
    const { provider } = scene;
    provider.script.push('pay_then_hang');
    const { id } = await scene.order(1000);
    const worker = scene.payouts.withdrawals.start();
    await until(() => provider.hanging === 1, 'the provider was called');
    await scene.order(10);
    const stopped = worker.stop();
    expect(provider.signals[0]?.aborted).toBe(true);
    scene.timers.advance(2000);
    await stopped;
    expect(await scene.record(id)).toMatchObject({ status: 'sending', attempts: 1, dueAt: scene.clock.now });
    await scene.engine().withdrawals.runDue();
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
    expect(provider.paid(id)).toBe(1);
    expect(scene.errors).toEqual([]);
  });

  it('stores an answer that comes while it is being stopped', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('pay_then_hang');
    const { id } = await scene.order(1000);
    const worker = scene.payouts.withdrawals.start();
    await until(() => scene.provider.hanging === 1, 'the provider was called');
    const stopped = scene.payouts.close();
    scene.provider.answerHanging();
    await stopped;
    await worker.stop();
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
    await expect(scene.ask(10)).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  it('takes nothing after it was stopped, and can be started again; not twice at a time', async () => {
    const scene = await withdrawalScene();
    const { withdrawals } = scene.payouts;
    const worker = withdrawals.start();
    expect(() => withdrawals.start()).toThrow(/stop it first/);
    await worker.stop();
    await worker.stop();
    const { id } = await scene.order(100);
    expect(scene.provider.sends).toEqual([]);
    const again = withdrawals.start();
    await isSettled(scene, id);
    await again.stop();
    expect(() => withdrawals.start({ intervalMs: 0 })).toThrow(/intervalMs/);
  });

  it('goes on where storage cannot say what is due, and tells the team', async () => {
    const scene = await withdrawalScene();
    let away = true;
    const inner = scene.storage;
    const storage = {
      ...inner,
      listDueWithdrawals: (limit: number) => {
        if (away) throw new Error('away');
        return inner.listDueWithdrawals(limit);
      },
    };
    const payouts = scene.engine({ storage });
    await expect(payouts.withdrawals.runDue()).rejects.toMatchObject({ code: 'service_unavailable' });
    const { id } = await scene.order(100);
    const worker = payouts.withdrawals.start({ intervalMs: 1000 });
    await until(() => scene.errors.length === 1, 'the team was told');
    away = false;
    await until(() => scene.timers.size === 1, 'the interval is waited for');
    scene.timers.advance(1000);
    await isSettled(scene, id);
    await worker.stop();
  });
});

describe('a withdrawal that cannot be worked on', () => {
  it('waits while payouts are off, and goes on when they are on', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    await scene.later(0);
    expect(scene.provider.sends).toEqual([]);
    expect(await scene.record(id)).toMatchObject({
      status: 'queued',
      reason: 'Payouts are switched off.',
      attempts: 0,
    });
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', true);
    await scene.later(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
  });

  it('that was sent already is resumed though payouts are off: it is out, or it is not', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('pay_then_throw');
    const { id } = await scene.order(100);
    await scene.later(0);
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    await scene.later(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  it('waits where its method is not configured, and the team is told', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    expect(await scene.engine({ methods: [] }).withdrawals.runDue()).toBe(1);
    expect(await scene.record(id)).toMatchObject({ status: 'queued', reason: 'The payout method is not configured.' });
    expect(scene.errors).toHaveLength(1);
    expect(await scene.later(0)).toBe(0);
    await scene.later(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
  });

  it('waits where the secret of its destination is not configured, and is not sent to nowhere', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    await scene.engine({ secret: 'x'.repeat(32) }).withdrawals.runDue();
    expect(await scene.record(id)).toMatchObject({ status: 'queued', attempts: 0 });
    expect(scene.errors).toMatchObject([{ name: 'SecretUnavailableError' }, {}]);
    await scene.later(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
  });

  it('is still sent by a method that takes no new ones', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    await scene.engine({ methods: [scene.provider.method({ enabled: false })] }).withdrawals.runDue();
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
  });

  it('that waits for a provider who cannot be asked is looked at no more, and waits for its webhook', async () => {
    const provider = new SandboxProvider(() => START);
    const { check: _none, ...method } = provider.method();
    const scene = await withdrawalScene({ provider, methods: [method] });
    provider.script.push('pending');
    const { id } = await scene.order(100);
    await scene.later(0);
    expect(await scene.record(id)).toMatchObject({ status: 'processing', dueAt: null });
    const event = { businessId: 'biz_1', withdrawalId: id, status: 'sent' };
    await scene.payouts.withdrawals.webhook('card', provider.webhook([event]));
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
  });
});
