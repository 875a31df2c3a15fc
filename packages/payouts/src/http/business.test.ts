import { derivePayoutHash } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { SECRET, scene } from '../../test/scene.js';

const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
const REPLAYED = { ...PRIVATE, 'idempotency-replayed': 'true' };
const ANN = 'ann@example.com';
const hashOf = (generation = 0): string =>
  derivePayoutHash({ secret: SECRET, businessId: 'biz_1', email: ANN, generation });

async function endowed(amount = 1000) {
  const made = await scene();
  await made.endow(amount);
  return made;
}

async function withAnn() {
  const made = await endowed();
  const created = await made.payouts.create({ businessId: 'biz_1', email: ANN, amount: 100 });
  if (!created.ok) throw new Error('the payout was refused');
  const { id } = created.value.payoutUser;
  const ann = {
    id,
    email: ANN,
    status: 'active',
    generation: 0,
    balance: 100,
    pending: 0,
    currency: 'USD',
    expires_at: null,
    created_at: '2026-01-01T00:00:00.000Z',
  };
  return { ...made, id, ann };
}

describe('POST /payout/create', () => {
  it('answers with the hash, and nothing else', async () => {
    const { send, balances } = await endowed();
    expect(await send('POST /payout/create', { json: { email: ANN, amount: 100 } })).toEqual({
      status: 200,
      headers: PRIVATE,
      body: { hash: hashOf() },
    });
    expect(await balances()).toEqual([0, 900]);
  });

  it('says when it is an answer again, of success and of a refusal', async () => {
    const { send } = await endowed(100);
    const sent = { idempotencyKey: '"a"', json: { email: ANN, amount: 100 } };
    await send('POST /payout/create', sent);
    expect(await send('POST /payout/create', { ...sent, idempotencyKey: 'a' })).toEqual({
      status: 200,
      headers: REPLAYED,
      body: { hash: hashOf() },
    });
    const refused = { status: 400, body: { error: 'Insufficient payout balance' } };
    expect(await send('POST /payout/create', { ...sent, idempotencyKey: 'b' })).toEqual({
      ...refused,
      headers: PRIVATE,
    });
    expect(await send('POST /payout/create', { ...sent, idempotencyKey: 'b' })).toEqual({
      ...refused,
      headers: REPLAYED,
    });
  });

  it('ignores a payout hash in header, body and query', async () => {
    const { send } = await endowed();
    const json = { email: ANN, amount: 100, payout_hash: 'wrong' };
    const headers = { 'x-payout-hash': 'wrong' };
    expect(await send('POST /payout/create?payout_hash=wrong', { json, headers })).toMatchObject({ status: 200 });
    expect(
      await send('POST /payout/create', { key: null, headers: { 'x-payout-hash': hashOf() }, json }),
    ).toMatchObject({
      status: 401,
      body: { message: 'Missing authorization header' },
    });
  });

  it('refuses a publishable key', async () => {
    const { send, payouts } = await endowed();
    const issue = { businessId: 'biz_1', name: 'browser', kind: 'publishable', scopes: ['payouts:write'] } as const;
    const { key } = await payouts.auth.apiKeys.issue(issue);
    expect(await send('POST /payout/create', { key, json: { email: ANN, amount: 1 } })).toMatchObject({ status: 403 });
  });
});

describe('POST /payout/fund', () => {
  it('answers with both balances', async () => {
    const { send, payouts } = await scene();
    await payouts.deposit({ businessId: 'biz_1', amount: 100 });
    const sent = { idempotencyKey: 'k', json: { amount: 60 } };
    const body = { balance: 40, payout_balance: 60 };
    expect(await send('POST /payout/fund', sent)).toEqual({ status: 200, headers: PRIVATE, body });
    expect(await send('POST /payout/fund', sent)).toEqual({ status: 200, headers: REPLAYED, body });
  });

  it('refuses more than there is, and says so again', async () => {
    const { send } = await scene();
    const sent = { idempotencyKey: 'k', json: { amount: 60 } };
    const body = { error: 'Insufficient balance' };
    expect(await send('POST /payout/fund', sent)).toEqual({ status: 400, headers: PRIVATE, body });
    expect(await send('POST /payout/fund', sent)).toEqual({ status: 400, headers: REPLAYED, body });
  });
});

describe('GET /balance', () => {
  it('has both balances', async () => {
    const { send } = await endowed(7);
    const body = { balance: 0, payout_balance: 7 };
    expect(await send('GET /balance')).toEqual({ status: 200, headers: PRIVATE, body });
  });
});

