/** Every route, against the real API. */
import { inspect } from 'node:util';
import { openApiDocument } from '@bursar/payouts/http';
import { beforeEach, describe, expect, it } from 'vitest';
import { orThrow } from '../src/index.js';
import { BUSINESS_ID, type Scene, scene } from './scene.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});

const DESTINATION = { email: 'ada@example.com' };

/** Names as they are on the wire. */
function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      ['metadata', 'destination'].includes(name) ? member : snakeCase(member),
    ]),
  );
}

/** The value, after it was seen that nothing of the answer was lost or added on the way. */
async function whole<Value>(call: Promise<Parameters<typeof orThrow<Value>>[0]>): Promise<Value> {
  const value = orThrow(await call);
  expect(snakeCase(value)).toEqual(JSON.parse(made.answered.at(-1) ?? ''));
  return value;
}

describe('a business', () => {
  it('reads and funds its balance', async () => {
    expect(await whole(made.business.balance())).toEqual({ balance: 500_000, payoutBalance: 490_000 });
    const funded = await whole(made.business.fund({ amount: 100, reference: 'June', metadata: { batch: '7' } }));
    expect(funded).toEqual({ balance: 499_900, payoutBalance: 490_100 });
  });

  it('creates a payout, and gets a hash that works and does not print', async () => {
    const created = orThrow(await made.business.createPayout({ email: 'bob@example.com', amount: 250 }));
    expect(inspect(created) + JSON.stringify(created)).not.toContain(created.hash);
    expect(orThrow(await made.userWith({ payoutHash: created.hash }).balance())).toEqual({
      balance: 250,
      pending: 0,
      currency: 'USD',
    });
  });

  it('finds, changes, reissues, closes and reclaims from a payout user', async () => {
    const { users } = made.business;
    expect((await whole(users.list({ email: 'ada@example.com' }).page())).items).toHaveLength(1);
    expect((await whole(users.get(made.userId))).email).toBe('ada@example.com');
    const expiring = await whole(users.change(made.userId, { expiresAt: new Date('2999-01-01T00:00:00Z') }));
    expect(expiring.expiresAt).toBe('2999-01-01T00:00:00.000Z');
    expect((await whole(users.change(made.userId, { expiresAt: null }))).expiresAt).toBeNull();
    const { hash } = orThrow(await users.reissue(made.userId));
    expect(hash).not.toBe(made.hash);
    expect((await made.user.balance()).ok).toBe(false);
    expect(await users.reissue(made.userId, { generation: 0 })).toMatchObject({
      error: { code: 'invalid_fields', body: { generation: ['The generation is 1 by now.'] } },
    });
    await whole(users.change(made.userId, { status: 'closed' }));
    expect(await whole(users.reclaim(made.userId))).toMatchObject({ amount: 10_000 });
    expect(await whole(users.reclaim(made.userId))).toEqual({ amount: 0, id: null });
    expect((await whole(users.operations(made.userId).page())).items.map(({ type }) => type)).toEqual([
      'reclaim',
      'allocation',
    ]);
  });

  it('lists, approves, refuses, settles and returns withdrawals', async () => {
    const { withdrawals } = made.business;
    const order = async (amount: number, method = 'by_hand') =>
      orThrow(await made.user.withdraw({ method, amount, destination: DESTINATION })).id;
    const approved = await order(777);
    expect((await whole(withdrawals.approve(approved, { reason: 'fine' }))).status).toBe('queued');
    const settled = await whole(withdrawals.settle(approved, { status: 'succeeded', reason: 'paid by hand' }));
    expect(settled.actor).toMatch(/^business:/);
    expect((await whole(withdrawals.return(approved))).status).toBe('returned');
    const { history, ...shown } = await whole(withdrawals.get(approved));
    expect([shown.status, history.map(({ status }) => status)]).toEqual([
      'returned',
      ['review', 'queued', 'succeeded', 'returned'],
    ]);
    const refused = await order(777);
    expect((await whole(withdrawals.refuse(refused))).status).toBe('rejected');
    const failed = await order(100);
    expect((await whole(withdrawals.settle(failed, { status: 'failed', reason: 'gone' }))).status).toBe('failed');
    const ids = async (filter: Parameters<typeof withdrawals.list>[0]) =>
      (await whole(withdrawals.list(filter).page())).items.map(({ id }) => id);
    expect(await ids({})).toEqual([failed, refused, approved]);
    expect(await ids({ status: 'rejected', method: 'by_hand', payoutUserId: made.userId })).toEqual([refused]);
    expect(await ids({ exportId: 'none' })).toEqual([]);
  });
});

