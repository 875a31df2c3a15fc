import type { LimiterInput } from '@bursar/core';
import { Hono } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { requireApiKey, requirePayoutHash } from './guard.js';
import { payoutApi } from './router.js';

let made: Scene;
let seen: LimiterInput[];
beforeEach(async () => {
  seen = [];
  made = await scene({
    limiter(input) {
      seen.push(input);
      return { ok: true };
    },
  });
});

describe('requireApiKey', () => {
  it('shows the route who asks', async () => {
    const { auth } = made.payouts;
    const app = new Hono().get('/', requireApiKey({ auth }), (c) => c.json([c.var.business.id, c.var.apiKey.name]));
    const answer = await app.request('/', { headers: { authorization: `Bearer ${made.key}` } });
    expect(await answer.json()).toEqual(['biz_1', 'server']);
  });

  it('asks storage and the limiter once, however many guards a request meets', async () => {
    const { auth } = made.payouts;
    const inner = new Hono().use(requireApiKey({ auth, scope: '*' })).route('/', payoutApi(made));
    const app = new Hono().use(requireApiKey({ auth })).route('/v1', inner);
    const answer = await app.request('/v1/balance', { headers: { authorization: `Bearer ${made.key}` } });
    expect(answer.status).toBe(200);
    expect(made.calls.filter((call) => call === 'findApiKeys')).toHaveLength(1);
    expect(seen.map(({ kind }) => kind)).toEqual(['api_key']);
  });

  it('asks anew for each request', async () => {
    const app = new Hono().get('/', requireApiKey({ auth: made.payouts.auth }), (c) => c.text('in'));
    const headers = { authorization: `Bearer ${made.key}` };
    const statuses = [await app.request('/', { headers }), await app.request('/'), await app.request('/', { headers })];
    expect(statuses.map(({ status }) => status)).toEqual([200, 401, 200]);
  });

  it.each([
    [{}, 'auth must be what createAuth() made'],
    [{ auth: {} }, 'auth must be what createAuth() made'],
    [{ bodyLimit: 1.5 }, 'bodyLimit must be a whole number of bytes, 1 or more'],
    [{ scope: '' }, 'scope must be one that a key can have, such as "payouts:write"'],
    [{ scope: 'a b' }, 'scope must be one that a key can have, such as "payouts:write"'],
    [{ scope: 'Payouts:write' }, 'scope must be one that a key can have, such as "payouts:write"'],
  ])('refuses %j when the server starts', (wrong, message) => {
    const { auth } = made.payouts;
    const options = Object.keys(wrong).length > 0 ? { auth, ...wrong } : wrong;
    expect(() => requireApiKey(options as { auth: typeof auth })).toThrow(new TypeError(message));
  });
});

describe('requirePayoutHash', () => {
  const hashed = () => ({ headers: { 'x-payout-hash': made.hash } });

  it('shows the route who asks, and asks once', async () => {
    const { auth } = made.payouts;
    const app = new Hono()
      .use(requirePayoutHash({ auth }))
      .get('/', requirePayoutHash({ auth }), (c) => c.json([c.var.business.id, c.var.payoutUser.email]));
    expect(await (await app.request('/', hashed())).json()).toEqual(['biz_1', 'ada@example.com']);
    expect(made.calls).toEqual(['findPayoutUsers']);
    expect(seen).toHaveLength(1);
  });

  it.each<[string, (app: Hono) => Hono, number]>([
    ['a response of its own', (app) => app.get('/', () => new Response('x')), 200],
    [
      'the answer to an error',
      (app) => app.get('/', () => Promise.reject(new Error('x'))).onError((_, c) => c.text('', 500)),
      500,
    ],
    ['no answer', (app) => app, 404],
  ])('keeps %s out of caches and referrers', async (_, routed, status) => {
    const app = new Hono();
    app.use(requirePayoutHash({ auth: made.payouts.auth }));
    const answer = await routed(app).request('/', hashed());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('sets what the host had set another way before', async () => {
    const app = new Hono();
    app.use(async (c, next) => {
      c.header('cache-control', 'public');
      await next();
    });
    app.get('/', requirePayoutHash({ auth: made.payouts.auth }), (c) => c.text('x'));
    expect((await app.request('/', hashed())).headers.get('cache-control')).toBe('no-store');
  });

  it('lets a route choose another value', async () => {
    const app = new Hono().get('/', requirePayoutHash({ auth: made.payouts.auth }), (c) =>
      c.text('x', 200, { 'cache-control': 'private' }),
    );
    expect((await app.request('/', hashed())).headers.get('cache-control')).toBe('private');
  });

  it('refuses wrong options when the server starts', () => {
    expect(() => requirePayoutHash({ auth: made.payouts.auth, bodyLimit: 0 })).toThrow(TypeError);
  });
});