describe('GET /payout/users', () => {
  it('has a page of users with their balances', async () => {
    const { send, ann } = await withAnn();
    const body = { items: [ann], next_cursor: null };
    expect(await send('GET /payout/users')).toEqual({ status: 200, headers: PRIVATE, body });
  });

  it('finds one by its address', async () => {
    const { send, ann } = await withAnn();
    await send('POST /payout/create', { json: { email: 'bob@example.com', amount: 1 } });
    expect(await send('GET /payout/users?email=ANN%40example.com')).toMatchObject({ body: { items: [ann] } });
    expect(await send('GET /payout/users?email=eve%40example.com')).toMatchObject({ body: { items: [] } });
  });

  it('goes on where the page before ended', async () => {
    const { send } = await withAnn();
    await send('POST /payout/create', { json: { email: 'bob@example.com', amount: 1 } });
    const first = (await send('GET /payout/users?limit=1')).body as { items: { id: string }[]; next_cursor: string };
    const second = (await send(`GET /payout/users?limit=1&cursor=${first.next_cursor}`)).body as typeof first;
    expect(second).toMatchObject({ items: { length: 1 }, next_cursor: null });
    expect(first.items[0]?.id.localeCompare(String(second.items[0]?.id), 'en')).toBe(-1);
  });

  it.each([
    ['limit=0', { limit: ['The limit must be an integer from 1 to 100.'] }],
    ['limit=1&limit=1', { limit: ['The limit field may be sent only once.'] }],
    ['cursor=x', { cursor: ['The cursor must be one that a page of this list gave.'] }],
    ['email=a%40b.co&email=a%40b.co', { email: ['The email field may be sent only once.'] }],
    ['email=ann', { email: ['The email must be a valid email address.'] }],
  ])('refuses ?%s', async (query, body) => {
    const { send } = await withAnn();
    expect(await send(`GET /payout/users?${query}`)).toMatchObject({ status: 422, body });
  });
});

describe('GET and PATCH /payout/users/:id', () => {
  it('shows the user with its balance', async () => {
    const { send, id, ann } = await withAnn();
    expect(await send(`GET /payout/users/${id}`)).toEqual({ status: 200, headers: PRIVATE, body: ann });
  });

  it('changes the user, and shows it as it is then', async () => {
    const { send, id, ann } = await withAnn();
    const body = { ...ann, status: 'inactive', expires_at: '2027-01-01T00:00:00.000Z' };
    const json = { status: 'inactive', expires_at: '2027-01-01T01:00:00+01:00' };
    expect(await send(`PATCH /payout/users/${id}`, { json })).toEqual({ status: 200, headers: PRIVATE, body });
    expect(await send(`GET /payout/users/${id}`)).toMatchObject({ body });
  });

  it('refuses a change that breaks a rule', async () => {
    const { send, id } = await withAnn();
    expect(await send(`PATCH /payout/users/${id}`, { json: { status: 'gone', email: 'x' } })).toMatchObject({
      status: 422,
      body: { status: ['The status must be active, inactive or closed.'], email: ['The email field is not known.'] },
    });
  });

  it('answers 404 to an id that the business does not have', async () => {
    const { send } = await withAnn();
    const unknown = { status: 404, headers: PRIVATE, body: { error: 'Not found' } };
    expect(await send('GET /payout/users/usr_unknown')).toEqual(unknown);
    expect(await send('PATCH /payout/users/usr_unknown', { json: { status: 'closed' } })).toEqual(unknown);
    expect(await send('GET /payout/users/balance')).toEqual(unknown);
  });
});

describe('POST /payout/users/:id/reissue', () => {
  it('answers with the new hash, and with it again', async () => {
    const { send, id } = await withAnn();
    const body = { hash: hashOf(1) };
    const sent = { idempotencyKey: 'k' };
    expect(await send(`POST /payout/users/${id}/reissue`, sent)).toEqual({ status: 200, headers: PRIVATE, body });
    expect(await send(`POST /payout/users/${id}/reissue`, sent)).toEqual({ status: 200, headers: REPLAYED, body });
  });

  it('refuses a generation that is no longer in force, and an id that is not there', async () => {
    const { send, id } = await withAnn();
    const json = { generation: 1 };
    expect(await send(`POST /payout/users/${id}/reissue`, { json })).toMatchObject({
      status: 422,
      body: { generation: ['The generation is 0 by now.'] },
    });
    expect(await send('POST /payout/users/usr_unknown/reissue', { json })).toMatchObject({ status: 404 });
  });
});

describe('GET /payout/users/:id/operations', () => {
  it('has what the user sees too', async () => {
    const { send, id } = await withAnn();
    const own = await send('GET /payout/operations', { hash: hashOf() });
    expect(own).toMatchObject({ status: 200, body: { items: [{ amount: 100 }] } });
    expect(await send(`GET /payout/users/${id}/operations`)).toEqual(own);
  });

  it('has no history of anything that is not a payout user', async () => {
    const { send } = await withAnn();
    for (const id of ['usr_unknown', 'balance', 'payout_balance', 'external']) {
      expect(await send(`GET /payout/users/${id}/operations`)).toMatchObject({ status: 404 });
    }
  });
});
