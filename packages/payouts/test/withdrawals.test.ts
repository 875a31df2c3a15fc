import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../src/index.js';
import { until } from './manual-timers.js';
import { SandboxProvider } from './sandbox-provider.js';
import { START, withdrawalScene } from './withdrawal-scene.js';

const BIZ = { businessId: 'biz_1' };
const BY_ANN = { ...BIZ, actor: 'ann@ops', reason: 'Told by phone.' };

describe('a withdrawal', () => {
  it('reserves the amount and the fee, and answers before anything is sent', async () => {
    const { scene, provider } = await withFee(50);
    const { money, order } = scene;
    const withdrawal = await order(1000);
    expect(withdrawal).toMatchObject({ status: 'queued', amount: 1000, fee: 50, destinationHint: 'a…', attempts: 0 });
    expect(provider.sends).toEqual([]);
    expect(await money()).toEqual({ balance: 8950, pending: 1050, paidOut: 0, fees: 0 });
  });

  it('is sent by the next round, with its id as the idempotency key, and its money moves', async () => {
    const { scene, provider } = await withFee(50);
    const { id } = await scene.order(1000);
    expect(await scene.payouts.withdrawals.runDue()).toBe(1);
    expect(provider.sends).toMatchObject([
      { id, amount: 1000, destination: { email: 'ann@example.com' }, attempts: 1 },
    ]);
    expect(await scene.record(id)).toMatchObject({
      status: 'succeeded',
      dueAt: null,
      sendStartedAt: START,
      providerReference: `pay_${id.slice(-8)}`,
      actor: 'provider',
    });
    expect(await scene.money()).toEqual({ balance: 8950, pending: 0, paidOut: 1000, fees: 50 });
    expect(await scene.payouts.withdrawals.runDue()).toBe(0);
    expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true });
  });

  it('gives the money back where the provider refuses, and the fee with it', async () => {
    const { scene, provider } = await withFee(50);
    provider.script.push('refused');
    const { id } = await scene.order(1000);
    await scene.later(0);
    expect(await scene.record(id)).toMatchObject({ status: 'failed', attempts: 1 });
    expect(await scene.money()).toEqual({ balance: 10_000, pending: 0, paidOut: 0, fees: 0 });
  });

  it('keeps its destination sealed in storage, and masked everywhere else', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    const record = await scene.record(id);
    expect(record.destination).toMatch(/^v1\./);
    expect(JSON.stringify(record)).not.toContain('ann@example.com');
    expect(JSON.stringify(await scene.payouts.withdrawals.find({ ...BIZ, id }))).not.toMatch(/destination"|v1\./);
    await scene.later(0);
    expect(JSON.stringify(scene.provider.sends)).not.toContain('ann@example.com');
  });

  it('keeps every version that it has had', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    await scene.later(0);
    const history = await scene.payouts.withdrawals.history({ ...BIZ, id });
    expect(history?.history).toMatchObject([
      { version: 0, status: 'queued', actor: 'payout_user', attempts: 0 },
      { version: 1, status: 'sending', actor: 'system', attempts: 1 },
      { version: 2, status: 'succeeded', actor: 'provider', attempts: 1 },
    ]);
  });
});

async function withFee(fee: number) {
  const provider = new SandboxProvider(() => START);
  return { provider, scene: await withdrawalScene({ provider, methods: [provider.method({ fee })] }) };
}

