import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { until } from '../../test/manual-timers.js';
import { withdrawalScene } from '../../test/withdrawal-scene.js';
import { exportWithdrawals } from './export.js';
import { payoutMethod } from './method.js';

const BIZ = 'biz_1';
const FORGOTTEN = { destination: '', destinationSecretId: null, destinationHint: 'a…' };

describe('forgetDestinations', () => {
  it('forgets those of withdrawals that are over for long enough, and of no other', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('sent', 'pending');
    const sent = await scene.order(100);
    await scene.later(0);
    const pending = await scene.order(200);
    await scene.later(0);
    expect(await scene.record(sent.id)).toMatchObject({
      status: 'succeeded',
      destinationSecretId: scene.payouts.context.seal.secretId,
    });
    const { withdrawals } = scene.payouts;
    scene.clock.now += 3_599_999;
    expect(await withdrawals.forgetDestinations({ seconds: 3600 })).toBe(0);
    scene.clock.now += 1;
    expect(await withdrawals.forgetDestinations({ seconds: 3600 })).toBe(1);
    expect(await scene.record(sent.id)).toMatchObject(FORGOTTEN);
    expect((await scene.record(pending.id)).destination).toMatch(/^v1\./);
    expect(await withdrawals.forgetDestinations({ seconds: 0 })).toBe(0);
  });

  it('goes on until nothing is left, and the withdrawal is shown as before', async () => {
    const scene = await withdrawalScene({ withdrawals: { destinationRetentionSeconds: 60 } });
    for (let count = 0; count < 1001; count++) await scene.order(1);
    let worked = 0;
    while (worked < 1001) worked += await scene.later(0);
    const listed = await scene.payouts.withdrawals.list({ businessId: BIZ });
    scene.clock.now += 60_000;
    expect(await scene.payouts.withdrawals.forgetDestinations()).toBe(1001);
    expect(await scene.payouts.withdrawals.list({ businessId: BIZ })).toEqual(listed);
  });

  it('keeps them where nobody says after how long, and refuses what is no time', async () => {
    const scene = await withdrawalScene();
    const { withdrawals } = scene.payouts;
    await expect(withdrawals.forgetDestinations()).rejects.toThrow(/seconds must be given/);
    for (const seconds of [-1, 0.5, Number.NaN, 1e12, '60'])
      await expect(withdrawals.forgetDestinations({ seconds: seconds as never })).rejects.toThrow(TypeError);
    for (const destinationRetentionSeconds of [-1, 0.5, '60'])
      expect(() =>
        scene.engine({ withdrawals: { destinationRetentionSeconds: destinationRetentionSeconds as never } }),
      ).toThrow(/withdrawals\.destinationRetentionSeconds must be an integer/);
  });

  it('is done by the worker where a retention time is set, and goes on where storage cannot', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100);
    await scene.later(0);
    const inner = scene.storage;
    let away = true;
    const storage = {
      ...inner,
      forgetDestinations: (seconds: number, limit: number) => {
        if (away) throw new Error('away');
        return inner.forgetDestinations(seconds, limit);
      },
    };
    scene.clock.now += 86_400_000;
    const kept = scene.engine({ storage }).withdrawals.start({ intervalMs: 1000 });
    await kept.stop();
    expect(scene.errors).toEqual([]);
    const engine = scene.engine({ storage, withdrawals: { destinationRetentionSeconds: 86_400 } });
    const worker = engine.withdrawals.start({ intervalMs: 1000 });
    await until(() => scene.errors.length === 1, 'the team was told');
    away = false;
    scene.timers.advance(1000);
    await worker.stop();
    expect(await scene.record(id)).toMatchObject(FORGOTTEN);
  });
});

describe('an export whose destinations were forgotten', () => {
  const bank = payoutMethod({
    id: 'bank',
    name: 'Bank',
    schema: z.strictObject({ iban: z.string() }),
    minimum: 1,
    maximum: 100_000,
    mask: () => '****',
  });

  it('cannot be made again, and says which withdrawal it is', async () => {
    const scene = await withdrawalScene({ methods: [bank] });
    const { id } = await scene.order(100, { method: 'bank', destination: { iban: 'X1' } });
    const asked = { businessId: BIZ, method: 'bank', exportId: 'june' };
    expect(await exportWithdrawals(scene.payouts, asked)).toMatchObject({ ok: true, replayed: false });
    await scene.payouts.withdrawals.settle({ businessId: BIZ, id, actor: 'ops', reason: 'Told by the bank.' });
    expect(await exportWithdrawals(scene.payouts, asked)).toMatchObject({ ok: true, replayed: true });
    await scene.payouts.withdrawals.forgetDestinations({ seconds: 0 });
    await expect(exportWithdrawals(scene.payouts, asked)).rejects.toMatchObject({
      name: 'DestinationForgottenError',
      code: 'destination_forgotten',
      businessId: BIZ,
      withdrawalId: id,
    });
  });
});
