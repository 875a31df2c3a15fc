import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../src/index.js';
import { type Fault, faultyStorage } from './faulty-storage.js';
import type { Behaviour } from './sandbox-provider.js';
import { type WithdrawalScene, withdrawalScene } from './withdrawal-scene.js';

const BEHAVIOURS: readonly Behaviour[] = ['sent', 'pending', 'refused', 'throw', 'pay_then_throw'];
const KEY = { idempotencyKey: 'once' };
const HOURS_6 = 21_600;

/** A process on the scene's storage that dies at its call with this number: before it is done, or after. */
function dyingAt(scene: WithdrawalScene, number: number, fault: Fault) {
  let calls = 0;
  let died = false;
  const faulty = faultyStorage(scene.storage, () => {
    if (++calls < number) return 'none';
    died = true;
    faulty.kill();
    return fault;
  });
  return { payouts: scene.engine({ storage: faulty.storage }), isDead: () => died };
}

async function orderAndSend(scene: WithdrawalScene, payouts: WithdrawalScene['payouts']): Promise<void> {
  const order = { businessId: 'biz_1', payoutUserId: scene.payoutUserId, method: 'card', amount: 1000, ...KEY };
  await payouts.withdrawals.withdraw({ ...order, destination: { email: 'ann@example.com' } });
  await payouts.withdrawals.runDue();
}

describe('a process that dies', () => {
  it.each(
    BEHAVIOURS.flatMap((behaviour) => (['before', 'after'] as const).map((fault) => [behaviour, fault] as const)),
  )(
    'at any of its calls to storage neither loses money nor pays twice: %s, and it dies %s it',
    async (behaviour, fault) => {
      let number = 0;
      for (let alive = false; !alive; number++) {
        const scene = await withdrawalScene();
        scene.provider.script.push(behaviour);
        const { payouts, isDead } = dyingAt(scene, number + 1, fault);
        await orderAndSend(scene, payouts).catch(() => undefined);
        alive = !isDead();

        // The client sends its request again, to another process, which also finds what the first one left.
        const { id } = await scene.order(1000, KEY);
        for (let round = 0; round < 4; round++) await scene.later(HOURS_6);
        const { provider } = scene;
        const { status } = await scene.record(id);
        const paid = provider.paid(id);
        const state = provider.payments.get(id)?.state;
        const expected = { sent: 'succeeded', refused: 'failed', pending: 'processing' } as const;
        expect({ number, status, paid }).toEqual({
          number,
          status: state === undefined ? 'unknown' : expected[state],
          paid: state === 'refused' || state === undefined ? 0 : 1,
        });
        const open = status === 'unknown' || status === 'processing';
        expect(await scene.money()).toEqual({
          balance: status === 'failed' ? 10_000 : 9000,
          pending: open ? 1000 : 0,
          paidOut: status === 'succeeded' ? 1000 : 0,
          fees: 0,
        });
        expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true });
      }
      // A guard against a test that dies nowhere.
      expect(number).toBeGreaterThan(5);
    },
  );

  it('after the provider has paid, leaves a lease: nobody asks again before its end, and then with the same key', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('sent', 'sent');
    const { id } = await scene.order(1000);
    const { payouts } = dyingAt(scene, 3, 'before');
    await payouts.withdrawals.runDue();
    expect(await scene.record(id)).toMatchObject({ status: 'sending', attempts: 1 });
    expect(await scene.later(89)).toBe(0);
    expect(await scene.later(1)).toBe(1);
    expect(scene.provider.sends).toHaveLength(2);
    expect(scene.provider.paid(id)).toBe(1);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
  });
});
