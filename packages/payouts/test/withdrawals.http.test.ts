import type { RequestBody } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { type ApiAnswer, payoutApiPaths } from '../src/http/index.js';
import type { Payouts } from '../src/index.js';
import { SandboxProvider } from './sandbox-provider.js';
import { START, type WithdrawalScene, withdrawalScene } from './withdrawal-scene.js';

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** Sends a request like `GET /payout/withdrawals?limit=2` to the paths of the API. */
async function send(payouts: Payouts, line: string, { headers = {}, json }: Sent = {}): Promise<ApiAnswer> {
  const [method = '', target = ''] = line.split(' ');
  const { pathname, searchParams } = new URL(target, 'http://bursar.test');
  const found = payoutApiPaths(payouts)
    .map(({ path, answer }) => ({
      answer,
      match: new RegExp(`^${path.replace(/:id/g, '(?<id>[^/]+)')}$`).exec(pathname),
    }))
    .find(({ match }) => match !== null);
  if (found === undefined) throw new Error(`no path of the API is ${pathname}`);
  const body: RequestBody = json === undefined ? { kind: 'none' } : { kind: 'text', text: JSON.stringify(json) };
  const all: Record<string, string> = { 'content-type': 'application/json', ...headers };
  return found.answer({
    identity: {},
    raw: undefined,
    method,
    header: (name) => all[name],
    query: (name) => searchParams.getAll(name),
    param: (name) => (name === 'id' ? decodeURIComponent(found.match?.groups?.id ?? '') : undefined),
    body: () => body,
  });
}

async function api(options: Parameters<typeof withdrawalScene>[0] = {}) {
  const scene = await withdrawalScene(options);
  const { payouts, hash } = scene;
  const { key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
  const scoped = async (...scopes: string[]): Promise<string> =>
    (await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'scoped', scopes })).key;
  const user = (line: string, sent: Sent = {}) =>
    send(payouts, line, { ...sent, headers: { 'x-payout-hash': hash, ...sent.headers } });
  const business = (line: string, sent: Sent = {}, as = key) =>
    send(payouts, line, { ...sent, headers: { authorization: `Bearer ${as}`, ...sent.headers } });
  return { scene, user, business, scoped, key };
}

const ORDER = { method: 'card', amount: 1000, destination: { email: 'ann@example.com' } };

/** Another payout user of the same business. */
async function other(scene: WithdrawalScene): Promise<string> {
  const created = await scene.payouts.create({ businessId: 'biz_1', email: 'bob@example.com', amount: 500 });
  if (!created.ok) throw new Error('not opened');
  return created.value.hash;
}

describe('GET /payout/methods', () => {
  it('lists the methods that are open to the payout user, with what each asks for', async () => {
    const provider = new SandboxProvider(() => START);
    const methods = [
      provider.method({ fee: 25, minimum: 100 }),
      provider.method({ id: 'off', enabled: false }),
      provider.method({ id: 'euro', currencies: ['EUR'] }),
      provider.method({ id: 'share', fee: (amount) => Math.ceil(amount / 100) }),
    ];
    const { user } = await api({ provider, methods });
    const { status, body } = await user('GET /payout/methods');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      items: [
        { id: 'card', name: 'Gift card', currency: 'USD', minimum: 100, maximum: 100_000, fee: 25 },
        { id: 'share', fee: null },
      ],
    });
    expect((body as { items: { destination: unknown }[] }).items[0]?.destination).toMatchObject({
      type: 'object',
      properties: { email: { type: 'string', format: 'email' } },
      required: ['email'],
      additionalProperties: false,
    });
    expect(JSON.parse(JSON.stringify(body))).toEqual(body);
  });
});

