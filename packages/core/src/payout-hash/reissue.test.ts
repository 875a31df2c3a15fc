import { describe, expect, it } from 'vitest';
import { SECRET, scene } from '../../test/scene.js';
import { digest } from '../digest.js';
import { derivePayoutHash } from './derive.js';
import type { ReissuePayoutHashOptions } from './reissue.js';

const ADDRESS = { businessId: 'biz_1', email: 'user@example.com' };

async function opened() {
  const made = await scene();
  const { payoutUser, hash } = await made.auth.payoutUsers.open(ADDRESS);
  return { ...made, hash, named: { businessId: 'biz_1', id: payoutUser.id } };
}

describe('payoutUsers.reissue', () => {
  it('ends the old hash and lets the new one in', async () => {
    const { auth, hash, named } = await opened();
    const answer = await auth.payoutUsers.reissue({ ...named, expectedGeneration: 0 });
    const next = derivePayoutHash({ ...ADDRESS, secret: SECRET, generation: 1 });
    expect(answer).toMatchObject({ status: 'reissued', issued: { hash: next, payoutUser: { generation: 1 } } });
    expect(await auth.verifyPayoutHash(hash)).toMatchObject({ ok: false, reason: 'unknown' });
    expect(await auth.verifyPayoutHash(next)).toMatchObject({ ok: true });
  });

  it('tells the security hook of the hash that ended, by the start of its digest', async () => {
    const { auth, events, hash, named } = await opened();
    await auth.payoutUsers.reissue({ ...named, expectedGeneration: 0 });
    expect(events).toMatchObject([
      {
        type: 'payout_hash_reissued',
        payoutUserId: named.id,
        businessId: 'biz_1',
        digestPrefix: digest(hash).slice(0, 8),
      },
    ]);
  });

  it('answers the same idempotency key with the hash in force, and changes nothing', async () => {
    const { auth, events, named } = await opened();
    const request = { ...named, idempotencyKey: 'order-7' };
    const first = await auth.payoutUsers.reissue(request);
    const second = await auth.payoutUsers.reissue(request);
    expect(first.status).toBe('reissued');
    expect(second).toEqual({ ...first, status: 'replayed' });
    expect(events).toHaveLength(1);

    const other = await auth.payoutUsers.reissue({ ...named, idempotencyKey: 'order-8' });
    expect(other).toMatchObject({ status: 'reissued', issued: { payoutUser: { generation: 2 } } });
    expect(await auth.payoutUsers.reissue(request)).toMatchObject({
      status: 'replayed',
      issued: { payoutUser: { generation: 2 } },
    });
  });

  it('does not take the idempotency key of one user for that of another', async () => {
    const { auth, named } = await opened();
    const other = await auth.payoutUsers.open({ ...ADDRESS, email: 'other@example.com' });
    await auth.payoutUsers.reissue({ ...named, idempotencyKey: 'k' });
    expect(
      await auth.payoutUsers.reissue({ businessId: 'biz_1', id: other.payoutUser.id, idempotencyKey: 'k' }),
    ).toMatchObject({ status: 'reissued' });
  });

  it('refuses a generation that is no longer the one the caller saw', async () => {
    const { auth, named } = await opened();
    await auth.payoutUsers.reissue({ ...named, expectedGeneration: 0 });
    expect(await auth.payoutUsers.reissue({ ...named, expectedGeneration: 0 })).toEqual({
      status: 'generation_changed',
      generation: 1,
    });
    expect(await auth.payoutUsers.reissue({ ...named, expectedGeneration: 7 })).toMatchObject({
      status: 'generation_changed',
    });
  });

  it('lets one of two at the same time through when both expect the same generation', async () => {
    const { auth, storage, named } = await opened();
    storage.asynchronous = true;
    const answers = await Promise.all(
      [1, 2, 3].map(() => auth.payoutUsers.reissue({ ...named, expectedGeneration: 0 })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([
      'generation_changed',
      'generation_changed',
      'reissued',
    ]);
  });

  it('does two with different keys at the same time one after the other', async () => {
    const { auth, storage, named } = await opened();
    storage.asynchronous = true;
    const answers = await Promise.all(
      ['a', 'b', 'c', 'a'].map((idempotencyKey) => auth.payoutUsers.reissue({ ...named, idempotencyKey })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual(['reissued', 'reissued', 'reissued', 'replayed']);
    expect(storage.payoutUsers.get(named.id)?.generation).toBe(3);
  });

  it('gives up after ten others came first, and changes nothing', async () => {
    const { auth, storage, named } = await opened();
    const user = storage.payoutUsers.get(named.id);
    if (user === undefined) throw new Error('the user is there');
    let tries = 0;
    storage.reissuePayoutHash = () => {
      tries++;
      return { status: 'generation_changed', payoutUser: user };
    };
    await expect(auth.payoutUsers.reissue({ ...named, idempotencyKey: 'k' })).rejects.toThrow(/ten times/);
    expect(tries).toBe(10);
  });

  it('answers that the user is not there, where it went between two steps', async () => {
    const { auth, storage, named } = await opened();
    storage.reissuePayoutHash = () => ({ status: 'not_found' });
    expect(await auth.payoutUsers.reissue({ ...named, idempotencyKey: 'k' })).toEqual({ status: 'not_found' });
  });

  it('names a reissue as every version before did: the name is kept in storage', async () => {
    const { auth, storage, named } = await opened();
    await auth.payoutUsers.reissue({ ...named, idempotencyKey: 'k' });
    const reissueId = digest(`reissue\0biz_1\0${named.id}\0k`).slice(0, 40);
    expect(storage.calls.find(({ method }) => method === 'reissuePayoutHash')?.input).toMatchObject({ reissueId });
  });

  it('does not find the user of another business', async () => {
    const { auth, named } = await opened();
    const elsewhere = { ...named, businessId: 'biz_1_test', expectedGeneration: 0 };
    expect(await auth.payoutUsers.reissue(elsewhere)).toEqual({ status: 'not_found' });
  });

  it.each([
    [{}, /^idempotencyKey or expectedGeneration must be given/],
    [{ idempotencyKey: '' }, /^idempotencyKey must be/],
    [{ idempotencyKey: { valueOf: 7 } }, /^idempotencyKey must be/],
    [{ idempotencyKey: null }, /^idempotencyKey must be/],
    [{ expectedGeneration: -1 }, /^expectedGeneration must be/],
    [{ expectedGeneration: '0' }, /^expectedGeneration must be/],
    [{ expectedGeneration: 0.5 }, /^expectedGeneration must be/],
    [{ expectedGeneration: Number.NaN }, /^expectedGeneration must be/],
    [{ expectedGeneration: 2 ** 53 }, /^expectedGeneration must be/],
  ])('refuses %j by name', async (options, message) => {
    const { auth, storage, named } = await opened();
    storage.calls.length = 0;
    const wrong = { ...named, ...options } as ReissuePayoutHashOptions;
    await expect(auth.payoutUsers.reissue(wrong)).rejects.toThrow(message);
    expect(storage.calls).toEqual([]);
  });
});
