/** What `payoutApi` takes besides `payouts`, in each framework: the document, and CORS. */
import { createServer } from 'node:http';
import { payoutApi as expressApi } from '@bursar/express';
import { payoutApi as fastifyApi } from '@bursar/fastify';
import { payoutApi as fetchApi } from '@bursar/fetch';
import { payoutApi as honoApi } from '@bursar/hono';
import { openApiDocument, type PayoutApiOptions } from '@bursar/payouts/http';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess, nodeServer, type Target, webServer } from './http/target.js';
import { type World, world } from './http/world.js';

const APP = 'https://app.example.com';
const PREFLIGHT = { origin: APP, 'access-control-request-method': 'POST' };

const hono = (options: PayoutApiOptions): Hono => {
  const app = new Hono();
  app.use(async (c, next) => {
    c.header('vary', 'Accept-Encoding');
    await next();
  });
  return app.route('/v1', honoApi(options));
};

const frameworks: readonly [string, (options: PayoutApiOptions) => Target | Promise<Target>][] = [
  ['Hono, in this process', (options) => inProcess(hono(options))],
  ['Hono on Node', (options) => webServer(hono(options))],
  [
    'Express',
    (options) => {
      const app = express();
      app.use((_req, res, next) => {
        res.vary('Accept-Encoding');
        next();
      });
      app.use('/v1', expressApi(options));
      return nodeServer(app, createServer);
    },
  ],
  [
    'Fastify',
    async (options) => {
      const app = fastify();
      app.addHook('onRequest', async (_, reply) => void reply.header('vary', 'Accept-Encoding'));
      await app.register(fastifyApi, { ...options, prefix: '/v1' });
      await app.ready();
      return nodeServer(app.routing, createServer);
    },
  ],
  [
    'fetch',
    (options) => {
      const api = fetchApi({ ...options, basePath: '/v1' });
      return inProcess({
        async fetch(request) {
          const response = await api(request);
          const { headers } = response;
          headers.set('vary', ['Accept-Encoding', headers.get('vary')].filter((value) => value !== null).join(', '));
          return response;
        },
      });
    },
  ],
];

describe.each(frameworks)('%s', (_, serve) => {
  let served: Target;
  let bare: Target;
  let made: World;
  beforeAll(async () => {
    made = await world();
    const { payouts } = made;
    served = await serve({ payouts, openapi: true, cors: { origins: [APP] } });
    bare = await serve({ payouts });
  });
  afterAll(async () => {
    await served.close();
    await bare.close();
  });
  const bearer = () => ({ authorization: `Bearer ${made.keys.good}` });

  it('serves the document of its routes without a credential, and not unless asked to', async () => {
    const { status, headers, body } = await served.send({ path: '/v1/openapi.json' });
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/json',
      'public, max-age=300',
    ]);
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
    expect((await bare.send({ path: '/v1/openapi.json' })).status).toBe(404);
  });

  it('answers HEAD, an etag that is known, and another method', async () => {
    const { headers } = await served.send({ path: '/v1/openapi.json', method: 'HEAD' });
    const known = await served.send({ path: '/v1/openapi.json', headers: { 'if-none-match': headers.etag ?? '' } });
    expect([known.status, known.body]).toEqual([304, '']);
    expect((await served.send({ path: '/v1/openapi.json', method: 'POST' })).status).toBe(405);
  });

  it('lets a page of a configured origin call it, after a preflight', async () => {
    const preflight = await served.send({ method: 'OPTIONS', path: '/v1/payout/create', headers: PREFLIGHT });
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        vary: 'Accept-Encoding, Origin',
        'access-control-allow-origin': APP,
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers': expect.stringContaining('Idempotency-Key') as string,
      },
    });
    const answered = await served.send({ path: '/v1/balance', headers: { ...bearer(), origin: APP } });
    expect(answered).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': APP } });
    for (const { headers } of [preflight, answered]) {
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('tells a page of another origin nothing, and keeps caches from mixing the two', async () => {
    const origin = 'https://evil.example.com';
    const preflight = { ...PREFLIGHT, origin };
    for (const { headers } of [
      await served.send({ method: 'OPTIONS', path: '/v1/payout/create', headers: preflight }),
      await served.send({ path: '/v1/balance', headers: { ...bearer(), origin } }),
      await served.send({ path: '/v1/balance', headers: bearer() }),
    ]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers.vary).toBe('Accept-Encoding, Origin');
    }
  });

  it('has no CORS headers unless they are configured', async () => {
    for (const { headers } of [
      await bare.send({ method: 'OPTIONS', path: '/v1/payout/create', headers: PREFLIGHT }),
      await bare.send({ path: '/v1/balance', headers: { ...bearer(), origin: APP } }),
    ]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers.vary).toBe('Accept-Encoding');
    }
  });

  it('lets a page read the refusals too, that storage is down included', async () => {
    made.storage.isDown = true;
    const down = await served.send({ path: '/v1/balance', headers: { ...bearer(), origin: APP } });
    made.storage.isDown = false;
    const refused = await served.send({ path: '/v1/balance', headers: { origin: APP } });
    for (const { headers } of [down, refused]) expect(headers['access-control-allow-origin']).toBe(APP);
    expect([down.status, refused.status]).toEqual([503, 401]);
  });

  it('refuses wrong options when the server starts', async () => {
    const { payouts } = made;
    const start = async (options: PayoutApiOptions) => serve(options);
    await expect(start({ payouts, cors: { origins: ['*'] } })).rejects.toThrow('cors.origins');
    await expect(start({ payouts, openapi: { title: '' } })).rejects.toThrow('openapi.title');
  });
});
