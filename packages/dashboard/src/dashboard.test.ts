import { gunzipSync } from 'node:zlib';
import express from 'express';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIZ, ORIGIN, type Scene, scene } from '../test/scene.js';
import { type Served, serve } from '../test/serve.js';
import { assetsOf } from './assets.js';
import { dashboard } from './dashboard.js';
import type { DashboardOptions } from './options.js';

const files = [
  { name: 'page-ABC.js', content: Buffer.from('export {};') },
  { name: 'page-DEF.css', content: Buffer.from('p {}') },
];

let shown: Scene;
let inExpress: Served;
beforeAll(async () => {
  inExpress = await serve();
  shown = await scene({ origin: inExpress.origin }, () => assetsOf(files));
  inExpress.use(express().use(express.json()).use('/dashboard', shown.board.node));
});
afterAll(() => inExpress.close());

type Ask = (path: string, init?: RequestInit) => Promise<Response>;
const frameworks: readonly [string, Ask][] = [
  [
    'Hono',
    async (path, init) => new Hono().all('/dashboard/*', (c) => shown.board.fetch(c.req.raw, c)).request(path, init),
  ],
  ['Express, behind a body parser', (path, init) => fetch(inExpress.origin + path, init)],
];

describe.each(frameworks)('in %s', (_, ask) => {
  it('shows one page at each of its paths, which runs nothing that is not in its script', async () => {
    for (const path of ['/dashboard', '/dashboard/', '/dashboard/live/users/usr_1']) {
      const page = await ask(path);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      const html = await page.text();
      expect(html).toContain('src="/dashboard/assets/page-ABC.js"');
      expect(html).not.toMatch(/<script>|style=|onclick/);
    }
  });

  it('has files that a browser may keep for ever, since their names change with them', async () => {
    const plain = await ask('/dashboard/assets/page-ABC.js', { headers: { 'accept-encoding': 'identity' } });
    expect(await plain.text()).toBe('export {};');
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const compressed = await ask('/dashboard/assets/page-DEF.css', { headers: { 'accept-encoding': 'gzip' } });
    const bytes = Buffer.from(await compressed.arrayBuffer());
    // `fetch` has undone the encoding; a request in this process has not.
    expect((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString()).toBe('p {}');
    expect((await ask('/dashboard/assets/page-OLD.js')).status).toBe(404);
  });

  it('answers HEAD without a body, and another method with 405', async () => {
    const head = await ask('/dashboard/live/users', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await ask('/dashboard/live/users', { method: 'POST' })).status).toBe(405);
  });

  it('takes what is sent to its API, for whoever is signed in', async () => {
    const { url } = await shown.board.createSignInLink({ name: 'Ada', role: 'owner' });
    const own = { 'x-bursar-dashboard': '1', origin: inExpress.origin, 'content-type': 'application/json' };
    const send = (path: string, body: unknown, cookie = '') =>
      ask(`/dashboard/api${path}`, { method: 'POST', headers: { ...own, cookie }, body: JSON.stringify(body) });
    const signedIn = await send('/session/link', { token: new URL(url).hash.slice(1) });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0];
    const created = await send('/live/payout/create', { email: 'ann@example.com', amount: 1 }, cookie);
    expect([created.status, created.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await send('/live/payout/create', { email: 'ann@example.com', amount: 0 }, cookie)).status).toBe(422);
  });
});

describe("the host's own sign-in", () => {
  it('says who somebody is, by the request of its framework', async () => {
    const { board, payouts } = await scene({
      signIn: ({ raw }) => ((raw as { user?: string }).user === 'Grace' ? { name: 'Grace', role: 'operator' } : null),
    });
    const ask = async (user: string, line: string, body?: unknown) => {
      const [method = '', path = ''] = line.split(' ');
      const headers = { 'x-bursar-dashboard': '1', origin: ORIGIN, 'content-type': 'application/json' };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return (await board.fetch(new Request(`${ORIGIN}/dashboard/api${path}`, init), { user })).status;
    };
    expect(await ask('Mallory', 'GET /session')).toBe(401);
    expect(await ask('Grace', 'GET /session')).toBe(200);
    expect(await ask('Grace', 'POST /live/payout/create', { email: 'ann@example.com', amount: 1 })).toBe(200);
    for (const path of ['/operators', '/passkeys']) expect(await ask('Grace', `GET ${path}`)).toBe(404);
    expect(await ask('Grace', 'POST /session/link', { token: 'A'.repeat(43) })).toBe(404);
    const log = await payouts.audit.list({ businessId: BIZ, limit: 1 });
    expect(log.ok && log.value.items[0]).toMatchObject({ actorType: 'operator', actorId: 'Grace' });
    await expect(board.createSignInLink({ name: 'Eve', role: 'owner' })).rejects.toThrow('signIn');
  });
});

describe('dashboard', () => {
  it.each([
    [{ path: 'dashboard' }, 'path must be'],
    [{ path: '/dash"board' }, 'path must be'],
    [{ businessId: '' }, 'businessId must be'],
    [{ businessId: 'biz_1_test' }, 'businessId must be'],
    [{ origin: 'http://pay.example.com' }, 'over https:'],
    [{ origin: 'https://pay.example.com/' }, 'without a path'],
    [{ origin: 'ftp://localhost' }, 'origin must be'],
    [{ walletUrl: 'javascript:alert(1)' }, 'walletUrl must be'],
    [{ signInUrl: '//evil.example' }, 'signInUrl must be'],
    [{ usage: {} as never }, 'usage must'],
    [{ webhooks: {} as never }, 'webhooks must'],
    [{ payouts: {} as never }, 'payouts must'],
  ] satisfies readonly (readonly [Partial<DashboardOptions>, string])[])(
    'refuses %j when the server starts',
    (over, message) => {
      const options = { payouts: shown.payouts, businessId: BIZ, path: '/dashboard', origin: ORIGIN };
      expect(() => dashboard({ ...options, ...over })).toThrow(message);
    },
  );
});
