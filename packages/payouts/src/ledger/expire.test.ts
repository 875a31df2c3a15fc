import { createHash } from 'node:crypto';
import type { BusinessId } from '@bursar/core/storage';
import { describe, expect, it } from 'vitest';
import { type WithdrawalScene, withdrawalScene } from '../../test/withdrawal-scene.js';
import { cents } from '../cents.js';
import { single } from './transfer.js';

const BIZ = 'biz_1' as BusinessId;

async function hold(scene: WithdrawalScene, id: string, timeoutSeconds: number | null): Promise<void> {
  const outcome = await scene.payouts.ledger.transfer({
    businessId: BIZ,
    conditions: {},
    openAccounts: [],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [
      {
        ...single({
          businessId: BIZ,
          id,
          debitAccountId: scene.payoutUserId,
          creditAccountId: 'payout_balance',
          amount: cents(100),
          code: 'reclaim',
          reference: null,
          metadata: null,
          requestDigest: '0'.repeat(64) as never,
        }),
        phase: 'pending',
        timeoutSeconds,
      },
    ],
  });
  expect(outcome.status).toBe('applied');
}

describe('the sweep of expired transfers', () => {
  it('gives back what was reserved until a time that has passed, exactly then, and once', async () => {
    const scene = await withdrawalScene();
    await hold(scene, 'h_1', 60);
    await hold(scene, 'h_2', 61);
    await hold(scene, 'h_3', null);
    scene.clock.now += 59_999;
    expect(await scene.payouts.expireTransfers()).toBe(0);
    scene.clock.now += 1;
    expect(await scene.payouts.expireTransfers()).toBe(1);
    expect(await scene.payouts.expireTransfers()).toBe(0);
    expect(await scene.money()).toMatchObject({ pending: 200 });
    scene.clock.now += 1_000_000_000;
    expect(await scene.payouts.expireTransfers()).toBe(1);
    expect(await scene.money()).toMatchObject({ pending: 100, balance: 9900 });
  });

  it('gives it back under one id in every version of Bursar, so that two that sweep together mean the same transfer', async () => {
    const scene = await withdrawalScene();
    await hold(scene, 'h_1', 60);
    scene.clock.now += 60_000;
    await scene.payouts.expireTransfers();
    const [newest] = await scene.storage.listTransfers({
      ...{ businessId: BIZ, id: scene.payoutUserId },
      ...{ before: null, limit: 1 },
    });
    const name = createHash('sha256').update('["expiry","biz_1","h_1"]').digest('hex');
    expect(newest).toMatchObject({ id: `ex_${name.slice(0, 40)}`, phase: 'void', pendingId: 'h_1', amount: 100 });
  });

  it('does each once, however many sweep at the same time', async () => {
    const scene = await withdrawalScene();
    for (let count = 0; count < 20; count++) await hold(scene, `h_${count}`, 1);
    scene.clock.now += 1000;
    const sweeps = await Promise.all(
      [scene.payouts, scene.engine(), scene.engine()].map((each) => each.expireTransfers()),
    );
    expect(sweeps.reduce((total, count) => total + count, 0)).toBe(20);
    expect(await scene.money()).toMatchObject({ pending: 0, balance: 10_000 });
  });

  it('takes transfers with ids as long as they may be', async () => {
    const scene = await withdrawalScene();
    await hold(scene, 'h'.repeat(64), 1);
    scene.clock.now += 1000;
    expect(await scene.payouts.expireTransfers()).toBe(1);
  });

  it('never touches a withdrawal, however long it takes', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('pending');
    const { id } = await scene.order(1000);
    await scene.later(0);
    scene.clock.now += 10_000_000_000;
    expect(await scene.payouts.expireTransfers()).toBe(0);
    expect(await scene.record(id)).toMatchObject({ status: 'processing' });
    expect(await scene.money()).toMatchObject({ pending: 1000 });
  });

  it('is made by the worker too', async () => {
    const scene = await withdrawalScene();
    await hold(scene, 'h_1', 1);
    scene.clock.now += 1000;
    const worker = scene.payouts.withdrawals.start();
    await worker.stop();
    expect(await scene.money()).toMatchObject({ pending: 0 });
  });
});
