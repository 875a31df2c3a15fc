import type { LimiterInput } from '@bursar/core';
import express, { type Express } from 'express';
import { beforeEach, describe, expect, it } from 'vitest';
import { payoutApi, requireApiKey, requirePayoutHash } from '../../src/index.js';
import { type Scene, scene } from '../scene.js';
import { closeAfterEach, exchange, listen } from './server.js';

/** What the guards let in, ask and show. */
export function describeGuards(): void {
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

  async function get(app: Express, path: string, init?: RequestInit): Promise<Response> {
    return fetch((await listen(app)).origin + path, init);
  }

  describe('requireApiKey', () => {
    it('shows the route who asks', async () => {
      const app = express();
      app.get('/', requireApiKey({ auth: made.payouts.auth }), (_, res) => {
        res.json([res.locals.business.id, res.locals.apiKey.name]);
      });
      expect(await (await get(app, '/', bearer())).json()).toEqual(['biz_1', 'server']);
    });

    it('asks storage and the limiter once, however many guards a request meets', async () => {
      const { auth } = made.payouts;
      const app = express();
      app.use(requireApiKey({ auth }));
      const inner = express.Router();
      inner.use(requireApiKey({ auth, scope: '*' }), payoutApi(made));
      app.use('/v1', inner);
      expect((await get(app, '/v1/balance', bearer())).status).toBe(200);
      expect(made.calls.filter((call) => call === 'findApiKeys')).toHaveLength(1);
      expect(seen.map(({ kind }) => kind)).toEqual(['api_key']);
    });

    it('refuses two Authorization headers, of which Node shows the first alone', async () => {
      const app = express();
      app.get('/', requireApiKey({ auth: made.payouts.auth }), (_, res) => void res.send('{}'));
      const { origin } = await listen(app);
      const good = `Authorization: Bearer ${made.key}\r\n`;
      const ask = (...headers: string[]) => exchange(origin, `GET / HTTP/1.1\r\nHost: x\r\n${headers.join('')}\r\n`);
      expect(await ask(good)).toMatch(/^HTTP\/1\.1 200 /);
      for (const other of [good, 'authorization: Bearer nonsense\r\n', 'AUTHORIZATION: Basic YTpi\r\n']) {
        expect(await ask(good, other)).toMatch(/^HTTP\/1\.1 401 /);
        expect(await ask(other, good)).toMatch(/^HTTP\/1\.1 401 /);
      }
    });

    it('sees the header that a middleware before has set or taken away', async () => {
      const app = express();
      app.use((req, _, next) => {
        if (req.url === '/set') req.headers.authorization = `Bearer ${made.key}`;
        else delete req.headers.authorization;
        next();
      });
      app.use(requireApiKey({ auth: made.payouts.auth }), (_, res) => void res.send('in'));
      const { origin } = await listen(app);
      expect((await fetch(`${origin}/set`)).status).toBe(200);
      expect((await fetch(`${origin}/taken`, bearer())).status).toBe(401);
    });

    it('is not stopped by headers with names of Object.prototype', async () => {
      const app = express();
      app.get('/', requireApiKey({ auth: made.payouts.auth }), (_, res) => void res.send('{}'));
      const odd = '__proto__: x\r\n__proto__: y\r\nconstructor: z\r\n';
      const text = `GET / HTTP/1.1\r\nHost: x\r\n${odd}Authorization: Bearer ${made.key}\r\n\r\n`;
      expect(await exchange((await listen(app)).origin, text)).toMatch(/^HTTP\/1\.1 200 /);
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
    it('shows the route who asks, and asks once', async () => {
      const { auth } = made.payouts;
      const app = express();
      app.use(requirePayoutHash({ auth }));
      app.get('/', requirePayoutHash({ auth }), (_, res) => {
        res.json([res.locals.business.id, res.locals.payoutUser.email]);
      });
      expect(await (await get(app, '/', hashed())).json()).toEqual(['biz_1', 'ada@example.com']);
      expect(made.calls).toEqual(['findPayoutUsers']);
      expect(seen).toHaveLength(1);
    });

    it('keeps answers out of caches and referrers, and lets a route choose another value', async () => {
      const app = express();
      app.use((_, res, next) => {
        res.set('cache-control', 'public');
        next();
      });
      app.use(requirePayoutHash({ auth: made.payouts.auth }));
      app.get('/', (_, res) => void res.send('x'));
      app.get('/mine', (_, res) => void res.set('cache-control', 'private').send('x'));
      const { origin } = await listen(app);
      const cached = async (path: string) => {
        const { headers } = await fetch(origin + path, hashed());
        return [headers.get('cache-control'), headers.get('referrer-policy')];
      };
      expect(await cached('/')).toEqual(['no-store', 'no-referrer']);
      expect(await cached('/mine')).toEqual(['private', 'no-referrer']);
    });

    it('reads the query as it was sent, whatever parser the host has, and leaves req.query alone', async () => {
      const app = express();
      app.set('query parser', 'extended');
      app.get('/', requirePayoutHash({ auth: made.payouts.auth }), (req, res) => void res.json(req.query));
      const { origin } = await listen(app);
      expect(await (await fetch(`${origin}/?payout_hash=${made.hash}&a[b]=1`)).json()).toEqual({
        payout_hash: made.hash,
        a: { b: '1' },
      });
      expect((await fetch(`${origin}/?payout_hash[]=${made.hash}`)).status).toBe(401);
    });

    it('refuses wrong options when the server starts', () => {
      expect(() => requirePayoutHash({ auth: made.payouts.auth, bodyLimit: 0 })).toThrow(TypeError);
    });
  });
}