describe('a provider that does not answer clearly', () => {
  it.each(['throw', 'nonsense', 'unknown', 'pay_then_throw', 'pay_then_nonsense'] as const)(
    'keeps the money reserved and is asked again with the same key: %s',
    async (behaviour) => {
      const scene = await withdrawalScene();
      scene.provider.script.push(behaviour);
      const { id } = await scene.order(1000);
      await scene.later(0);
      expect(await scene.record(id)).toMatchObject({ status: 'sending', attempts: 1 });
      expect(await scene.money()).toMatchObject({ balance: 9000, pending: 1000, paidOut: 0 });
      expect(await scene.later(0)).toBe(0);
      expect(await scene.later(1)).toBe(1);
      expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
      expect(scene.provider.sends.map((sent) => sent.id)).toEqual([id, id]);
      expect(scene.provider.paid(id)).toBe(1);
    },
  );

  it('is waited for until the time-out, and not heard any more after that', async () => {
    const scene = await withdrawalScene();
    const { provider, timers } = scene;
    provider.script.push('pay_then_hang');
    const { id } = await scene.order(1000);
    const round = scene.later(0);
    await until(() => provider.hanging > 0, 'the provider was called');
    expect(provider.signals[0]?.aborted).toBe(false);
    timers.advance(30_000);
    await round;
    expect(provider.signals[0]?.aborted).toBe(true);
    provider.answerHanging();
    expect(await scene.record(id)).toMatchObject({
      status: 'sending',
      reason: 'The provider did not answer in time.',
    });
    await scene.later(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
    expect(provider.paid(id)).toBe(1);
    expect(timers.size).toBe(0);
  });

  it('is sent to no more often than the method allows, and then only checked', async () => {
    const scene = await withdrawalScene();
    const provider = scene.provider;
    const payouts = scene.engine({ methods: [provider.method({ maxAttempts: 3 })] });
    provider.script.push('throw', 'throw', 'pay_then_throw', 'throw');
    provider.checkScript.push('throw', 'unknown', 'nonsense');
    const { id } = await scene.order(1000);
    for (let round = 0; round < 3; round++) {
      scene.clock.now += 10_000;
      await payouts.withdrawals.runDue();
    }
    expect(provider.sends).toHaveLength(3);
    expect(await scene.record(id)).toMatchObject({ status: 'unknown', attempts: 3 });
    for (let round = 0; round < 3; round++) {
      scene.clock.now += 60_000;
      await payouts.withdrawals.runDue();
      expect(await scene.record(id)).toMatchObject({ status: 'unknown', attempts: 3 });
    }
    scene.clock.now += 60_000;
    await payouts.withdrawals.runDue();
    expect(provider).toMatchObject({ checks: 4, sends: { length: 3 } });
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
  });

  it('is not sent to again once it may have forgotten the key', async () => {
    const scene = await withdrawalScene();
    const { provider } = scene;
    provider.script.push('pay_then_throw', 'sent');
    const { id } = await scene.order(1000);
    await scene.later(0);
    await scene.later(86_400 * 0.75 - 30);
    expect(provider.sends).toHaveLength(1);
    expect(provider.checks).toBe(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(provider.paid(id)).toBe(1);
  });

  it('is sent to again as long as it surely remembers the key', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('throw');
    const { id } = await scene.order(1000);
    await scene.later(0);
    await scene.later(86_400 * 0.75 - 31);
    expect(scene.provider.sends).toHaveLength(2);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  it('is not paid twice by a storage whose clock was set back, by up to a quarter of the time that it remembers keys', async () => {
    let jump = 0;
    const real = { now: START };
    const provider = new SandboxProvider(() => real.now);
    const storage = memoryStorage({ now: () => real.now - jump });
    const scene = await withdrawalScene({ provider, storage });
    const pass = async (seconds: number): Promise<void> => {
      real.now += seconds * 1000;
      await scene.payouts.withdrawals.runDue();
    };
    provider.script.push('pay_then_throw');
    const { id } = await scene.order(1000);
    await pass(0);
    jump = 6 * 3_600_000 - 1000;
    await pass(86_401);
    expect(provider).toMatchObject({ sends: { length: 1 }, checks: 1 });
    expect(provider.paid(id)).toBe(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
  });

  it('with no memory for keys and nothing to check by, leaves the withdrawal to an operator after one try', async () => {
    const provider = new SandboxProvider(() => START);
    const { check: _none, ...blind } = provider.method({ keyLifetimeSeconds: 0 });
    const scene = await withdrawalScene({ provider, methods: [blind] });
    provider.script.push('pay_then_throw');
    const { id } = await scene.order(1000);
    await scene.later(0);
    expect(await scene.record(id)).toMatchObject({ status: 'unknown', dueAt: null, attempts: 1 });
    expect(await scene.later(1_000_000)).toBe(0);
    expect(await scene.money()).toMatchObject({ pending: 1000, balance: 9000 });
    expect(await scene.payouts.withdrawals.settle({ ...BY_ANN, id })).toMatchObject({ ok: true });
    expect(await scene.money()).toMatchObject({ pending: 0, balance: 9000, paidOut: 1000 });
  });
});

describe('a storage that is away when a provider has answered', () => {
  async function awayFor(failures: number) {
    const scene = await withdrawalScene();
    let left = 0;
    const inner = scene.storage;
    const storage: typeof inner = {
      ...inner,
      applyTransfers: (items) => {
        if (left-- > 0) throw new Error('away');
        return inner.applyTransfers(items);
      },
    };
    const method = scene.provider.method();
    const payouts = scene.engine({
      storage,
      methods: [
        {
          ...method,
          send: async (withdrawal, options) => {
            left = failures;
            return (await method.send?.(withdrawal, options)) ?? { status: 'unknown' };
          },
        },
      ],
    });
    const { id } = await scene.order(1000);
    await payouts.withdrawals.runDue();
    return { scene, id };
  }

  it('is asked to keep the answer again, before the provider is asked again', async () => {
    const { scene, id } = await awayFor(5);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(scene.provider.sends).toHaveLength(1);
    expect(scene.errors).toEqual([]);
  });

  it('for longer leaves the lease, and tells the team what the provider said', async () => {
    const { scene, id } = await awayFor(6);
    expect(await scene.record(id)).toMatchObject({ status: 'sending', dueAt: START + 90_000 });
    expect(scene.errors).toMatchObject([
      {
        message: `Withdrawal ${id} of biz_1: the provider said "sent" (pay_${id.slice(-8)}), and that could not be kept.`,
      },
    ]);
    await scene.later(90);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(scene.provider.paid(id)).toBe(1);
  });
});
