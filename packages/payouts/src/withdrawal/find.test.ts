import { describe, expect, it } from 'vitest';
import { withdrawalScene } from '../../test/withdrawal-scene.js';
import type { ListWithdrawalsOptions } from './find.js';

async function listed(count: number) {
  const scene = await withdrawalScene();
  const ids: string[] = [];
  for (let amount = 1; amount <= count; amount++) ids.unshift((await scene.order(amount)).id);
  const list = (over: Partial<ListWithdrawalsOptions> = {}) =>
    scene.payouts.withdrawals.list({ businessId: 'biz_1', ...over } as Parameters<
      typeof scene.payouts.withdrawals.list
    >[0]);
  const idsOf = async (over: Partial<ListWithdrawalsOptions> = {}) => {
    const page = await list(over);
    if (!page.ok) throw new Error(JSON.stringify(page.error.body));
    return page.value.items.map(({ id }) => id);
  };
  return { scene, ids, list, idsOf };
}

describe('the list of withdrawals', () => {
  it('is of those that are asked for, newest first', async () => {
    const { scene, ids, idsOf, list } = await listed(3);
    expect(await list()).toMatchObject({ ok: true, replayed: false });
    expect(await idsOf()).toEqual(ids);
    expect(await idsOf({ payoutUserId: scene.payoutUserId, method: 'card', status: 'queued' })).toEqual(ids);
    for (const none of [
      { payoutUserId: 'usr_x' },
      { method: 'bank' },
      { exportId: 'june' },
      { status: 'failed' } as const,
    ])
      expect(await idsOf(none)).toEqual([]);
  });

  it('asks nothing of storage for names that nothing can have', async () => {
    const { scene, idsOf } = await listed(1);
    const { listWithdrawals } = scene.storage;
    let calls = 0;
    (scene.storage as { listWithdrawals: unknown }).listWithdrawals = (
      asked: Parameters<typeof listWithdrawals>[0],
    ) => {
      calls++;
      return listWithdrawals(asked);
    };
    for (const name of ['', 'a\0', 'x'.repeat(256)])
      for (const field of ['payoutUserId', 'method', 'exportId']) expect(await idsOf({ [field]: name })).toEqual([]);
    expect(calls).toBe(0);
    expect(await idsOf({ method: 'x'.repeat(255) })).toEqual([]);
    expect(calls).toBe(1);
  });

  it('is refused of a status that there is none of, which names those that there are', async () => {
    const { list } = await listed(0);
    const statuses = 'review, queued, sending, processing, unknown, succeeded, failed, rejected, returned';
    expect(await list({ status: 'gone' as never })).toMatchObject({
      ok: false,
      error: { status: 422, body: { status: [`The status must be one of ${statuses}.`] } },
    });
  });

  it('goes on by the cursor of its own list alone', async () => {
    const { scene, ids, list, idsOf } = await listed(3);
    const first = await list({ limit: 2 });
    const cursor = first.ok ? (first.value.nextCursor ?? '') : '';
    expect(await idsOf({ limit: 2, cursor })).toEqual(ids.slice(2));
    expect(await list({ limit: 2, cursor, payoutUserId: scene.payoutUserId })).toMatchObject({ ok: false });
  });
});
