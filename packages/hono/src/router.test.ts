import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});

const bearer = () => ({ authorization: `Bearer ${made.key}` });

/** What the API answers below a prefix, for a path without and one with a parameter. */
async function statuses(app: Hono, prefix: string): Promise<number[]> {
  const paths = ['/balance', `/payout/users/${made.payoutUserId}`, '/payout/users/nobody'];
  return Promise.all(paths.map(async (path) => (await app.request(`${prefix}${path}`, { headers: bearer() })).status));
}

describe('payoutApi', () => {
  it.each([
    ['/', ''],
    ['/v1', '/v1'],
    ['/:tenant/x', '/acme/x'],
    ['/:id/x', '/acme/x'],
  ])('works below %s', async (mount, prefix) => {
    const app = new Hono().route(mount, payoutApi(made));
    expect(await statuses(app, prefix)).toEqual([200, 200, 404]);
  });

  it('works in an app within an app', async () => {
    const inner = new Hono().route('/v1', payoutApi(made));
    expect(await statuses(new Hono().route('/api', inner), '/api/v1')).toEqual([200, 200, 404]);
    expect(await statuses(new Hono().basePath('/base').route('/', payoutApi(made)), '/base')).toEqual([200, 200, 404]);
    expect(await statuses(new Hono().mount('/mounted', inner.fetch), '/mounted/v1')).toEqual([200, 200, 404]);
  });

  it('leaves what is none of its paths to the host', async () => {
    const app = new Hono().route('/', payoutApi(made));
    app.get('/payout/mine', (c) => c.text('mine'));
    app.notFound((c) => c.text('no such page', 404));
    expect(await (await app.request('/payout/mine')).text()).toBe('mine');
    expect(await (await app.request('/payout')).text()).toBe('no such page');
    expect(await (await app.request('/payout/balance/more')).text()).toBe('no such page');
  });

  it('answers with what the host has set, its request id included', async () => {
    const app = new Hono();
    app.use(cors({ origin: 'https://example.com' }));
    app.use(async (c, next) => {
      c.header('x-request-id', 'of-the-host');
      c.header('cache-control', 'public');
      await next();
    });
    app.route('/', payoutApi(made));
    const origin = { origin: 'https://example.com' };
    for (const headers of [{ ...bearer(), ...origin }, origin]) {
      const response = await app.request('/balance', { headers });
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'access-control-allow-origin': 'https://example.com',
        'x-request-id': 'of-the-host',
        'cache-control': 'no-store',
        'content-type': 'application/json',
      });
    }
  });

  it('reads no more of a body than the limit', async () => {
    const app = new Hono().route('/', payoutApi({ ...made, bodyLimit: 20 }));
    const send = (body: string) =>
      app.request('/payout/fund', {
        method: 'POST',
        headers: { ...bearer(), 'content-type': 'application/json' },
        body,
      });
    expect((await send('{"amount":1        }')).status).toBe(400);
    const answer = await send('{"amount":1         }');
    expect([answer.status, await answer.text()]).toEqual([
      413,
      '{"error":"Body too large","message":"The body must be at most 20 bytes."}',
    ]);
  });

  it('refuses wrong options when the server starts', () => {
    expect(() => payoutApi({} as typeof made)).toThrow(new TypeError('payouts must be what createPayouts() made'));
    expect(() => payoutApi({ ...made, bodyLimit: 0 })).toThrow(TypeError);
  });
});
