import { businessId, derivePayoutHash, SecretUnavailableError } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it, vi } from 'vitest';
import { OTHER_SECRET, SECRET, scene } from '../../test/scene.js';
import { allocationFields } from './allocate.js';

const ANN = { businessId: 'biz_1', email: 'ann@example.com' };
const hashOf = (generation = 0): string => derivePayoutHash({ secret: SECRET, ...ANN, generation });
const old = { id: 'old', secret: SECRET };
const fresh = { id: 'fresh', secret: OTHER_SECRET };

async function endowed(amount = 1000) {
  const made = await scene();
  await made.endow(amount);
  return made;
}

describe('allocate', () => {
  it('opens the payout user with the first money, and answers with the hash', async () => {
    const { payouts, balances, clock } = await endowed();
    const created = await payouts.create({ ...ANN, email: ' Ann@Example.com ', amount: 100 });
    expect(created).toEqual({
      ok: true,
      replayed: false,
      value: {
        hash: hashOf(),
        payoutUser: {
          id: expect.stringMatching(/^usr_[0-9a-f]{24}$/),
          businessId: 'biz_1',
          email: 'Ann@Example.com',
          generation: 0,
          status: 'active',
          expiresAt: null,
          createdAt: clock.now,
        },
      },
    });
    expect(await balances()).toEqual([0, 900]);
    expect(await payouts.auth.payoutUsers.findByEmail(ANN)).toMatchObject({ email: 'Ann@Example.com' });
    expect(await payouts.auth.verifyPayoutHash(hashOf())).toMatchObject({ ok: true });
  });

  it('adds to what the user has, however the address is written', async () => {
    const { payouts } = await endowed();
    const first = await payouts.create({ ...ANN, amount: 100 });
    const second = await payouts.create({ ...ANN, email: 'ANN@example.com', amount: 23 });
    if (!first.ok || !second.ok) throw new Error('a payout was refused');
    expect(second.value).toEqual(first.value);
    const payoutUserId = first.value.payoutUser.id;
    expect(await payouts.payoutUserBalance({ businessId: 'biz_1', payoutUserId })).toEqual({
      currency: 'USD',
      balance: 123,
      pending: 0,
    });
  });

  it('prints without the hash', async () => {
    const { payouts } = await endowed();
    const created = await payouts.create({ ...ANN, amount: 100 });
    expect(JSON.stringify(created)).toContain('"hash":"[redacted]"');
  });

  it('refuses more than is set aside, by a cent, and opens nobody', async () => {
    const { payouts, balances } = await endowed(99);
    expect(await payouts.create({ ...ANN, amount: 100 })).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 400, body: { error: 'Insufficient payout balance' } },
    });
    expect(await payouts.auth.payoutUsers.findByEmail(ANN)).toBeNull();
    expect(await balances()).toEqual([0, 99]);
    expect(await payouts.create({ ...ANN, amount: 99 })).toMatchObject({ ok: true });
  });

  it('does not pay from the business’s own balance', async () => {
    const { payouts, balances } = await scene();
    await payouts.deposit({ businessId: 'biz_1', amount: 100 });
    expect(await payouts.create({ ...ANN, amount: 1 })).toMatchObject({ ok: false, error: { status: 400 } });
    expect(await balances()).toEqual([100, 0]);
  });

  it('refuses wrong fields and a wrong key before storage is asked', async () => {
    const { payouts, storage } = await endowed();
    const find = vi.spyOn(storage, 'findPayoutUsersByEmail');
    const apply = vi.spyOn(storage, 'applyTransfers');
    expect(await payouts.create({ ...ANN, email: 'ann', amount: 0 })).toMatchObject({
      ok: false,
      replayed: false,
      error: {
        status: 422,
        body: {
          email: ['The email must be a valid email address.'],
          amount: ['The amount must be at least 1.'],
        },
      },
    });
    expect(await payouts.create({ ...ANN, amount: 1, idempotencyKey: '' })).toMatchObject({
      ok: false,
      error: { status: 400 },
    });
    expect(find).not.toHaveBeenCalled();
    expect(apply).not.toHaveBeenCalled();
  });

  it('pays a user who is inactive or has expired: the money waits', async () => {
    const { payouts, clock } = await endowed();
    const { payoutUser } = await payouts.auth.payoutUsers.open(ANN);
    const named = { businessId: 'biz_1', id: payoutUser.id };
    await payouts.auth.payoutUsers.change({ ...named, status: 'inactive', expiresAt: clock.now + 1 });
    clock.now += 2;
    expect(await payouts.create({ ...ANN, amount: 1 })).toMatchObject({
      ok: true,
      value: { payoutUser: { status: 'inactive' } },
    });
  });

  it('refuses a closed user, and keeps the refusal', async () => {
    const { payouts, balances } = await endowed();
    const { payoutUser } = await payouts.auth.payoutUsers.open(ANN);
    await payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: payoutUser.id, status: 'closed' });
    const asked = { ...ANN, amount: 1, idempotencyKey: 'k' };
    const refused = {
      ok: false,
      error: { status: 422, body: { email: ['The email belongs to a payout user who is closed.'] } },
    };
    expect(await payouts.create(asked)).toMatchObject({ ...refused, replayed: false });
    expect(await payouts.create(asked)).toMatchObject({ ...refused, replayed: true });
    expect(await balances()).toEqual([0, 1000]);
  });

  it('has no more fields than an address, an amount and words on it', () => {
    expect(Object.keys(allocationFields.shape)).toEqual(['email', 'amount', 'reference', 'metadata']);
  });
});