describe('POST /payout/withdraw', () => {
  it('takes a withdrawal, and answers with it, its destination masked', async () => {
    const { user, scene } = await api();
    const { status, body, headers } = await user('POST /payout/withdraw', { json: ORDER });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^tr_[0-9a-f]{32}$/),
      method: 'card',
      amount: 1000,
      fee: 0,
      currency: 'USD',
      destination: 'a…',
      status: 'queued',
      reason: null,
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
    });
    expect(headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(await scene.money()).toMatchObject({ pending: 1000 });
  });

  it('answers a repeated request with the present state, and says that it does', async () => {
    const { user, scene } = await api();
    const sent = { json: ORDER, headers: { 'idempotency-key': '"a b"' } };
    const first = await user('POST /payout/withdraw', sent);
    await scene.later(0);
    const again = await user('POST /payout/withdraw', sent);
    expect(again).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
    expect(again.body).toEqual({ ...(first.body as object), status: 'succeeded' });
    const reused = await user('POST /payout/withdraw', { ...sent, json: { ...ORDER, amount: 5 } });
    expect(reused).toMatchObject({ status: 422, body: { error: 'Idempotency key reused' } });
  });

  it.each<[string, unknown, number, unknown]>([
    ['more than the balance', { ...ORDER, amount: 10_001 }, 400, { error: 'Insufficient balance' }],
    ['0', { ...ORDER, amount: 0 }, 422, { amount: ['The amount must be at least 1.'] }],
    ['a float', { ...ORDER, amount: 1.5 }, 422, { amount: ['The amount must be an integer.'] }],
    ['an unknown method', { ...ORDER, method: 'x' }, 422, { method: ['The method is not available.'] }],
    [
      'a destination that the schema refuses',
      { ...ORDER, destination: { email: 'x' } },
      422,
      { 'destination.email': ['The destination.email must be an email address.'] },
    ],
    [
      'a destination that no schema can measure',
      { ...ORDER, destination: { email: { length: { toString: 1 } } } },
      422,
      { destination: ['The destination may not have a length within it that is no number.'] },
    ],
    [
      'nothing',
      {},
      422,
      {
        method: ['The method field is required.'],
        amount: ['The amount field is required.'],
        destination: ['The destination field is required.'],
      },
    ],
  ])('refuses %s', async (_what, json, status, body) => {
    const { user } = await api();
    expect(await user('POST /payout/withdraw', { json })).toMatchObject({ status, body });
  });

  it('refuses while payouts are off, with an expired hash, and with the other credential', async () => {
    const { user, business, scene } = await api();
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    expect(await user('POST /payout/withdraw', { json: ORDER })).toMatchObject({ status: 403 });
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', true);
    expect(await business('POST /payout/withdraw', { json: ORDER })).toMatchObject({ status: 401 });
    const expiresAt = scene.clock.now + 1;
    await scene.payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: scene.payoutUserId, expiresAt });
    scene.clock.now += 1;
    expect(await user('POST /payout/withdraw', { json: ORDER })).toMatchObject({
      status: 401,
      body: { message: 'Payout hash not found or inactive' },
    });
    expect(await scene.money()).toMatchObject({ pending: 0 });
  });
});

describe('a payout user looking at withdrawals', () => {
  it('sees its own, newest first, page by page', async () => {
    const { user, scene } = await api();
    const ids: string[] = [];
    for (let amount = 1; amount <= 5; amount++) ids.unshift((await scene.order(amount)).id);
    const pages: unknown[] = [];
    let line: string | undefined = 'GET /payout/withdrawals?limit=2';
    while (line !== undefined) {
      const { body } = await user(line);
      const { items, next_cursor } = body as { items: { id: string }[]; next_cursor: string | null };
      pages.push(...items.map(({ id }) => id));
      await scene.order(9);
      line = next_cursor === null ? undefined : `GET /payout/withdrawals?limit=2&cursor=${next_cursor}`;
    }
    expect(pages).toEqual(ids);
  });

  it('does not see those of another one, one by one or in the list', async () => {
    const { user, scene } = await api();
    const { id } = await scene.order(10);
    const hash = await other(scene);
    const asBob = { headers: { 'x-payout-hash': hash } };
    expect(await user(`GET /payout/withdrawals/${id}`)).toMatchObject({ status: 200, body: { id } });
    expect(await user(`GET /payout/withdrawals/${id}`, asBob)).toMatchObject({
      status: 404,
      body: { error: 'Not found' },
    });
    expect(await user('GET /payout/withdrawals', asBob)).toMatchObject({ body: { items: [], next_cursor: null } });
    expect(await user('GET /payout/withdrawals?user=anybody')).toMatchObject({ body: { items: [{ id }] } });
  });

  it('is not told what is the business’s own', async () => {
    const { user, scene } = await api();
    const { id } = await scene.order(10);
    await scene.later(0);
    const { body } = await user(`GET /payout/withdrawals/${id}`);
    for (const name of ['provider_reference', 'actor', 'attempts', 'history', 'payout_user_id']) {
      expect(body).not.toHaveProperty(name);
    }
  });

  it.each(['tr_none', '%00', '..%2Fx', 'x'.repeat(3000)])('finds none by the id %s', async (id) => {
    const { user, business } = await api();
    expect(await user(`GET /payout/withdrawals/${id}`)).toMatchObject({ status: 404 });
    expect(await business(`GET /payout/withdrawals/${id}`)).toMatchObject({ status: 404 });
    expect(
      await business(`PATCH /payout/withdrawals/${id}`, { json: { status: 'failed', reason: 'x' } }),
    ).toMatchObject({
      status: 404,
    });
    expect(await business(`POST /payout/withdrawals/${id}/approve`)).toMatchObject({ status: 404 });
  });
});

