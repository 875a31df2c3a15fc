import express, { type Express } from 'express';
import { beforeEach, describe, expect, it } from 'vitest';
import { payoutApi } from '../../src/index.js';
import { type Scene, scene } from '../scene.js';
import { closeAfterEach, listen } from './server.js';

/** Where the payout API can be mounted, and what it leaves to the host. */
export function describeRouter(): void {
  let made: Scene;
  beforeEach(async () => {
    made = await scene();
  });
  closeAfterEach();

  const bearer = () => ({ headers: { authorization: `Bearer ${made.key}` } });

  /** What the API answers below a prefix, for a path without and two with a parameter. */
  async function statuses(app: Express, prefix: string): Promise<number[]> {
    const { origin } = await listen(app);
    const paths = ['/balance', `/payout/users/${made.payoutUserId}`, '/payout/users/nobody'];
    return Promise.all(paths.map(async (path) => (await fetch(origin + prefix + path, bearer())).status));
  }

  describe('payoutApi', () => {
    it.each([
      ['/', ''],
      ['/v1', '/v1'],
      ['/:tenant/x', '/acme/x'],
      ['/:id/x', '/acme/x'],
    ])('works below %s', async (mount, prefix) => {
      expect(await statuses(express().use(mount, payoutApi(made)), prefix)).toEqual([200, 200, 404]);
    });

    it('works in an app within a router within an app', async () => {
      const inner = express().use('/v1', payoutApi(made));
      const app = express().use('/api', express.Router({ mergeParams: true }).use('/:id', inner));
      expect(await statuses(app, '/api/acme/v1')).toEqual([200, 200, 404]);
    });

    it('leaves what is none of its paths to the host', async () => {
      const app = express().use('/', payoutApi(made));
      app.get('/payout/mine', (_, res) => void res.send('mine'));
      app.use((_, res) => void res.status(404).send('no such page'));
      const { origin } = await listen(app);
      const get = async (path: string, method = 'GET') => (await fetch(origin + path, { method })).text();
      expect(await get('/payout/mine')).toBe('mine');
      for (const path of ['/payout', '/payout/balance/more', '/payout/balance/', '/PAYOUT/balance']) {
        expect(await get(path)).toBe('no such page');
        expect(await get(path, 'OPTIONS')).toBe('no such page');
      }
    });

    it('knows nothing by a name that cannot be decoded', async () => {
      const { origin } = await listen(express().use(payoutApi(made)));
      const answer = await fetch(`${origin}/payout/users/%ff`, bearer());
      expect([answer.status, await answer.text()]).toEqual([404, '{"error":"Not found"}']);
    });

    it('keeps the request id and the headers that the host has set', async () => {
      const app = express();
      app.use((_, res, next) => {
        res.set({ 'x-request-id': 'of-the-host', 'access-control-allow-origin': '*', 'cache-control': 'public' });
        next();
      });
      app.use(payoutApi(made));
      const { origin } = await listen(app);
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

    it('reads the body with a parser before it and without, within the limit', async () => {
      const app = express();
      app.use('/parsed', express.json(), payoutApi(made));
      app.use('/plain', payoutApi({ ...made, bodyLimit: 20 }));
      const { origin } = await listen(app);
      const send = async (path: string, body: string) => {
        const headers = { ...bearer().headers, 'content-type': 'application/json' };
        return (await fetch(origin + path, { method: 'POST', headers, body })).status;
      };
      expect(await send('/parsed/payout/fund', '{"amount":1}')).toBe(400);
      expect(await send('/parsed/payout/fund', '{"amount":0}')).toBe(422);
      expect(await send('/plain/payout/fund', '{"amount":1        }')).toBe(400);
      expect(await send('/plain/payout/fund', '{"amount":1         }')).toBe(413);
    });

    it('refuses wrong options when the server starts', () => {
      expect(() => payoutApi({} as typeof made)).toThrow(new TypeError('payouts must be what createPayouts() made'));
      expect(() => payoutApi({ ...made, bodyLimit: 0 })).toThrow(TypeError);
    });
  });
}