describe('allocate, sent again', () => {
  const asked = { ...ANN, amount: 100, reference: 'r', metadata: { a: 'b' }, idempotencyKey: 'k' };

  it('moves money once, and answers the same', async () => {
    const { payouts, balances } = await endowed();
    const first = await payouts.create(asked);
    expect(first).toMatchObject({ ok: true, replayed: false });
    expect(await payouts.create(asked)).toEqual({ ...first, replayed: true });
    expect(await payouts.create({ ...asked, email: ' ANN@example.com ' })).toEqual({ ...first, replayed: true });
    expect(await balances()).toEqual([0, 900]);
  });

  it('is known by what a version before this one kept of it', async () => {
    const { payouts, storage } = await endowed();
    await payouts.create({ ...asked, email: ' ANN@example.com ' });
    // printf '["idempotency-key","biz_1","business","payout/create","k"]' | sha256sum
    const id = 'tr_68562ddf5192b29f516fe5da451a4ec09a822867';
    const [kept] = await storage.findTransfers([{ businessId: businessId('biz_1'), id }]);
    // printf '["payout/create","ann@example.com"]' | sha256sum
    expect(kept?.requestDigest).toBe('5e57a9df64e22ac534da4dd18daf7b38a7af8a5d3a2a985d9cb60be064170b6a');
  });

  it('has the hash of the present generation', async () => {
    const { payouts } = await endowed();
    const first = await payouts.create(asked);
    if (!first.ok) throw new Error('the payout was refused');
    const named = { businessId: 'biz_1', id: first.value.payoutUser.id };
    await payouts.auth.payoutUsers.reissue({ ...named, expectedGeneration: 0 });
    expect(await payouts.create(asked)).toMatchObject({
      ok: true,
      replayed: true,
      value: { hash: hashOf(1), payoutUser: { generation: 1 } },
    });
  });

  it.each([
    { email: 'bob@example.com' },
    { amount: 101 },
    { reference: 'other' },
    { reference: undefined },
    { metadata: { a: 'c' } },
    { metadata: { a: 'b', c: 'd' } },
    { metadata: undefined },
  ])('is refused with another %j', async (change) => {
    const { payouts, balances } = await endowed();
    await payouts.create(asked);
    expect(await payouts.create({ ...asked, ...change })).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 422, body: { error: 'Idempotency key reused' } },
    });
    expect(await payouts.auth.payoutUsers.findByEmail({ ...ANN, email: 'bob@example.com' })).toBeNull();
    expect(await balances()).toEqual([0, 900]);
  });

  it('is refused with the address of a user who is known', async () => {
    const { payouts, balances } = await endowed();
    await payouts.auth.payoutUsers.open({ ...ANN, email: 'bob@example.com' });
    await payouts.create(asked);
    expect(await payouts.create({ ...asked, email: 'bob@example.com' })).toMatchObject({
      ok: false,
      error: { code: 'idempotency_key_reused' },
    });
    expect(await balances()).toEqual([0, 900]);
  });
});

