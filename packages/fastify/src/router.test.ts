import fastify, { type FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { closeAfterEach, exchange, listen } from '../test/server.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
closeAfterEach();

const bearer = () => ({ headers: { authorization: `Bearer ${made.key}` } });

/** What the API answers below a prefix, for a path without and two with a parameter. */
async function statuses(app: FastifyInstance, prefix: string): Promise<number[]> {
  const origin = await listen(app);
  const paths = ['/balance', `/payout/users/${made.payoutUserId}`, '/payout/users/nobody'];
  return Promise.all(paths.map(async (path) => (await fetch(origin + prefix + path, bearer())).status));
}

describe('payoutApi', () => {
  it.each([
    ['', ''],
    ['/v1', '/v1'],
    ['/:tenant/x', '/acme/x'],
    ['/:id/x', '/acme/x'],
  ])('works below %j', async (prefix, path) => {
    const app = fastify();
    await app.register(payoutApi, { ...made, prefix });
    expect(await statuses(app, path)).toEqual([200, 200, 404]);
  });

  it('works in a plugin within a plugin', async () => {
    const app = fastify();
    await app.register(async (inner) => void inner.register(payoutApi, { ...made, prefix: '/v1' }), { prefix: '/api' });
    expect(await statuses(app, '/api/v1')).toEqual([200, 200, 404]);
  });

  it('leaves what is none of its paths to the host', async () => {
    const app = fastify();
    await app.register(payoutApi, made);
    app.get('/payout/mine', async () => 'mine');
    app.setNotFoundHandler(async (_, reply) => reply.code(404).send('no such page'));
    const origin = await listen(app);
    const get = async (path: string, method = 'GET') => (await fetch(origin + path, { method })).text();
    expect(await get('/payout/mine')).toBe('mine');
    for (const path of ['/payout', '/payout/balance/more', '/payout/balance/', '/PAYOUT/balance']) {
      expect(await get(path)).toBe('no such page');
      expect(await get(path, 'OPTIONS')).toBe('no such page');
    }
  });

  it('changes no parser and no error handler around it', async () => {
    const app = fastify();
    await app.register(payoutApi, { ...made, prefix: '/v1' });
    app.post('/mine', async ({ body }) => ({ body }));
    app.get('/failing', () => Promise.reject(new Error('of the host')));
    const origin = await listen(app);
    const headers = { 'content-type': 'application/json' };
    const mine = await fetch(`${origin}/mine`, { method: 'POST', headers, body: '[1]' });
    expect(await mine.json()).toEqual({ body: [1] });
    expect((await fetch(`${origin}/mine`, { method: 'POST', headers, body: '[' })).status).toBe(400);
    expect(await (await fetch(`${origin}/failing`)).json()).toHaveProperty('message', 'of the host');
  });

  it.each(['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const)(
    'is behind a %s hook of the host, whatever is sent',
    async (hook) => {
      const app = fastify();
      app.addHook(hook, async (_request: unknown, reply: { code(status: number): { send(text: string): unknown } }) =>
        reply.code(418).send('stop'),
      );
      await app.register(payoutApi, made);
      const origin = await listen(app);
      for (const type of ['application/json', 'text/plain', 'nonsense/json']) {
        const init = { method: 'POST', body: '{', headers: { ...bearer().headers, 'content-type': type } };
        expect((await fetch(`${origin}/payout/fund`, init)).status).toBe(418);
      }
      expect((await fetch(`${origin}/balance`, bearer())).status).toBe(418);
      expect(made.calls).toEqual([]);
    },
  );

  it('refuses a type that Fastify cannot read', async () => {
    const app = fastify();
    await app.register(payoutApi, made);
    const init = { method: 'POST', body: '{}', headers: { ...bearer().headers, 'content-type': 'json' } };
    const answer = await fetch(`${await listen(app)}/payout/fund`, init);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      415,
      'application/json',
      '{"error":"Unsupported media type","message":"The body must be sent as application/json in UTF-8."}',
    ]);
  });

  it('keeps the request id and the headers that the host has set', async () => {
    const app = fastify();
    app.addHook('onRequest', async (_, reply) => {
      void reply.headers({
        'x-request-id': 'of-the-host',
        'access-control-allow-origin': '*',
        'cache-control': 'public',
      });
    });
    await app.register(payoutApi, made);
    const origin = await listen(app);
    for (const init of [bearer(), {}]) {
      const { headers } = await fetch(`${origin}/balance`, init);
      expect(Object.fromEntries(headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'x-request-id': 'of-the-host',
        'cache-control': 'no-store',
        'content-type': 'application/json',
      });
    }
  });

  it('reads the body within its own limit, whatever that of the server is', async () => {
    const app = fastify({ bodyLimit: 1 });
    await app.register(payoutApi, { ...made, bodyLimit: 20 });
    const origin = await listen(app);
    const send = async (body: string) => {
      const headers = { ...bearer().headers, 'content-type': 'application/json' };
      return (await fetch(`${origin}/payout/fund`, { method: 'POST', headers, body })).status;
    };
    expect([await send('{"amount":1        }'), await send('{"amount":1         }')]).toEqual([400, 413]);
  });

  it('says who may not come in before it says what is wrong with a body', async () => {
    const app = fastify();
    await app.register(payoutApi, made);
    const head =
      'POST /payout/fund HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n';
    expect(await exchange(await listen(app), head)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('refuses wrong options when the server starts', async () => {
    const start = (options: object) =>
      fastify()
        .register(payoutApi, options as typeof made)
        .ready();
    await expect(start({})).rejects.toThrow(new TypeError('payouts must be what createPayouts() made'));
    await expect(start({ ...made, bodyLimit: 0 })).rejects.toThrow(TypeError);
  });
});
