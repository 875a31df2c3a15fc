/** What an Idempotency-Key promises, whatever has changed between the first request and the next. */
import { derivePayoutHash } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { SECRET, scene } from './scene.js';

const ANN = 'ann@example.com';
const sent = { idempotencyKey: 'order-7', json: { email: ANN, amount: 100 } };
const hashOf = (generation = 0): string =>
  derivePayoutHash({ secret: SECRET, businessId: 'biz_1', email: ANN, generation });

async function endowed(amount = 1000) {
  const made = await scene();
  await made.endow(amount);
  const users = made.payouts.auth.payoutUsers;
  return {
    ...made,
    create: (over = {}) => made.send('POST /payout/create', { ...sent, ...over }),
    annsId: async () => String((await users.findByEmail({ businessId: 'biz_1', email: ANN }))?.id),
  };
}

const success = { status: 200, body: { hash: hashOf() } };
const replayed = { headers: { 'idempotency-replayed': 'true' } };
const disabled = {
  status: 403,
  headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  body: { error: 'Payouts are currently disabled. Please enable them in Settings.' },
};

describe('a refusal by the state', () => {
  it('stays the answer to its key after the account was funded; a new key is looked at anew', async () => {
    const { create, endow, balances } = await endowed(99);
    expect(await create()).toMatchObject({ status: 400, body: { error: 'Insufficient payout balance' } });
    await endow(1000);
    expect(await create()).toMatchObject({
      ...replayed,
      status: 400,
      body: { error: 'Insufficient payout balance' },
    });
    expect(await balances()).toEqual([0, 1099]);
    expect(await create({ idempotencyKey: 'order-8' })).toMatchObject(success);
    expect(await balances()).toEqual([0, 999]);
    expect(await create()).toMatchObject({ ...replayed, status: 400 });
  });

  it('stays for a closed user, whose earlier payouts are replayed as they were', async () => {
    const { create, payouts, annsId, balances } = await endowed();
    await create();
    await payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: await annsId(), status: 'closed' });
    const refused = { status: 422, body: { email: ['The email belongs to a payout user who is closed.'] } };
    const first = await create({ idempotencyKey: 'order-8' });
    expect(first).toMatchObject(refused);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(await create({ idempotencyKey: 'order-8' })).toMatchObject({ ...refused, ...replayed });
    expect(await create()).toMatchObject({ ...success, ...replayed });
    expect(await balances()).toEqual([0, 900]);
  });
});

describe('payouts that are switched off', () => {
  it('refuse a new key and keep nothing of it: switched on, the same key is paid', async () => {
    const { create, payouts, balances } = await endowed();
    await payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    expect(await create()).toEqual(disabled);
    expect(await create()).toEqual(disabled);
    expect(await payouts.auth.payoutUsers.findByEmail({ businessId: 'biz_1', email: ANN })).toBeNull();
    await payouts.auth.businesses.setPayoutsEnabled('biz_1', true);
    const paid = await create();
    expect(paid).toMatchObject(success);
    expect(paid.headers).not.toHaveProperty('idempotency-replayed');
    expect(await balances()).toEqual([0, 900]);
  });

  it('refuse it before they look at the balance', async () => {
    const { create, payouts } = await endowed(1);
    await payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    expect(await create()).toEqual(disabled);
  });

  it('replay what was paid, and what was refused, before', async () => {
    const { create, payouts, balances } = await endowed(150);
    await create();
    await create({ idempotencyKey: 'order-8' });
    await payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    expect(await create()).toMatchObject({ ...success, ...replayed });
    expect(await create({ idempotencyKey: 'order-8' })).toMatchObject({ ...replayed, status: 400 });
    expect(await create({ json: { email: ANN, amount: 101 } })).toMatchObject({ status: 422 });
    expect(await balances()).toEqual([0, 50]);
  });
});

describe('a known key', () => {
  it('is a conflict with every other request, and moves nothing', async () => {
    const { create, balances } = await endowed();
    await create();
    for (const change of [
      { email: 'bob@example.com' },
      { amount: 101 },
      { reference: 'r' },
      { metadata: { a: 'b' } },
    ]) {
      expect(await create({ json: { ...sent.json, ...change } })).toEqual({
        status: 422,
        headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
        body: {
          error: 'Idempotency key reused',
          message: 'This Idempotency-Key was used before with another request. Use a new key for a new request.',
        },
      });
    }
    expect(await balances()).toEqual([0, 900]);
    expect(await create()).toMatchObject({ ...success, ...replayed });
  });

  it('is replayed after authentication and validation alone', async () => {
    const { create } = await endowed();
    await create();
    expect(await create({ key: null })).toMatchObject({ status: 401 });
    expect(await create({ key: 'wrong' })).toMatchObject({ status: 401 });
    expect(await create({ json: { email: ANN, amount: 0 } })).toMatchObject({
      status: 422,
      body: { amount: ['The amount must be at least 1.'] },
    });
    expect(await create()).toMatchObject(replayed);
  });

  it('was not used by a request that was invalid', async () => {
    const { create, balances } = await endowed();
    await create({ json: { email: ANN, amount: 0 } });
    const paid = await create();
    expect(paid).toMatchObject(success);
    expect(paid.headers).not.toHaveProperty('idempotency-replayed');
    expect(await balances()).toEqual([0, 900]);
  });

  it('holds across a rotation of the API key', async () => {
    const { create, payouts, balances } = await endowed();
    await create();
    const { key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'successor' });
    expect(await create({ key })).toMatchObject({ ...success, ...replayed });
    expect(await balances()).toEqual([0, 900]);
  });

  it('gives the hash of the present generation after a reissue', async () => {
    const { create, send, annsId } = await endowed();
    await create();
    await send(`POST /payout/users/${await annsId()}/reissue`, { json: { generation: 0 } });
    expect(await create()).toMatchObject({ ...replayed, status: 200, body: { hash: hashOf(1) } });
    expect(await send('GET /payout/balance', { hash: hashOf(1) })).toMatchObject({ status: 200 });
    expect(await send('GET /payout/balance', { hash: hashOf() })).toMatchObject({ status: 401 });
  });

  it('is apart for each route', async () => {
    const { create, send, payouts, balances } = await endowed();
    await create();
    await payouts.deposit({ businessId: 'biz_1', amount: 100, idempotencyKey: 'order-7' });
    const funded = await send('POST /payout/fund', { idempotencyKey: 'order-7', json: { amount: 100 } });
    expect(funded).toMatchObject({ status: 200, body: { balance: 0, payout_balance: 1000 } });
    expect(funded.headers).not.toHaveProperty('idempotency-replayed');
    expect(await balances()).toEqual([0, 1000]);
  });
});

describe('without a key', () => {
  it('each request moves money', async () => {
    const { send, balances } = await endowed();
    for (let time = 0; time < 2; time++) await send('POST /payout/create', { json: sent.json });
    expect(await balances()).toEqual([0, 800]);
  });
});
