import { once } from 'node:events';
import type { LimiterInput } from '@bursar/core';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type preParsingAsyncHookHandler,
  type preParsingHookHandler,
} from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { closeAfterEach, dial, exchange, listen } from '../test/server.js';
import { requireApiKey, requirePayoutHash } from './guard.js';
import { apiKeyPrincipal, payoutUserPrincipal } from './principal.js';
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
closeAfterEach();

const bearer = () => ({ headers: { authorization: `Bearer ${made.key}` } });
const hashed = () => ({ headers: { 'x-payout-hash': made.hash } });

async function get(app: FastifyInstance, path: string, init?: RequestInit): Promise<Response> {
  return fetch((await listen(app)) + path, init);
}

describe('requireApiKey', () => {
  it('shows the route who asks', async () => {
    const app = fastify();
    app.get('/', { preParsing: requireApiKey({ auth: made.payouts.auth }) }, async (request) => {
      const { business, apiKey } = apiKeyPrincipal(request);
      return [business.id, apiKey.name];
    });
    expect(await (await get(app, '/', bearer())).json()).toEqual(['biz_1', 'server']);
    expect(seen.map(({ request }) => (request.raw as { ip: string }).ip)).toEqual(['127.0.0.1']);
  });

  it('asks storage and the limiter once, however many guards a request meets', async () => {
    const { auth } = made.payouts;
    const app = fastify();
    app.addHook('preParsing', requireApiKey({ auth }));
    await app.register(async (inner) => {
      inner.addHook('preParsing', requireApiKey({ auth, scope: '*' }));
      await inner.register(payoutApi, { ...made, prefix: '/v1' });
    });
    expect((await get(app, '/v1/balance', bearer())).status).toBe(200);
    expect(made.calls.filter((call) => call === 'findApiKeys')).toHaveLength(1);
    expect(seen.map(({ kind }) => kind)).toEqual(['api_key']);
  });

  it('as a hook of a plugin guards the routes of that plugin alone', async () => {
    const app = fastify();
    await app.register(async (inner) => {
      inner.addHook('preParsing', requireApiKey({ auth: made.payouts.auth }));
      inner.get('/inner', async () => 'in');
    });
    app.get('/outer', async () => 'out');
    const origin = await listen(app);
    const statuses = [await fetch(`${origin}/inner`), await fetch(`${origin}/outer`)].map(({ status }) => status);
    expect(statuses).toEqual([401, 200]);
  });

  it('lets nobody else reach the parser, the schema or the route', async () => {
    const app = fastify();
    let calls = 0;
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, _body, done) => {
      calls += 1;
      done(null, {});
    });
    const schema = { body: { type: 'object', required: ['amount'] } };
    app.post('/', { schema, preParsing: requireApiKey({ auth: made.payouts.auth }) }, async () => {
      calls += 1;
    });
    const origin = await listen(app);
    const init = { method: 'POST', body: '{"amount":', headers: { 'content-type': 'application/json' } };
    expect((await fetch(origin, init)).status).toBe(401);
    expect(calls).toBe(0);
    const known = { ...init, headers: { ...init.headers, ...bearer().headers } };
    expect((await fetch(origin, known)).status).toBe(400);
  });

  it.each<[string, () => preParsingHookHandler | preParsingAsyncHookHandler, number]>([
    ['a guard of Bursar keeps the route from running', () => requireApiKey({ auth: made.payouts.auth }), 0],
    // As Fastify's documentation advises.
    [
      'a hook that returns its reply does not',
      () => async (_: FastifyRequest, reply: FastifyReply) => reply.code(401).send(),
      1,
    ],
  ])('when a client hangs up while the host works at the refusal, %s', async (_, guard, expected) => {
    const app = fastify();
    let calls = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sending = new Promise<FastifyReply['raw']>((resolve) => {
      app.addHook('onSend', async (_request, reply) => {
        resolve(reply.raw);
        await released;
      });
    });
    app.get('/', { preParsing: guard() as preParsingHookHandler }, async () => {
      calls += 1;
    });
    const socket = dial(await listen(app));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const response = await sending;
    socket.destroy();
    await once(response, 'close');
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toBe(expected);
    release();
  });

  it('refuses two Authorization headers, of which Node shows the first alone', async () => {
    const app = fastify();
    app.get('/', { preParsing: requireApiKey({ auth: made.payouts.auth }) }, async () => ({}));
    const origin = await listen(app);
    const good = `Authorization: Bearer ${made.key}\r\n`;
    const ask = (...headers: string[]) => exchange(origin, `GET / HTTP/1.1\r\nHost: x\r\n${headers.join('')}\r\n`);
    expect(await ask(good)).toMatch(/^HTTP\/1\.1 200 /);
    for (const other of [good, 'authorization: Bearer nonsense\r\n', 'AUTHORIZATION: Basic YTpi\r\n']) {
      expect(await ask(good, other)).toMatch(/^HTTP\/1\.1 401 /);
      expect(await ask(other, good)).toMatch(/^HTTP\/1\.1 401 /);
    }
  });

  it('sees the header that a hook before has set or taken away', async () => {
    const app = fastify();
    app.addHook('onRequest', async ({ raw }) => {
      if (raw.url === '/set') raw.headers.authorization = `Bearer ${made.key}`;
      else delete raw.headers.authorization;
    });
    app.get('/:name', { preParsing: requireApiKey({ auth: made.payouts.auth }) }, async () => 'in');
    const origin = await listen(app);
    expect((await fetch(`${origin}/set`)).status).toBe(200);
    expect((await fetch(`${origin}/taken`, bearer())).status).toBe(401);
  });

  it('lets a CORS preflight pass, and gives it no principal', async () => {
    const app = fastify();
    app.options('/', { preParsing: requireApiKey({ auth: made.payouts.auth }) }, async (request) => {
      expect(() => apiKeyPrincipal(request)).toThrow('requireApiKey has let nobody in');
      return 'reached';
    });
    const origin = await listen(app);
    const headers = { origin: 'https://example.com', 'access-control-request-method': 'GET' };
    expect(await (await fetch(origin, { method: 'OPTIONS', headers })).text()).toBe('reached');
    expect((await fetch(origin, { method: 'OPTIONS' })).status).toBe(401);
  });

  it('as any other hook than preParsing lets nobody in', async () => {
    const app = fastify();
    const guard = requireApiKey({ auth: made.payouts.auth }) as unknown as () => void;
    let calls = 0;
    for (const hook of ['onRequest', 'preValidation', 'preHandler'] as const) {
      app.get(`/${hook}`, { [hook]: guard }, async () => {
        calls += 1;
      });
    }
    const origin = await listen(app);
    for (const hook of ['onRequest', 'preValidation', 'preHandler']) {
      expect((await fetch(`${origin}/${hook}`, bearer())).status).toBe(500);
    }
    expect(calls).toBe(0);
  });

  it.each([
    [{}, 'auth must be what createAuth() made'],
    [{ auth: {} }, 'auth must be what createAuth() made'],
    [{ bodyLimit: 1.5 }, 'bodyLimit must be a whole number of bytes, 1 or more'],
    [{ scope: 'a b' }, 'scope must be one that a key can have, such as "payouts:write"'],
  ])('refuses %j when the server starts', (wrong, message) => {
    const { auth } = made.payouts;
    const options = Object.keys(wrong).length > 0 ? { auth, ...wrong } : wrong;
    expect(() => requireApiKey(options as { auth: typeof auth })).toThrow(new TypeError(message));
  });
});