describe('a publishable key', () => {
  it('may ask for the methods, and is told so elsewhere', async () => {
    const kind = { kind: 'publishable', scopes: ['methods:read'] } as const;
    const { key } = await made.payouts.auth.apiKeys.issue({ businessId: BUSINESS_ID, name: 'page', ...kind });
    const page = made.businessWith({ apiKey: key });
    expect(orThrow(await page.methods()).map(({ id }) => id)).toEqual(['card', 'by_hand']);
    expect(await page.users.list().page()).toMatchObject({ error: { code: 'secret_key_required', status: 403 } });
  });
});

describe('a payout user', () => {
  it('reads the balance, the history and the methods', async () => {
    expect(await whole(made.user.balance())).toEqual({ balance: 10_000, pending: 0, currency: 'USD' });
    const [operation] = (await whole(made.user.operations().page())).items;
    expect(operation).toMatchObject({ type: 'allocation', phase: 'single', direction: 'credit', amount: 10_000 });
    const methods = orThrow(await made.user.methods());
    expect({ items: methods }).toEqual(JSON.parse(made.answered.at(-1) ?? ''));
    expect(methods.map(({ id, fee }) => [id, fee])).toEqual([
      ['card', null],
      ['by_hand', 0],
    ]);
  });

  it('withdraws, and follows the withdrawal', async () => {
    const ordered = await whole(made.user.withdraw({ method: 'card', amount: 1000, destination: DESTINATION }));
    expect(ordered).toMatchObject({ amount: 1000, fee: 10, status: 'queued', destination: 'a…' });
    await made.payouts.withdrawals.runDue();
    expect((await whole(made.user.withdrawals.get(ordered.id))).status).toBe('succeeded');
    expect((await whole(made.user.withdrawals.list({ limit: 1 }).page())).items).toHaveLength(1);
  });

  it('is told by field what is wrong with a destination', async () => {
    expect(await made.user.withdraw({ method: 'card', amount: 1, destination: {} })).toMatchObject({
      ok: false,
      error: { code: 'invalid_fields', status: 422, body: { amount: ['The amount must be at least 100.'] } },
    });
  });
});

/** Each operation of the API's own document, once a credential: `GET /balance apiKey`. */
function operations(): string[] {
  return Object.entries(openApiDocument().paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security }]) =>
      (security as readonly object[])
        .flatMap((schemes) => Object.keys(schemes))
        .filter((scheme) => scheme !== 'payoutHashInQuery')
        .map((scheme) => `${method.toUpperCase()} ${path} ${scheme}`),
    ),
  );
}

describe('the clients together', () => {
  it('ask every route of the API', async () => {
    const { business, user } = made;
    const [id, reason] = ['x', { status: 'failed', reason: 'r' }] as const;
    for (const call of [
      business.balance(),
      business.methods(),
      business.fund({ amount: 1 }),
      business.createPayout({ email: '', amount: 1 }),
      business.users.list().page(),
      business.users.get(id),
      business.users.change(id, {}),
      business.users.reissue(id),
      business.users.reclaim(id),
      business.users.operations(id).page(),
      business.withdrawals.list().page(),
      business.withdrawals.get(id),
      business.withdrawals.settle(id, reason),
      business.withdrawals.approve(id),
      business.withdrawals.refuse(id),
      business.withdrawals.return(id),
      user.balance(),
      user.operations().page(),
      user.methods(),
      user.withdraw({ method: '', amount: 1, destination: {} }),
      user.withdrawals.list().page(),
      user.withdrawals.get(id),
    ]) {
      const result = await call;
      if (!result.ok) expect(['not_found', 'invalid_fields']).toContain(result.error.code);
    }
    const asked = made.asked.map(({ method, url, headers }) => {
      const path = new URL(url).pathname.slice('/v1'.length).replace('/x', '/{id}');
      return `${method} ${path} ${'authorization' in headers ? 'apiKey' : 'payoutHash'}`;
    });
    expect(asked.sort()).toEqual(operations().sort());
  });

  it('send the credential in its header alone, and follow no redirect', async () => {
    await made.business.balance();
    await made.user.balance();
    const [ofBusiness, ofUser] = made.asked;
    expect(ofBusiness?.headers).toEqual({ accept: 'application/json', authorization: `Bearer ${made.key}` });
    expect(ofUser?.headers).toEqual({ accept: 'application/json', 'x-payout-hash': made.hash });
    for (const { url, redirect } of made.asked) {
      expect([new URL(url).search, redirect]).toEqual(['', 'manual']);
    }
  });
});