describe('allocate, with several secrets', () => {
  it('keeps the hash of a user whose secret is no longer the first', async () => {
    const { storage, payouts } = await scene({ secrets: [old] });
    await payouts.deposit({ businessId: 'biz_1', amount: 10 });
    await payouts.fund({ businessId: 'biz_1', amount: 10 });
    await payouts.create({ ...ANN, amount: 1 });
    const rotated = await scene({ storage, secrets: [fresh, old] });
    expect(await rotated.payouts.create({ ...ANN, amount: 1 })).toMatchObject({ ok: true, value: { hash: hashOf() } });
    const bob = { businessId: 'biz_1', email: 'bob@example.com' };
    expect(await rotated.payouts.create({ ...bob, amount: 1 })).toMatchObject({
      value: { hash: derivePayoutHash({ secret: OTHER_SECRET, ...bob }) },
    });
  });

  it('throws for a user whose secret is not configured, before any money moves', async () => {
    const { storage, payouts, endow } = await scene({ secrets: [old] });
    await endow(10);
    await payouts.create({ ...ANN, amount: 1 });
    const without = await scene({ storage, secrets: [fresh] });
    const apply = vi.spyOn(storage, 'applyTransfers');
    const thrown = await without.payouts.create({ ...ANN, amount: 1 }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(SecretUnavailableError);
    expect(thrown).toMatchObject({ secretId: 'old' });
    expect(apply).not.toHaveBeenCalled();
    expect(await without.balances()).toEqual([0, 9]);
  });
});

/** Two processes on one storage, of which the second has another current secret, and reads before the first has written. */
async function twoProcesses() {
  const storage = memoryStorage();
  const one = await scene({ storage, secrets: [old, fresh] });
  const two = await scene({ storage, secrets: [fresh, old] });
  await one.endow(1000);
  const behind = (times: number): void => {
    const find = vi.spyOn(storage, 'findPayoutUsersByEmail');
    for (let time = 0; time < times; time++) find.mockImplementationOnce((emails) => emails.map(() => undefined));
  };
  return { one, two, behind };
}

describe('allocate, where another process opens the address in between', () => {
  it('pays the user whom the other one opened', async () => {
    const { one, two, behind } = await twoProcesses();
    await one.payouts.create({ ...ANN, amount: 1 });
    behind(2);
    const created = await two.payouts.create({ ...ANN, amount: 2 });
    expect(created).toMatchObject({ ok: true, replayed: false, value: { hash: hashOf() } });
    expect(await one.balances()).toEqual([0, 997]);
  });

  it('replays what the other one did for the same key', async () => {
    const { one, two, behind } = await twoProcesses();
    const asked = { ...ANN, amount: 1, idempotencyKey: 'k' };
    await one.payouts.create(asked);
    behind(1);
    expect(await two.payouts.create(asked)).toMatchObject({ ok: true, replayed: true, value: { hash: hashOf() } });
    expect(await one.balances()).toEqual([0, 999]);
  });

  it('gives up where no look-up ever finds the user', async () => {
    const { one, two, behind } = await twoProcesses();
    await one.payouts.create({ ...ANN, amount: 1 });
    behind(3);
    await expect(two.payouts.create({ ...ANN, amount: 2 })).rejects.toThrow(
      'a payout user was opened under another id each time that this allocation was tried',
    );
    expect(await one.balances()).toEqual([0, 999]);
  });
});
