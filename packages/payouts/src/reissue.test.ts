import { derivePayoutHash } from '@bursar/core';
import { describe, expect, it, vi } from 'vitest';
import { SECRET, scene } from '../test/scene.js';
import { businessOf } from './options.js';
import { reissue } from './reissue.js';

const ADDRESS = { businessId: 'biz_1', email: 'ann@example.com' };
const hashOf = (generation: number): string => derivePayoutHash({ secret: SECRET, ...ADDRESS, generation });

async function opened() {
  const made = await scene();
  const { context } = made.payouts;
  const { payoutUser } = await context.auth.payoutUsers.open(ADDRESS);
  const business = await businessOf(context, 'biz_1');
  return {
    ...made,
    context,
    ann: payoutUser.id,
    again: (fields: unknown, key?: string, id = payoutUser.id) => reissue(context, business, id, fields, key),
  };
}

describe('reissue', () => {
  it('gives a new hash, and ends the old one', async () => {
    const { context, again } = await opened();
    expect(await again({ generation: 0 })).toMatchObject({
      ok: true,
      replayed: false,
      value: { hash: hashOf(1), payoutUser: { generation: 1 } },
    });
    expect(await context.auth.verifyPayoutHash(hashOf(0))).toMatchObject({ ok: false });
    expect(await context.auth.verifyPayoutHash(hashOf(1))).toMatchObject({ ok: true });
  });

  it('answers the same key again with the hash in force', async () => {
    const { again } = await opened();
    expect(await again({}, 'k')).toMatchObject({ ok: true, replayed: false, value: { hash: hashOf(1) } });
    expect(await again({}, 'k')).toMatchObject({ ok: true, replayed: true, value: { hash: hashOf(1) } });
    expect(await again({}, 'other')).toMatchObject({ ok: true, replayed: false, value: { hash: hashOf(2) } });
    expect(await again({}, 'k')).toMatchObject({ ok: true, replayed: true, value: { hash: hashOf(2) } });
  });

  it('refuses the generation that is no longer in force, and tells which one is', async () => {
    const { again } = await opened();
    await again({ generation: 0 });
    expect(await again({ generation: 0 })).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 422, body: { generation: ['The generation is 1 by now.'] } },
    });
    expect(await again({ generation: 2 }, 'k')).toMatchObject({
      ok: false,
      error: { body: { generation: ['The generation is 1 by now.'] } },
    });
  });

  it('wants a key or a generation, so that a repeated request does not end the new hash', async () => {
    const { context, again } = await opened();
    expect(await again({})).toMatchObject({
      ok: false,
      replayed: false,
      error: {
        status: 422,
        body: { generation: ['The generation field is required without an Idempotency-Key.'] },
      },
    });
    expect(await context.auth.verifyPayoutHash(hashOf(0))).toMatchObject({ ok: true });
  });

  it.each([
    [-1, 'The generation must be at least 0.'],
    [1.5, 'The generation must be an integer.'],
    ['0', 'The generation must be an integer.'],
    [null, 'The generation must be an integer.'],
    [2_147_483_647, 'The generation may not be greater than 2147483646.'],
    [Number.MAX_SAFE_INTEGER, 'The generation may not be greater than 2147483646.'],
  ])('refuses the generation %j', async (generation, message) => {
    const { again } = await opened();
    expect(await again({ generation })).toMatchObject({
      ok: false,
      error: { status: 422, body: { generation: [message] } },
    });
  });

  it('asks storage for the highest generation that may be sent', async () => {
    const { again } = await opened();
    expect(await again({ generation: 2_147_483_646 })).toMatchObject({
      ok: false,
      error: { body: { generation: ['The generation is 0 by now.'] } },
    });
  });

  it('refuses unknown fields and a wrong key before storage is asked', async () => {
    const { storage, again } = await opened();
    const find = vi.spyOn(storage, 'findPayoutUser');
    expect(await again({ generation: 0, email: 'new@example.com' })).toMatchObject({
      ok: false,
      error: { body: { email: ['The email field is not known.'] } },
    });
    expect(await again({ generation: 0 }, '')).toMatchObject({ ok: false, error: { code: 'invalid_idempotency_key' } });
    expect(find).not.toHaveBeenCalled();
  });

  it('is null for an id that the business does not have', async () => {
    const { again } = await opened();
    expect(await again({ generation: 0 }, 'k', 'usr_unknown')).toBeNull();
  });

  it('refuses a closed user, but replays what was done before', async () => {
    const { context, ann, again } = await opened();
    await again({}, 'k');
    await context.auth.payoutUsers.change({ businessId: 'biz_1', id: ann, status: 'closed' });
    expect(await again({ generation: 1 })).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 422, body: { status: ['The payout user is closed, for ever.'] } },
    });
    expect(await again({}, 'k')).toMatchObject({ ok: true, replayed: true, value: { hash: hashOf(1) } });
  });
});