describe('a refusal', () => {
  it.each([
    ['missing_credential', { payoutHash: 'f'.repeat(64) }, 'invalid_payout_hash', 401],
    ['invalid_api_key', { apiKey: 'bursar_live_wrong' }, 'invalid_api_key', 401],
  ])('has the code of the server (%s)', async (_, options, code, status) => {
    const result = 'apiKey' in options ? made.businessWith(options).balance() : made.userWith(options).balance();
    const { error } = (await result) as { error: { body: unknown; requestId: string } };
    expect(error).toMatchObject({ code, status, requestId: expect.stringMatching(/./) });
    expect(error.body).toEqual(JSON.parse(made.answered.at(-1) ?? ''));
  });

  it.each([
    ['insufficient_scope', ['balance:read'], 'secret'],
    ['secret_key_required', ['methods:read'], 'publishable'],
  ] as const)('tells %s', async (code, scopes, kind) => {
    const { key } = await made.payouts.auth.apiKeys.issue({ businessId: BUSINESS_ID, name: 'n', scopes, kind });
    expect(await made.businessWith({ apiKey: key }).fund({ amount: 1 })).toMatchObject({
      error: { code, status: 403 },
    });
  });

  it('tells what stands against the money', async () => {
    expect(await made.business.fund({ amount: 900_000 })).toMatchObject({ error: { code: 'insufficient_balance' } });
    expect(await made.business.createPayout({ email: 'b@example.com', amount: 900_000 })).toMatchObject({
      error: { code: 'insufficient_payout_balance', status: 400 },
    });
    await made.payouts.auth.businesses.setPayoutsEnabled(BUSINESS_ID, false);
    expect(await made.user.balance()).toMatchObject({ error: { code: 'payouts_disabled', status: 403 } });
  });
});

describe('an idempotency key', () => {
  it('is another one for each call where none is given', async () => {
    await made.business.fund({ amount: 1 });
    await made.business.fund({ amount: 1 });
    const keys = made.asked.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(/^"[0-9a-f]{32}"$/);
    expect(orThrow(await made.business.balance()).balance).toBe(499_998);
  });

  it.each(['order-4711', 'order 4711, the "second"', 'a\\b'])('of the caller pays once: %s', async (idempotencyKey) => {
    const pay = () => made.business.createPayout({ email: 'ada@example.com', amount: 500 }, { idempotencyKey });
    expect(await pay()).toMatchObject({ ok: true, replayed: false });
    expect(await pay()).toMatchObject({ ok: true, replayed: true });
    expect(await made.money()).toBe(10_500);
    expect(
      await made.business.createPayout({ email: 'ada@example.com', amount: 501 }, { idempotencyKey }),
    ).toMatchObject({ ok: false, error: { code: 'idempotency_key_reused' } });
  });

  it.each(['', 'a\nb', 'é', 'x'.repeat(256)])('that cannot be one is refused by name: %j', async (idempotencyKey) => {
    await expect(made.business.fund({ amount: 1 }, { idempotencyKey })).rejects.toThrow(/^idempotencyKey must/);
    expect(made.asked).toEqual([]);
  });
});

describe('a list', () => {
  beforeEach(async () => {
    for (let index = 0; index < 6; index++) {
      orThrow(await made.business.createPayout({ email: `user${index}@example.com`, amount: 1 }));
    }
    made.asked.length = 0;
  });

  it('is read to its end, page by page, each user once', async () => {
    const ids: string[] = [];
    for await (const { id } of made.business.users.list({ limit: 3 })) ids.push(id);
    expect([new Set(ids).size, made.asked.length]).toEqual([7, 3]);
  });

  it('asks for no page that nobody needs', async () => {
    for await (const user of made.business.users.list({ limit: 3 })) {
      expect(user.status).toBe('active');
      break;
    }
    expect(made.asked).toHaveLength(1);
  });

  it('gives one page after the other by its cursor', async () => {
    const list = made.business.users.list({ limit: 4 });
    const first = orThrow(await list.page());
    const second = orThrow(await list.page(first.nextCursor ?? undefined));
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([4, 3, null]);
    expect(await list.page('forged')).toMatchObject({ error: { code: 'invalid_fields' } });
  });

  it('throws what refuses a page, without the credential', async () => {
    const read = async () => {
      for await (const user of made.businessWith({ apiKey: 'bursar_live_wrong' }).users.list())
        expect(user).toBeUndefined();
    };
    const thrown: unknown = await read().catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: 'BursarClientError', error: { code: 'invalid_api_key' } });
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain('bursar_live_wrong');
  });
});