describe('a path for both credentials', () => {
  it('goes by the header of the hash, then by the API key, then by a hash elsewhere', async () => {
    const { user, business, key, scene } = await api();
    const { id } = await scene.order(10);
    const path = `GET /payout/withdrawals/${id}`;
    expect((await business(path)).body).toHaveProperty('actor');
    expect((await user(path)).body).not.toHaveProperty('actor');
    expect((await user(path, { headers: { authorization: `Bearer ${key}` } })).body).not.toHaveProperty('actor');
    const byQuery = await send(scene.payouts, `${path}?payout_hash=${scene.hash}`);
    expect(byQuery).toMatchObject({ status: 200, body: { id } });
    expect(byQuery.body).not.toHaveProperty('actor');
    expect((await business(`${path}?payout_hash=${scene.hash}`)).body).toHaveProperty('actor');
    expect(await send(scene.payouts, path)).toMatchObject({
      status: 401,
      body: { message: 'Missing authorization header' },
    });
  });

  it('takes neither credential in the place of the other', async () => {
    const { key, scene } = await api();
    const headers = [{ 'x-payout-hash': key }, { authorization: `Bearer ${scene.hash}` }];
    for (const each of headers) {
      expect(await send(scene.payouts, 'GET /payout/withdrawals', { headers: each })).toMatchObject({ status: 401 });
    }
  });

  it('names each method once in Allow', async () => {
    const { business } = await api();
    expect(await business('DELETE /payout/withdrawals/tr_1')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, PATCH, HEAD, OPTIONS' },
    });
  });
});

