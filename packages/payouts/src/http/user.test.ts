import { describe, expect, it } from 'vitest';
import { scene } from '../../test/scene.js';

const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
const ANN = { businessId: 'biz_1', email: 'ann@example.com' };

async function paid() {
  const made = await scene();
  await made.endow(1000);
  await made.payouts.create({ ...ANN, amount: 100 });
  const created = await made.payouts.create({ ...ANN, amount: 23 });
  await made.payouts.create({ businessId: 'biz_1', email: 'bob@example.com', amount: 500 });
  if (!created.ok) throw new Error('the payout was refused');
  return { ...made, hash: created.value.hash, ann: created.value.payoutUser.id };
}

describe('GET /payout/balance', () => {
  it('has the balance of the user whose hash it is', async () => {
    const { send, hash } = await paid();
    expect(await send('GET /payout/balance', { hash })).toEqual({
      status: 200,
      headers: PRIVATE,
      body: { balance: 123, pending: 0, currency: 'USD' },
    });
  });

  it('has its fields in the order of the document', async () => {
    const { send, hash } = await paid();
    const { body } = await send('GET /payout/balance', { hash });
    expect(JSON.stringify(body)).toBe('{"balance":123,"pending":0,"currency":"USD"}');
  });

  it('has nothing of a user who was opened without money', async () => {
    const { send, payouts } = await paid();
    const { hash } = await payouts.auth.payoutUsers.open({ ...ANN, email: 'eve@example.com' });
    expect(await send('GET /payout/balance', { hash })).toMatchObject({
      body: { balance: 0, pending: 0, currency: 'USD' },
    });
  });

  it('takes the hash from the body and from the query', async () => {
    const { send, hash } = await paid();
    const found = { status: 200, body: { balance: 123 } };
    expect(await send('GET /payout/balance', { key: null, json: { payout_hash: hash } })).toMatchObject(found);
    expect(await send(`GET /payout/balance?payout_hash=${hash}`, { key: null })).toMatchObject(found);
  });

  it('asks for a hash, and takes no API key for one', async () => {
    const { send, key } = await paid();
    expect(await send('GET /payout/balance')).toEqual({
      status: 401,
      headers: { ...PRIVATE, 'www-authenticate': 'PayoutHash realm="payouts"' },
      body: { error: 'Unauthorized', message: 'Missing authorization header' },
    });
    expect(await send('GET /payout/balance', { hash: key })).toEqual({
      status: 401,
      headers: { ...PRIVATE, 'www-authenticate': 'PayoutHash realm="payouts", error="invalid_token"' },
      body: { error: 'Unauthorized', message: 'Payout hash not found or inactive' },
    });
  });

  it('is closed while payouts are switched off', async () => {
    const { send, hash, payouts } = await paid();
    await payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    expect(await send('GET /payout/balance', { hash })).toEqual({
      status: 403,
      headers: PRIVATE,
      body: { error: 'Payouts are currently disabled. Please enable them in Settings.' },
    });
  });

  it('is closed to a user who is not active', async () => {
    const { send, hash, ann, payouts } = await paid();
    await payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: ann, status: 'inactive' });
    expect(await send('GET /payout/balance', { hash })).toMatchObject({ status: 401 });
  });
});

describe('GET /payout/operations', () => {
  it('has the user’s own history, newest first', async () => {
    const { send, hash } = await paid();
    const { status, headers, body } = await send('GET /payout/operations', { hash });
    expect({ status, headers }).toEqual({ status: 200, headers: PRIVATE });
    expect(body).toMatchObject({
      items: [
        { amount: 23, direction: 'credit', type: 'allocation', pending_id: null },
        { amount: 100, created_at: '2026-01-01T00:00:00.000Z' },
      ],
      next_cursor: null,
    });
  });

  it('goes on where the page before ended', async () => {
    const { send, hash } = await paid();
    const first = await send('GET /payout/operations?limit=1', { hash });
    const { next_cursor } = first.body as { next_cursor: string };
    expect(first.body).toMatchObject({ items: [{ amount: 23 }] });
    expect(await send(`GET /payout/operations?limit=1&cursor=${next_cursor}`, { hash })).toMatchObject({
      body: { items: [{ amount: 100 }], next_cursor: null },
    });
  });

  it.each([
    ['limit=0', { limit: ['The limit must be an integer from 1 to 100.'] }],
    ['limit=ten', { limit: ['The limit must be an integer from 1 to 100.'] }],
    ['limit=1&limit=2', { limit: ['The limit field may be sent only once.'] }],
    ['cursor=7', { cursor: ['The cursor must be one that a page of this list gave.'] }],
  ])('refuses ?%s', async (query, body) => {
    const { send, hash } = await paid();
    expect(await send(`GET /payout/operations?${query}`, { hash })).toMatchObject({ status: 422, body });
  });
});