describe('requirePayoutHash', () => {
  it('shows the route who asks, and asks once', async () => {
    const { auth } = made.payouts;
    const app = fastify();
    app.addHook('preParsing', requirePayoutHash({ auth }));
    app.get('/', { preParsing: requirePayoutHash({ auth }) }, async (request) => {
      const { business, payoutUser } = payoutUserPrincipal(request);
      expect(() => apiKeyPrincipal(request)).toThrow('requireApiKey has let nobody in');
      return [business.id, payoutUser.email];
    });
    expect(await (await get(app, '/', hashed())).json()).toEqual(['biz_1', 'ada@example.com']);
    expect(made.calls).toEqual(['findPayoutUsers']);
    expect(seen).toHaveLength(1);
  });

  it('keeps answers out of caches and referrers, and lets a route choose another value', async () => {
    const app = fastify();
    app.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'public'));
    app.addHook('preParsing', requirePayoutHash({ auth: made.payouts.auth }));
    app.get('/', async () => 'x');
    app.get('/mine', async (_, reply) => reply.header('cache-control', 'private').send('x'));
    app.get('/failing', () => Promise.reject(new Error('x')));
    const origin = await listen(app);
    const cached = async (path: string) => {
      const { headers } = await fetch(origin + path, hashed());
      return [headers.get('cache-control'), headers.get('referrer-policy')];
    };
    expect(await cached('/')).toEqual(['no-store', 'no-referrer']);
    expect(await cached('/failing')).toEqual(['no-store', 'no-referrer']);
    expect(await cached('/mine')).toEqual(['private', 'no-referrer']);
  });

  it('reads the query as it was sent, whatever parser the host has', async () => {
    const app = fastify({ routerOptions: { querystringParser: () => ({ payout_hash: made.hash }) } });
    app.get('/', { preParsing: requirePayoutHash({ auth: made.payouts.auth }) }, async () => 'in');
    const origin = await listen(app);
    expect((await fetch(`${origin}/?payout_hash=${made.hash}`)).status).toBe(200);
    expect((await fetch(`${origin}/?payout_hash[]=${made.hash}`)).status).toBe(401);
  });

  it('answers one request after the other on one connection', async () => {
    const app = fastify();
    app.get('/', { preParsing: requirePayoutHash({ auth: made.payouts.auth }) }, async () => ({}));
    const socket = dial(await listen(app));
    for (const [hash, status] of [
      ['nonsense', 401],
      [made.hash, 200],
    ]) {
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Payout-Hash: ${hash}\r\n\r\n`);
      expect(String((await once(socket, 'data'))[0])).toContain(`HTTP/1.1 ${status} `);
    }
  });
});