describe('a business with withdrawals', () => {
  it('lists them by status, method and payout user', async () => {
    const { business, scene } = await api();
    const { id: sent } = await scene.order(10);
    await scene.later(0);
    const { id: queued } = await scene.order(20);
    const idsOf = async (query: string) =>
      ((await business(`GET /payout/withdrawals${query}`)).body as { items: { id: string }[] }).items.map(
        ({ id }) => id,
      );
    expect(await idsOf('')).toEqual([queued, sent]);
    expect(await idsOf('?status=succeeded')).toEqual([sent]);
    expect(await idsOf('?method=card&status=queued')).toEqual([queued]);
    expect(await idsOf('?method=other')).toEqual([]);
    expect(await idsOf(`?user=${scene.payoutUserId}`)).toEqual([queued, sent]);
    expect(await idsOf('?user=usr_none')).toEqual([]);
    expect(await idsOf('?user=%00')).toEqual([]);
  });

  it.each([
    '?status=paid',
    '?status=toString',
    '?status=queued&status=sending',
    '?limit=0',
    '?limit=1&limit=1',
    '?cursor=1.abc',
    '?method=a&method=b',
  ])('is told what is wrong with %s', async (query) => {
    const { business } = await api();
    expect(await business(`GET /payout/withdrawals${query}`)).toMatchObject({ status: 422 });
  });

  it('sees one with all that it has been, and who did what', async () => {
    const { business, scene } = await api();
    const { id } = await scene.order(10);
    await scene.later(0);
    expect((await business(`GET /payout/withdrawals/${id}`)).body).toMatchObject({
      id,
      payout_user_id: scene.payoutUserId,
      provider_reference: `pay_${id.slice(-8)}`,
      attempts: 1,
      version: 2,
      history: [
        { version: 0, status: 'queued', actor: 'payout_user', at: '2026-01-01T00:00:00.000Z' },
        { version: 1, status: 'sending', actor: 'system' },
        { version: 2, status: 'succeeded', actor: 'provider' },
      ],
    });
  });

  it('approves and refuses what is in review, with its API key as the actor', async () => {
    const { business, scene } = await api({ withdrawals: { review: () => 'review' } });
    const [first, second] = [await scene.order(10), await scene.order(20)];
    const approved = await business(`POST /payout/withdrawals/${first.id}/approve`, {
      json: { reason: 'Looks fine.' },
    });
    expect(approved).toMatchObject({
      status: 200,
      body: { status: 'queued', reason: 'Looks fine.', actor: expect.stringMatching(/^business:./) },
    });
    expect(await business(`POST /payout/withdrawals/${second.id}/refuse`)).toMatchObject({
      body: { status: 'rejected' },
    });
    expect(await business(`POST /payout/withdrawals/${second.id}/refuse`)).toMatchObject({
      status: 200,
      headers: { 'idempotency-replayed': 'true' },
    });
    expect(await business(`POST /payout/withdrawals/${second.id}/approve`)).toMatchObject({ status: 422 });
  });

  it('settles by hand what nobody can say anything of, and takes back what came back', async () => {
    const { business, scene } = await api();
    scene.provider.script.push('pending', 'pending');
    const [first, second] = [await scene.order(10), await scene.order(20)];
    await scene.later(0);
    const settle = (id: string, json: unknown) => business(`PATCH /payout/withdrawals/${id}`, { json });
    expect(await settle(first.id, { status: 'succeeded', reason: 'Seen on the statement.' })).toMatchObject({
      status: 200,
      body: { status: 'succeeded', reason: 'Seen on the statement.' },
    });
    expect(await settle(second.id, { status: 'failed', reason: 'Told by phone.' })).toMatchObject({
      body: { status: 'failed' },
    });
    expect(await business(`POST /payout/withdrawals/${first.id}/return`)).toMatchObject({
      body: { status: 'returned' },
    });
    expect(await scene.money()).toEqual({ balance: 10_000, pending: 0, paidOut: 0, fees: 0 });
  });

  it.each<[unknown, unknown]>([
    [{ reason: 'x' }, { status: ['The status must be succeeded or failed.'] }],
    [{ status: 'returned', reason: 'x' }, { status: ['The status must be succeeded or failed.'] }],
    [{ status: 'failed' }, { reason: ['The reason field is required.'] }],
    [{ status: 'failed', reason: 7 }, { reason: ['The reason must be a string.'] }],
    [{ status: 'failed', reason: 'x', actor: 'me' }, { actor: ['The actor field is not known.'] }],
  ])('is told what is wrong with the settlement %j', async (json, body) => {
    const { business, scene } = await api();
    const { id } = await scene.order(10);
    expect(await business(`PATCH /payout/withdrawals/${id}`, { json })).toMatchObject({ status: 422, body });
  });

  it.each(['approve', 'refuse', 'return'])('is told what is wrong with what it says to %s one', async (decision) => {
    const { business, scene } = await api({ withdrawals: { review: () => 'review' } });
    const { id } = await scene.order(10);
    expect(await business(`POST /payout/withdrawals/${id}/${decision}`, { json: { reason: 7 } })).toMatchObject({
      status: 422,
      body: { reason: ['The reason must be a string.'] },
    });
  });

  it('needs the scope for each', async () => {
    const { business, scene, scoped } = await api({ withdrawals: { review: () => 'review' } });
    const { id } = await scene.order(10);
    const [read, write] = [await scoped('withdrawals:read'), await scoped('withdrawals:write')];
    expect(await business('GET /payout/withdrawals', {}, read)).toMatchObject({ status: 200 });
    expect(await business(`GET /payout/withdrawals/${id}`, {}, write)).toMatchObject({ status: 403 });
    expect(await business(`POST /payout/withdrawals/${id}/approve`, {}, read)).toMatchObject({ status: 403 });
    expect(await business(`POST /payout/withdrawals/${id}/approve`, {}, write)).toMatchObject({ status: 200 });
  });

  it('has no part in those of another business, nor of its own test side', async () => {
    const { scene } = await api();
    const { id } = await scene.order(10);
    await scene.payouts.auth.businesses.create({ id: 'biz_2' });
    for (const businessId of ['biz_2', 'biz_1_test']) {
      const { key } = await scene.payouts.auth.apiKeys.issue({ businessId, name: 'foreign' });
      const headers = { authorization: `Bearer ${key}` };
      expect(await send(scene.payouts, `GET /payout/withdrawals/${id}`, { headers })).toMatchObject({ status: 404 });
      const json = { status: 'failed', reason: 'x' };
      expect(await send(scene.payouts, `PATCH /payout/withdrawals/${id}`, { headers, json })).toMatchObject({
        status: 404,
      });
      expect(await send(scene.payouts, 'GET /payout/withdrawals', { headers })).toMatchObject({ body: { items: [] } });
    }
    expect(await scene.record(id)).toMatchObject({ status: 'queued', version: 0 });
  });

  it('reclaims what a closed payout user has left', async () => {
    const { business, scene } = await api({ funds: 700 });
    const path = `POST /payout/users/${scene.payoutUserId}/reclaim`;
    expect(await business(path)).toMatchObject({ status: 422, body: { status: [expect.any(String)] } });
    await scene.payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: scene.payoutUserId, status: 'closed' });
    const sent = { headers: { 'idempotency-key': 'r' } };
    const first = await business(path, sent);
    expect(first).toMatchObject({ status: 200, body: { amount: 700, id: expect.any(String) } });
    expect(await business(path, sent)).toMatchObject({ body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect(await business(path, { json: { amount: 5 } })).toMatchObject({ status: 422 });
    expect(await business('POST /payout/users/usr_none/reclaim')).toMatchObject({ status: 404 });
  });
});
