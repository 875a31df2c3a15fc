/** One business never reaches another, and its test side never reaches its live side. */
import { SecretUnavailableError } from '@bursar/core';
import { describe, expect, it, vi } from 'vitest';
import { OTHER_SECRET, SECRET, scene } from './scene.js';

const ANN = 'ann@example.com';
const unknown = { status: 404, body: { error: 'Not found' } };

/** `biz_1` live with a payout user, and the API key of another side: a second business, or the test side of the first. */
async function twoSides(businessId: string) {
  const made = await scene();
  await made.payouts.auth.businesses.create({ id: 'biz_2' });
  await made.endow(1000);
  const created = await made.payouts.create({ businessId: 'biz_1', email: ANN, amount: 100 });
  if (!created.ok) throw new Error('the payout was refused');
  const { key: otherKey } = await made.payouts.auth.apiKeys.issue({ businessId, name: 'other' });
  return { ...made, ann: created.value.payoutUser.id, hash: created.value.hash, other: { key: otherKey } };
}

describe.each(['biz_2', 'biz_1_test'])('%s', (businessId) => {
  it('does not know the payout users of biz_1', async () => {
    const { send, ann, other, payouts, hash } = await twoSides(businessId);
    expect(await send(`GET /payout/users/${ann}`, other)).toMatchObject(unknown);
    expect(await send(`GET /payout/users/${ann}/operations`, other)).toMatchObject(unknown);
    expect(await send(`PATCH /payout/users/${ann}`, { ...other, json: { status: 'closed' } })).toMatchObject(unknown);
    expect(await send(`POST /payout/users/${ann}/reissue`, { ...other, idempotencyKey: 'k' })).toMatchObject(unknown);
    expect(await send('GET /payout/users', other)).toMatchObject({ body: { items: [], next_cursor: null } });
    expect(await send(`GET /payout/users?email=${ANN}`, other)).toMatchObject({ body: { items: [] } });
    expect(await payouts.auth.verifyPayoutHash(hash)).toMatchObject({ ok: true });
  });

  it('has balances of its own, and pays nothing from those of biz_1', async () => {
    const { send, other, balances } = await twoSides(businessId);
    expect(await send('GET /balance', other)).toMatchObject({ body: { balance: 0, payout_balance: 0 } });
    expect(await send('POST /payout/create', { ...other, json: { email: ANN, amount: 1 } })).toMatchObject({
      status: 400,
      body: { error: 'Insufficient payout balance' },
    });
    expect(await balances()).toEqual([0, 900]);
  });

  it('has another user and another hash for the same address', async () => {
    const { send, other, endow, hash, ann, balances } = await twoSides(businessId);
    await endow(10, businessId);
    const created = await send('POST /payout/create', { ...other, json: { email: ANN, amount: 4 } });
    const theirs = (created.body as { hash: string }).hash;
    expect(theirs).toMatch(/^[0-9a-f]{64}$/);
    expect(theirs).not.toBe(hash);
    expect(await send('GET /payout/balance', { hash: theirs })).toMatchObject({ body: { balance: 4 } });
    expect(await send('GET /payout/balance', { hash })).toMatchObject({ body: { balance: 100 } });
    const { items } = (await send('GET /payout/users', other)).body as { items: { id: string }[] };
    expect(items).toHaveLength(1);
    expect(items[0]?.id).not.toBe(ann);
    expect([await balances(), await balances(businessId)]).toEqual([
      [0, 900],
      [0, 6],
    ]);
  });

  it('has idempotency keys of its own', async () => {
    const { send, other, endow, balances } = await twoSides(businessId);
    await endow(10, businessId);
    const sent = { idempotencyKey: 'k', json: { email: ANN, amount: 5 } };
    await send('POST /payout/create', sent);
    const theirs = await send('POST /payout/create', { ...other, ...sent });
    expect(theirs.status).toBe(200);
    expect(theirs.headers).not.toHaveProperty('idempotency-replayed');
    expect([await balances(), await balances(businessId)]).toEqual([
      [0, 895],
      [0, 5],
    ]);
  });

  it('takes no cursor of a list of biz_1', async () => {
    const { send, other } = await twoSides(businessId);
    await send('POST /payout/create', { json: { email: 'bob@example.com', amount: 1 } });
    const { next_cursor } = (await send('GET /payout/users?limit=1')).body as { next_cursor: string };
    expect(next_cursor).toMatch(/^usr_/);
    expect(await send(`GET /payout/users?cursor=${next_cursor}`, other)).toMatchObject({
      status: 422,
      body: { cursor: ['The cursor must be one that a page of this list gave.'] },
    });
  });

  it('is switched off alone', async () => {
    const { send, other, payouts, hash } = await twoSides(businessId);
    await payouts.auth.businesses.setPayoutsEnabled(businessId, false);
    expect(await send('POST /payout/create', { ...other, json: { email: ANN, amount: 1 } })).toMatchObject({
      status: 403,
    });
    expect(await send('POST /payout/create', { json: { email: ANN, amount: 1 } })).toMatchObject({ status: 200 });
    expect(await send('GET /payout/balance', { hash })).toMatchObject({ status: 200 });
  });
});

describe('a payout user', () => {
  it('takes no cursor of another one’s history', async () => {
    const { send, payouts, ann } = await twoSides('biz_2');
    const pay = (email: string) => payouts.create({ businessId: 'biz_1', email, amount: 1 });
    await pay(ANN);
    const bob = await pay('bob@example.com');
    await pay('bob@example.com');
    if (!bob.ok) throw new Error('the payout was refused');
    const first = await send(`GET /payout/users/${ann}/operations?limit=1`);
    const { next_cursor } = first.body as { next_cursor: string };
    expect(next_cursor).toMatch(/^2\.[0-9a-f]{12}$/);
    const { hash } = bob.value;
    for (const cursor of [next_cursor, next_cursor.replace('2.', '3.'), `${next_cursor}0`]) {
      expect(await send(`GET /payout/operations?cursor=${cursor}`, { hash })).toMatchObject({ status: 422 });
    }
  });

  it('does nothing with its hash that takes an API key', async () => {
    const { send, hash, ann } = await twoSides('biz_2');
    for (const line of ['GET /balance', 'GET /payout/users', `GET /payout/users/${ann}`, 'POST /payout/fund']) {
      expect(await send(line, { hash })).toMatchObject({
        status: 401,
        body: { message: 'Missing authorization header' },
      });
      expect(await send(line, { key: hash })).toMatchObject({ status: 401, body: { message: 'Invalid API key' } });
    }
  });
});

describe('a user whose secret is no longer configured', () => {
  it('is refused before any money moves, by create and by a replay of it', async () => {
    const before = await scene({ secrets: [{ id: '2025', secret: SECRET }] });
    await before.endow(100);
    const sent = { idempotencyKey: 'k', json: { email: ANN, amount: 10 } };
    await before.send('POST /payout/create', sent);

    const { storage } = before;
    const after = await scene({ storage, secrets: [{ id: '2026', secret: OTHER_SECRET }] });
    const apply = vi.spyOn(storage, 'applyTransfers');
    for (const idempotencyKey of ['k', 'another']) {
      const asked = after.send('POST /payout/create', { ...sent, idempotencyKey });
      await expect(asked).rejects.toBeInstanceOf(SecretUnavailableError);
    }
    expect(apply).not.toHaveBeenCalled();
    expect(await after.balances()).toEqual([0, 90]);
    expect(await after.payouts.auth.checkReadiness()).toMatchObject({ ready: false });
  });
});
