import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SECRET, START, scene } from '../../test/scene.js';
import { digest } from '../digest.js';
import { derivePayoutHash } from './derive.js';
import type { ChangePayoutUserOptions } from './users.js';

const ADDRESS = { businessId: 'biz_1', email: 'User@Example.com' };

describe('payoutUsers.open', () => {
  it('opens a user whose hash lets it in', async () => {
    const { auth } = await scene();
    const { payoutUser, hash } = await auth.payoutUsers.open(ADDRESS);
    expect(hash).toBe(derivePayoutHash({ ...ADDRESS, secret: SECRET }));
    expect(payoutUser).toMatchObject({ email: 'User@Example.com', generation: 0, status: 'active', createdAt: START });
    expect(await auth.verifyPayoutHash(hash)).toMatchObject({ ok: true, payoutUser, business: { id: 'biz_1' } });
  });

  it('finds the one that is there, as it was given first, and keeps nothing but the digest', async () => {
    const { auth, storage } = await scene();
    const first = await auth.payoutUsers.open({ ...ADDRESS, email: '  User@Example.com ' });
    const second = await auth.payoutUsers.open({ ...ADDRESS, email: 'USER@EXAMPLE.COM' });
    expect(second).toEqual(first);
    expect(first.payoutUser.email).toBe('User@Example.com');
    expect(storage.payoutUsers.size).toBe(1);
    expect(JSON.stringify([...storage.payoutUsers.values()])).not.toContain(first.hash);
    expect(storage.payoutUsers.get(first.payoutUser.id)?.digest).toBe(digest(first.hash));
  });

  it('gives two at the same time the same user', async () => {
    const { auth, storage } = await scene();
    storage.asynchronous = true;
    const opened = await Promise.all(Array.from({ length: 20 }, () => auth.payoutUsers.open(ADDRESS)));
    expect(new Set(opened.map((one) => one.hash)).size).toBe(1);
    expect(storage.payoutUsers.size).toBe(1);
    expect(storage.count('openPayoutUsers')).toBe(2);
  });

  it('keeps the sides of a business apart', async () => {
    const { auth } = await scene();
    const live = await auth.payoutUsers.open(ADDRESS);
    const test = await auth.payoutUsers.open({ ...ADDRESS, businessId: 'biz_1_test' });
    expect(test.hash).not.toBe(live.hash);
    expect(test.payoutUser.id).not.toBe(live.payoutUser.id);
  });

  it('refuses an unknown business, a wrong id and a wrong address by name', async () => {
    const { auth } = await scene();
    await expect(auth.payoutUsers.open({ ...ADDRESS, businessId: 'biz_9' })).rejects.toThrow(/"biz_9" does not exist/);
    await expect(auth.payoutUsers.open({ ...ADDRESS, businessId: '' })).rejects.toThrow(/^businessId must be/);
    await expect(auth.payoutUsers.open({ ...ADDRESS, email: ' ' })).rejects.toThrow(/^email must not be empty/);
  });

  it('shows neither the hash nor its digest when it is printed', async () => {
    const { auth } = await scene();
    const opened = await auth.payoutUsers.open(ADDRESS);
    for (const printed of [inspect(opened, { depth: 9 }), JSON.stringify([opened]), String(opened)]) {
      expect(printed).not.toContain(opened.hash);
      expect(printed).not.toContain(digest(opened.hash));
    }
    expect(JSON.stringify(opened)).toContain('"hash":"[redacted]"');
    expect(inspect(opened)).toContain('User@Example.com');
  });
});

describe('payoutUsers.find and list', () => {
  it('shows users without digest, and only those of the business that is asked for', async () => {
    const { auth } = await scene();
    const { payoutUser } = await auth.payoutUsers.open(ADDRESS);
    expect(await auth.payoutUsers.find({ businessId: 'biz_1', id: payoutUser.id })).toEqual(payoutUser);
    expect(await auth.payoutUsers.find({ businessId: 'biz_1_test', id: payoutUser.id })).toBeNull();
    expect(await auth.payoutUsers.list({ businessId: 'biz_1' })).toEqual([payoutUser]);
    expect(await auth.payoutUsers.list({ businessId: 'biz_1', after: payoutUser.id })).toEqual([]);
    expect(await auth.payoutUsers.list({ businessId: 'biz_1_test' })).toEqual([]);
    expect(payoutUser).not.toHaveProperty('digest');
  });

  it('finds a user by the address, however it is written, in its own business alone', async () => {
    const { auth } = await scene();
    const { payoutUser } = await auth.payoutUsers.open(ADDRESS);
    const email = ' USER@example.com';
    expect(await auth.payoutUsers.findByEmail({ businessId: 'biz_1', email })).toEqual(payoutUser);
    expect(await auth.payoutUsers.findByEmail({ businessId: 'biz_1_test', email })).toBeNull();
    expect(await auth.payoutUsers.findByEmail({ businessId: 'biz_1', email: 'other@example.com' })).toBeNull();
    await expect(auth.payoutUsers.findByEmail({ businessId: 'biz_1', email: ' ' })).rejects.toThrow(/^email must/);
    await expect(auth.payoutUsers.findByEmail({ businessId: '', email })).rejects.toThrow(/^businessId must/);
  });

  it('lists one a page, or a hundred', async () => {
    const { auth } = await scene();
    for (let index = 0; index < 101; index++) {
      await auth.payoutUsers.open({ businessId: 'biz_1', email: `user-${index}@example.com` });
    }
    for (const limit of [1, 100])
      expect(await auth.payoutUsers.list({ businessId: 'biz_1', limit })).toHaveLength(limit);
    expect(await auth.payoutUsers.list({ businessId: 'biz_1' })).toHaveLength(50);
  });

  it.each([0, 101, 1.5, Number.NaN, '5'])('refuses the limit %j by name, as no fault of storage', async (limit) => {
    const { auth } = await scene();
    const wrong = { businessId: 'biz_1', limit: limit as number };
    await expect(auth.payoutUsers.list(wrong)).rejects.toThrow(/^limit must be/);
    await expect(auth.apiKeys.list(wrong)).rejects.toThrow(/^limit must be/);
    await expect(auth.payoutUsers.find({ businessId: '', id: 'x' })).rejects.toThrow(/^businessId must be/);
    await expect(auth.apiKeys.find({ businessId: '', id: 'x' })).rejects.toThrow(/^businessId must be/);
  });
});

