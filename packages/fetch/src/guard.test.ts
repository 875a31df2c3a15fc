import type { LimiterInput } from '@bursar/core';
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

const keyed = (path = '/', init: RequestInit = {}) =>
  new Request(`http://localhost${path}`, { headers: { authorization: `Bearer ${made.key}` }, ...init });
const hashed = () => new Request('http://localhost/', { headers: { 'x-payout-hash': made.hash } });

describe('requireApiKey', () => {
  it('tells the handler who asks, and hands on what else the server has handed over', async () => {
    const route = requireApiKey(
      { auth: made.payouts.auth },
      (request: Request, { business, apiKey }, env: { region: string }, id: number) =>
        Response.json([request.method, business.id, apiKey.name, env.region, id]),
    );
    expect(await (await route(keyed(), { region: 'eu' }, 7)).json()).toEqual(['GET', 'biz_1', 'server', 'eu', 7]);
    expect(seen.map(({ request }) => request.raw)).toEqual([[expect.any(Request), { region: 'eu' }, 7]]);
  });

  it('does not call the handler for anybody else', async () => {
    let calls = 0;
    const route = requireApiKey({ auth: made.payouts.auth }, () => {
      calls += 1;
      return new Response();
    });
    for (const authorization of ['', 'Bearer nonsense', `Basic ${made.key}`, `Bearer ${made.hash}`]) {
      expect((await route(keyed('/', { headers: { authorization } }))).status).toBe(401);
    }
    expect(calls).toBe(0);
  });

  it('refuses two Authorization headers, of which one is good', async () => {
    const route = requireApiKey({ auth: made.payouts.auth }, () => new Response());
    const headers = new Headers({ authorization: `Bearer ${made.key}` });
    headers.append('authorization', 'Bearer nonsense');
    expect((await route(keyed('/', { headers }))).status).toBe(401);
  });

  it('asks storage and the limiter once, however many guards a request meets', async () => {
    const { auth } = made.payouts;
    const api = payoutApi({ ...made, basePath: '/v1' });
    const route = requireApiKey(
      { auth },
      requireApiKey({ auth, scope: '*' }, (request) => api(request)),
    );
    expect((await route(keyed('/v1/balance'))).status).toBe(200);
    expect(made.calls.filter((call) => call === 'findApiKeys')).toHaveLength(1);
    expect(seen.map(({ kind }) => kind)).toEqual(['api_key']);
  });

  it('asks anew for each request', async () => {
    const route = requireApiKey({ auth: made.payouts.auth }, () => new Response('in'));
    const answers = [await route(keyed()), await route(new Request('http://localhost/')), await route(keyed())];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200]);
  });

  it('answers a CORS preflight, which has no principal, with nothing, and guards any other OPTIONS', async () => {
    const route = requireApiKey({ auth: made.payouts.auth }, () => new Response('in'));
    const preflight = { origin: 'https://example.com', 'access-control-request-method': 'GET' };
    const answer = await route(keyed('/', { method: 'OPTIONS', headers: preflight }));
    expect([answer.status, [...answer.headers]]).toEqual([204, []]);
    expect((await route(keyed('/', { method: 'OPTIONS', headers: {} }))).status).toBe(401);
  });

  it.each([
    [{}, 'auth must be what createAuth() made'],
    [{ auth: {} }, 'auth must be what createAuth() made'],
    [{ bodyLimit: 1.5 }, 'bodyLimit must be a whole number of bytes, 1 or more'],
    [{ scope: 'a b' }, 'scope must be one that a key can have, such as "payouts:write"'],
  ])('refuses %j when the server starts', (wrong, message) => {
    const { auth } = made.payouts;
    const options = Object.keys(wrong).length > 0 ? { auth, ...wrong } : wrong;
    const start = () => requireApiKey(options as { auth: typeof auth }, () => new Response());
    expect(start).toThrow(new TypeError(message));
  });

  it('refuses to guard nothing', () => {
    const withoutHandler = requireApiKey as unknown as (options: object) => unknown;
    expect(() => withoutHandler({ auth: made.payouts.auth })).toThrow(
      new TypeError('the handler behind it must be a function'),
    );
  });
});

describe('requirePayoutHash', () => {
  it('tells the handler who asks, and asks once', async () => {
    const { auth } = made.payouts;
    const route = requirePayoutHash(
      { auth },
      requirePayoutHash({ auth }, (_, { business, payoutUser }) => Response.json([business.id, payoutUser.email])),
    );
    expect(await (await route(hashed())).json()).toEqual(['biz_1', 'ada@example.com']);
    expect(made.calls).toEqual(['findPayoutUsers']);
    expect(seen).toHaveLength(1);
  });

  it.each<[string, () => Response, number]>([
    ['a plain answer', () => new Response('x'), 200],
    ['a redirect, whose headers cannot be changed', () => Response.redirect('http://localhost/x', 302), 302],
    ['an answer without a body', () => new Response(null, { status: 204 }), 204],
    ['a failure', () => new Response('x', { status: 500 }), 500],
  ])('keeps %s out of caches and referrers', async (_, answerOf, status) => {
    const answer = await requirePayoutHash({ auth: made.payouts.auth }, answerOf)(hashed());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    if (status === 302) expect(answer.headers.get('location')).toBe('http://localhost/x');
  });

  it('lets the handler choose another value', async () => {
    const route = requirePayoutHash(
      { auth: made.payouts.auth },
      () => new Response('x', { headers: { 'cache-control': 'private' } }),
    );
    const { headers } = await route(hashed());
    expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual(['private', 'no-referrer']);
  });

  it('leaves alone what cannot be made again, such as what opens a WebSocket', async () => {
    const upgrade = Response.error();
    expect(await requirePayoutHash({ auth: made.payouts.auth }, () => upgrade)(hashed())).toBe(upgrade);
  });

  it('refuses wrong options when the server starts', () => {
    const start = () => requirePayoutHash({ auth: made.payouts.auth, bodyLimit: 0 }, () => new Response());
    expect(start).toThrow(TypeError);
  });
});