describe('payoutUsers.change', () => {
  it('shuts a user out at once, and lets an inactive one in again', async () => {
    const { auth, events } = await scene();
    const { payoutUser, hash } = await auth.payoutUsers.open(ADDRESS);
    const named = { businessId: 'biz_1', id: payoutUser.id };
    expect(await auth.payoutUsers.change({ ...named, status: 'inactive' })).toMatchObject({
      status: 'changed',
      payoutUser: { status: 'inactive' },
    });
    expect(await auth.verifyPayoutHash(hash)).toMatchObject({ ok: false, reason: 'inactive' });
    await auth.payoutUsers.change({ ...named, status: 'active' });
    expect(await auth.verifyPayoutHash(hash)).toMatchObject({ ok: true });
    const event = {
      type: 'payout_user_changed',
      payoutUserId: payoutUser.id,
      businessId: 'biz_1',
      at: START,
      digestPrefix: digest(hash).slice(0, 8),
      address: null,
    };
    expect(events).toEqual([event, event]);
  });

  it('leaves what is not named as it is', async () => {
    const { auth } = await scene();
    const { payoutUser } = await auth.payoutUsers.open(ADDRESS);
    const named = { businessId: 'biz_1', id: payoutUser.id };
    const expiresAt = START + 1000;
    await auth.payoutUsers.change({ ...named, expiresAt });
    await auth.payoutUsers.change({ ...named, status: 'inactive' });
    await auth.payoutUsers.change({ ...named, expiresAt: expiresAt + 1 });
    expect(await auth.payoutUsers.find(named)).toMatchObject({ status: 'inactive', expiresAt: expiresAt + 1 });
    await auth.payoutUsers.change({ ...named, status: 'active' });
    expect(await auth.payoutUsers.find(named)).toMatchObject({ status: 'active', expiresAt: expiresAt + 1 });
  });

  it('closes for ever', async () => {
    const { auth, events } = await scene();
    const { payoutUser, hash } = await auth.payoutUsers.open(ADDRESS);
    const named = { businessId: 'biz_1', id: payoutUser.id };
    await auth.payoutUsers.change({ ...named, status: 'closed' });
    expect(await auth.payoutUsers.change({ ...named, status: 'active' })).toEqual({ status: 'closed' });
    expect(await auth.payoutUsers.reissue({ ...named, expectedGeneration: 0 })).toEqual({ status: 'closed' });
    expect((await auth.payoutUsers.open(ADDRESS)).payoutUser.status).toBe('closed');
    expect(await auth.verifyPayoutHash(hash)).toMatchObject({ ok: false, reason: 'inactive' });
    expect(events).toHaveLength(1);
  });

  it('ends a hash at its expiry, to the millisecond', async () => {
    const { auth, clock } = await scene();
    const { payoutUser, hash } = await auth.payoutUsers.open(ADDRESS);
    await auth.payoutUsers.change({ businessId: 'biz_1', id: payoutUser.id, expiresAt: START + 1000 });
    clock.now = START + 999;
    expect(await auth.verifyPayoutHash(hash)).toMatchObject({ ok: true });
    clock.now = START + 1000;
    expect(await auth.verifyPayoutHash(hash)).toMatchObject({ ok: false, reason: 'expired' });
    await auth.payoutUsers.change({ businessId: 'biz_1', id: payoutUser.id, expiresAt: null });
    expect(await auth.verifyPayoutHash(hash)).toMatchObject({ ok: true });
  });

  it('does not find the user of another business', async () => {
    const { auth, events } = await scene();
    const { payoutUser } = await auth.payoutUsers.open(ADDRESS);
    const named = { businessId: 'biz_1_test', id: payoutUser.id };
    expect(await auth.payoutUsers.change({ ...named, status: 'closed' })).toEqual({ status: 'not_found' });
    expect(events).toEqual([]);
  });

  it.each([
    { status: 'deleted' },
    { status: null },
    { expiresAt: START },
    { expiresAt: START - 1 },
    { expiresAt: 1.5e12 + 0.5 },
    { expiresAt: Number.NaN },
    { expiresAt: '2030-01-01' },
  ])('refuses %j by name', async (change) => {
    const { auth } = await scene();
    const { payoutUser } = await auth.payoutUsers.open(ADDRESS);
    const wrong = { businessId: 'biz_1', id: payoutUser.id, ...change } as ChangePayoutUserOptions;
    await expect(auth.payoutUsers.change(wrong)).rejects.toThrow(/^(status|expiresAt) must be/);
  });
});
