/**
 * The TypeScript of every page runs: each block as a module of its own, with what its page takes as given. What a module
 * only exports is called, and what the page says of it has to be so.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server as HttpServer, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { Writable } from 'node:stream';
import { addressNetworks } from '@bursar/access';
import { runCli } from '@bursar/cli';
import { type BusinessClient, businessClient } from '@bursar/client';
import type { Auth } from '@bursar/core';
import type { Dashboard } from '@bursar/dashboard';
import { memoryStorage } from '@bursar/memory';
import { type Usage, usageCounts } from '@bursar/observe';
import { type Metrics, prometheusMetrics } from '@bursar/observe/prometheus';
import { type Payouts, payoutMethod } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import type { PostgresStorage } from '@bursar/postgres';
import { openSqliteStorage } from '@bursar/sqlite';
import type { WalletPage } from '@bursar/wallet';
import { createWebhooks, type Webhooks } from '@bursar/webhooks';
import { Hono } from 'hono';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Server, startServer } from '../packages/postgres/test/server.js';
import { bundleProgram } from '../scripts/bundle-program.mjs';
import { documents } from './docs/documents.js';
import { type Example, examplesOf } from './docs/examples.js';
import { codeBlocksOf } from './docs/markdown.js';
import { inFile, runExample } from './docs/run.js';
import { askFetch, expectApi, SECRET, type World, withServer, world } from './docs/world.js';
import { root } from './tidy/tree.js';

/** Runs the block; `given` stands for what the page only declares. Answers what it exports and has at its top. */
type Run = <Module = unknown>(given?: Readonly<Record<string, unknown>>) => Promise<Module>;
/** Runs a block, and looks at what came of it. */
type Check = (run: Run, said: readonly string[], example: Example) => unknown;

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** What the dashboard's own page sends. */
const FROM_THE_PAGE = { 'x-bursar-dashboard': '1', origin: 'https://pay.example.com' };

/** Settled by hand. */
const giftCard = payoutMethod({
  id: 'gift_card',
  name: 'Gift card',
  schema: z.strictObject({ email: z.email() }),
  minimum: 1,
  maximum: 100_000,
  mask: () => '…',
});

/** The API of `made`, where the code of a page would ask https://api.example.com. */
function reachable({ api }: World): void {
  vi.stubGlobal('fetch', async (url: string | URL | Request, init?: RequestInit) => api.fetch(new Request(url, init)));
}

/** Orders a withdrawal of $10.00, and answers its id. */
async function withdraw(
  payouts: Payouts,
  payoutUserId: string,
  method: string,
  destination: Readonly<Record<string, string>>,
): Promise<string> {
  const ordered = await payouts.withdrawals.withdraw({
    businessId: 'biz_1',
    payoutUserId,
    method,
    amount: 1000,
    destination,
  });
  if (!ordered.ok) throw new Error(JSON.stringify(ordered.error.body));
  return ordered.value.id;
}

/** A business with a payout user who has $100.00; answers the user's id. */
async function paid(payouts: Payouts, currency = 'USD'): Promise<string> {
  await payouts.auth.businesses.create({ id: 'biz_1', currency });
  await payouts.deposit({ businessId: 'biz_1', amount: 10_000 });
  await payouts.fund({ businessId: 'biz_1', amount: 10_000 });
  const created = await payouts.create({ businessId: 'biz_1', email: 'ada@example.com', amount: 10_000 });
  if (!created.ok) throw new Error(JSON.stringify(created.error.body));
  return created.value.payoutUser.id;
}

const exportsPayouts: Check = async (run) => {
  const { payouts } = await run<{ payouts: Payouts }>();
  await payouts.auth.businesses.create({ id: 'biz_1' });
  expect(await payouts.auth.businesses.find('biz_1')).toMatchObject({ id: 'biz_1' });
};

/** A module without exports whose options are checked when it makes its payouts. */
const runs: Check = async (run) => {
  await run();
};

let server: Server;
const folder = mkdtempSync(join(tmpdir(), 'bursar-docs-'));
beforeAll(async () => {
  server = await startServer();
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** On a real PostgreSQL. */
const ON_POSTGRES: readonly Check[] = [
  async (run) => {
    const { storage } = await run<{ storage: PostgresStorage }>();
    expect(await storage.findBusiness('biz_none' as never)).toBe(null);
    await storage.close();
  },
  async (run) => {
    const { storage, pool } = await run<{ storage: PostgresStorage; pool: pg.Pool }>();
    expect(await storage.findBusiness('biz_none' as never)).toBe(null);
    await pool.end();
  },
  async (run) => {
    // The tables are there: the blocks before have made them.
    const { storage } = await run<{ storage: PostgresStorage }>();
    await storage.close();
  },
  async (run) => {
    const pool = new pg.Pool({ connectionString: server.url });
    const { postgresStorage } = await import('@bursar/postgres');
    const storage = postgresStorage({ pool });
    await pool.query("CREATE TABLE orders (id integer PRIMARY KEY, state text); INSERT INTO orders VALUES (7, 'open')");
    await run({ pool, storage, items: [], order: { id: 7 } });
    expect((await pool.query('SELECT state FROM orders')).rows).toEqual([{ state: 'paid' }]);
    await pool.end();
  },
];

/** Runs the block with Node's own test runner. */
const runsWithNode: Check = async (_, __, example) => {
  const subject = `import { memoryStorage } from '@bursar/memory';
    globalThis.subject = {
      name: 'memory',
      create: ({ now }) => memoryStorage({ now }),
      destroy: (storage) => storage.close(),
    };`;
  const printed = await inFile(example, async (path) => {
    writeFileSync(join(dirname(path), 'subject.ts'), subject);
    const entry = join(dirname(path), 'entry.ts');
    writeFileSync(entry, `import './subject.ts';\nimport ${JSON.stringify(`./${basename(path)}`)};`);
    await bundleProgram(relative(root, entry), join(folder, 'node-test.mjs'));
    return execFileSync(process.execPath, [join(folder, 'node-test.mjs')], { encoding: 'utf8' });
  });
  expect(printed).toMatch(/^# pass [1-9]\d{2}$/m);
  expect(printed).toMatch(/^# fail 0$/m);
};

/** Registers tests, which it cannot inside of one. */
const SUITE = 'registers tests';

/** For each page, what is looked at after each of its blocks has run, in their order. */
const CHECKS: Readonly<Record<string, readonly (Check | typeof SUITE)[]>> = {
  'README.md': [
    async (run) => {
      const { app, payouts, storage } = await run<{ app: Hono; payouts: Payouts; storage: BursarStorage }>();
      await payouts.auth.businesses.create({ id: 'biz_1', name: 'Example Ltd' });
      const { key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
      expect((await app.request('/api/balance')).status).toBe(401);
      expect((await app.request('/api/balance', { headers: bearer(key) })).status).toBe(200);
      expect(await (await app.request('/reports', { headers: bearer(key) })).text()).toBe('For Example Ltd');
      await storage.close();
    },
    async (run) => {
      const made = await run<{ app: RequestListener; payouts: Payouts; storage: BursarStorage }>();
      await made.payouts.auth.businesses.create({ id: 'biz_1', name: 'Example Ltd' });
      const { key } = await made.payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
      await withServer(made.app, async (ask) => {
        expect((await ask('/api/balance')).status).toBe(401);
        expect((await ask('/api/balance', bearer(key))).status).toBe(200);
        expect(await (await ask('/reports', bearer(key))).text()).toBe('For Example Ltd');
      });
      await made.storage.close();
    },
  ],
  'docs/guides/add-to-a-server.md': [
    async (run, said) => {
      const { payouts, key } = await run<{ payouts: Payouts; key: string }>();
      expect(said).toEqual(['biz_1_test']);
      expect(key).toMatch(/^bursar_live_/);
      await payouts.context.storage.close();
    },
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => Promise<Fastify> }>();
      const app = await server(made.payouts);
      await app.ready();
      await withServer(app.routing, (ask) => expectApi(ask, '/v1', made, '/me'));
      await app.close();
    },
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => Fetched }>();
      await expectApi(askFetch(server(made.payouts).fetch), '/v1', made, '/me');
    },
    async (run) => {
      const made = await world();
      const { GET } = await run<{ GET: Fetched['fetch'] }>({ payouts: made.payouts });
      await expectApi(askFetch(GET), '/api', made);
    },
    async (run) => {
      const { payouts, key } = await world();
      const app = new Hono();
      await run({ app, auth: payouts.auth, handler: () => new Response('a report') });
      const reader = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'r', scopes: ['reports:read'] });
      const writer = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'w', scopes: ['payouts:write'] });
      const status = async (given: string) => (await app.request('/reports', { headers: bearer(given) })).status;
      expect([await status(reader.key), await status(writer.key), await status(key)]).toEqual([200, 403, 200]);
    },
    runs,
  ],
  'docs/guides/client.md': [
    async (run, said) => {
      const made = await world();
      reachable(made);
      vi.stubEnv('BURSAR_API_KEY', made.key);
      await run();
      await run();
      expect(said).toEqual(['It is paid.', 'It was paid before.']);
    },
    async (run) => {
      const made = await world({ methods: [giftCard] });
      reachable(made);
      const { withdrawAll } = await run<{ withdrawAll: (hash: string, email: string) => Promise<string> }>();
      expect(await withdrawAll(made.hash, 'ada@example.com')).toBe('queued');
      expect(await withdrawAll(`${made.hash.slice(1)}0`, 'ada@example.com')).toBe('invalid_payout_hash');
    },
    async (run) => {
      const made = await world();
      reachable(made);
      const client = businessClient({ baseUrl: 'https://api.example.com/v1', apiKey: made.key });
      const { openMoney, newest } = await run<{
        openMoney: (client: BusinessClient) => Promise<number>;
        newest: (client: BusinessClient) => Promise<string | null>;
      }>();
      expect([await openMoney(client), await newest(client)]).toEqual([10_000, null]);
    },
  ],
  'docs/guides/dashboard.md': [
    async (run) => {
      const { payouts } = await world({ events: true });
      const { server } = await run<{ server: (payouts: Payouts, webhooks: Webhooks) => RequestListener }>();
      await withServer(server(payouts, createWebhooks({ payouts })), async (ask) => {
        const page = await ask('/dashboard/');
        expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
        expect((await ask('/dashboard/api/session', FROM_THE_PAGE)).status).toBe(401);
      });
    },
    async (run) => {
      const { payouts } = await world();
      const { firstOwner } = await run<{ firstOwner: (payouts: Payouts) => Promise<string> }>();
      expect(await firstOwner(payouts)).toMatch(/^https:\/\/pay\.example\.com\/dashboard\/sign-in#[\w-]{43}$/);
    },
    async (run) => {
      const { payouts } = await world();
      const { board } = await run<{ board: (payouts: Payouts) => Dashboard }>();
      const signedIn = async (raw: object) => {
        const url = 'https://pay.example.com/dashboard/api/session';
        const answer = await board(payouts).fetch(new Request(url, { headers: FROM_THE_PAGE }), raw);
        return [answer.status, await answer.json()];
      };
      expect(await signedIn({})).toEqual([401, expect.anything()]);
      const user = { email: 'ann@example.com', isAdmin: true };
      expect(await signedIn({ user })).toEqual([200, expect.objectContaining({ name: user.email, role: 'owner' })]);
    },
  ],
  'docs/guides/limits.md': [
    exportsPayouts,
    async (run) => {
      await run({ storeClient: { defineCommand: () => undefined } });
    },
    async (run) => {
      const { payouts } = await world({ networks: addressNetworks() });
      await run({ payouts, businessId: 'biz_1' });
      const keys = await payouts.auth.apiKeys.list({ businessId: 'biz_1' });
      expect(keys.map(({ allowedAddresses }) => allowedAddresses)).toContainEqual(['192.0.2.0/24', '2001:db8::/32']);
    },
    async (run) => {
      const digest = createHash('sha256').update('acme_0123456789abcdef0123456789abcdef').digest('hex');
      const keyForms = [{ name: 'acme', pattern: /^acme_[0-9a-f]{32}$/, until: Date.parse('2027-06-30') }];
      const storage = memoryStorage();
      const { payouts } = await world({ storage, keyForms });
      await run({ payouts, storage, secret: SECRET, businessId: 'biz_1', digest });
      const verified = await payouts.auth.verifyApiKey('acme_0123456789abcdef0123456789abcdef');
      expect(verified.ok).toBe(true);
    },
  ],
  'docs/guides/moving-here.md': [
    async (run) => {
      const { payouts } = await run<{ payouts: Payouts }>();
      const created = await payouts.create({ businessId: 'market', email: 'ada@example.com', amount: 1 });
      expect(created.ok || created.error.code).toBe('payouts_disabled');
    },
    async (run) => {
      const { payouts } = await run<{ payouts: Payouts }>();
      const verified = await payouts.auth.verifyApiKey('acme_0123456789abcdef0123456789abcdef');
      expect(verified.ok).toBe(true);
    },
  ],
  'docs/guides/operating.md': [
    async (run) => {
      const { payouts } = await run<{ payouts: Payouts }>();
      expect(payouts.context.audit).toBeDefined();
    },
    runs,
    async (run, said) => {
      const { payouts, userId } = await world({ audit: true });
      const { closeUser, exportLog } = await run<{
        closeUser: (payouts: Payouts, operator: string, id: string) => Promise<void>;
        exportLog: (payouts: Payouts, file: Writable) => Promise<void>;
      }>();
      await closeUser(payouts, 'ann', userId);
      const lines: string[] = [];
      const file = new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) });
      await exportLog(payouts, file);
      expect(lines.map((line) => (JSON.parse(line) as { action: string }).action).slice(-2)).toEqual([
        'payout_user.change',
        'letter.send',
      ]);
      expect(said).toEqual([String(lines.length)]);
    },
    async (run) => {
      const usage = usageCounts({ storage: memoryStorage() });
      const { refusalsOf } = await run<{ refusalsOf: (usage: Usage, id: string) => Promise<number> }>();
      expect(await refusalsOf(usage, 'key_1')).toBe(0);
      await usage.close();
    },
    async (run) => {
      const { serveMetrics } = await run<{ serveMetrics: (metrics: Metrics, port: number) => HttpServer }>();
      const server = serveMetrics(prometheusMetrics(), 0);
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      const answers = await Promise.all(['metrics', 'x'].map((path) => fetch(`http://127.0.0.1:${port}/${path}`)));
      expect(answers.map(({ status }) => status)).toEqual([200, 404]);
      expect(await answers[0]?.text()).toContain('bursar_');
      server.close();
      server.closeAllConnections();
    },
  ],
  'docs/guides/payouts.md': [
    async (run) => {
      const { payouts, created } = await run<{ payouts: Payouts; created: { ok: boolean } }>();
      expect(created.ok).toBe(true);
      expect(await payouts.balance({ businessId: 'biz_1' })).toMatchObject({ balance: 0, payoutBalance: 40_000 });
    },
  ],
  'docs/guides/postgres.md': ON_POSTGRES,
  'docs/guides/storage.md': [SUITE],
  'docs/guides/security.md': [
    runs,
    async (run) => {
      const { payouts } = await run<{ payouts: Payouts }>();
      expect(await payouts.withdrawals.forgetDestinations()).toBe(0);
    },
  ],
  'docs/guides/wallet.md': [
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => RequestListener }>();
      await withServer(server(made.payouts), async (ask) => {
        await expectApi(ask, '/v1', made);
        expect(await (await ask('/wallet')).text()).toContain('<bursar-wallet api="/v1">');
      });
    },
    async (run) => {
      const made = await world();
      reachable(made);
      vi.stubEnv('BURSAR_API_KEY', made.key);
      const { linkFor } = await run<{ linkFor: (email: string, amount: number) => Promise<string> }>();
      expect(await linkFor('ada@example.com', 1)).toBe(`https://pay.example.com/wallet#${made.hash}`);
    },
    async (run) => {
      const { page } = await run<{ page: WalletPage }>();
      const { headers } = await page.fetch(new Request('https://api.example.com/wallet'));
      expect(headers.get('content-security-policy')).toContain('frame-ancestors https://www.example.com');
    },
    async (run) => {
      const { page } = await run<{ page: WalletPage }>();
      const text = async (path: string) => (await page.fetch(new Request(`https://api.example.com${path}`))).text();
      expect(await text('/wallet')).toContain('heading="Example Ltd"');
      expect(await text('/wallet/wallet.css')).toContain('#0b6b4f');
    },
  ],
  'docs/guides/webhooks.md': [
    async (run, said) => {
      await run();
      expect(said).toEqual([expect.stringMatching(/^we_|^ep_|^[\w-]+$/)]);
    },
    async (run, said) => {
      vi.stubEnv('BURSAR_WEBHOOK_SECRET', `whsec_${Buffer.from(SECRET).toString('base64')}`);
      const { POST, webhook } = await run<{
        POST: (request: Request) => Promise<Response>;
        webhook: { sign(id: string, at: Date, body: string): string };
      }>();
      const body = '{"type":"withdrawal.succeeded"}';
      const sent = (signature: string) =>
        POST(
          new Request('https://shop.example.com/', {
            method: 'POST',
            body,
            headers: {
              'webhook-id': 'evt_1',
              'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
              'webhook-signature': signature,
            },
          }),
        );
      const signature = webhook.sign('evt_1', new Date(), body);
      const statuses = [await sent(signature), await sent(signature), await sent('v1,AAAA')];
      expect(statuses.map(({ status }) => status)).toEqual([204, 204, 401]);
      expect(said).toHaveLength(1);
    },
    async (run, said) => {
      const { payouts } = await world({ events: true });
      const webhooks = createWebhooks({ payouts });
      const { sendAgain } = await run<{
        sendAgain: (webhooks: Webhooks, businessId: string, endpointId: string) => Promise<void>;
      }>();
      const failed = { eventId: 'evt_1', attempts: 8, error: 'HTTP 503.' };
      vi.spyOn(webhooks.deliveries, 'list').mockResolvedValue({
        ok: true,
        value: { items: [failed], nextCursor: null },
      } as never);
      const resend = vi.spyOn(webhooks.deliveries, 'resend').mockResolvedValue(null as never);
      await sendAgain(webhooks, 'biz_1', 'we_1');
      expect(said).toEqual(['evt_1 8 HTTP 503.']);
      expect(resend).toHaveBeenCalledWith({ businessId: 'biz_1', endpointId: 'we_1', eventId: 'evt_1' });
    },
    async (run) => {
      const { payouts } = await world({ events: true });
      const webhooks = createWebhooks({ payouts });
      const made = await webhooks.endpoints.create({ businessId: 'biz_1', url: 'https://hooks.example.com/x' });
      if (!made.ok) throw new Error(JSON.stringify(made.error.body));
      const { rotate } = await run<{ rotate: (webhooks: Webhooks, business: string, id: string) => Promise<string> }>();
      const secret = await rotate(webhooks, 'biz_1', made.value.endpoint.id);
      expect(secret).toMatch(/^whsec_/);
      expect(secret).not.toBe(made.value.secret);
      await expect(rotate(webhooks, 'biz_1', 'we_none')).rejects.toThrow('There is no such endpoint.');
    },
  ],
  'docs/guides/withdrawals.md': [
    async (run) => {
      const { payouts } = await run<{ payouts: Payouts }>();
      const provider = vi.fn(async () => Response.json({ id: 'card_1' }));
      vi.stubGlobal('fetch', provider);
      const destination = { brand: 'books', email: 'ada@example.com' };
      const id = await withdraw(payouts, await paid(payouts), 'gift_card', destination);
      const worker = payouts.withdrawals.start();
      await vi.waitFor(async () => {
        const found = await payouts.withdrawals.find({ businessId: 'biz_1', id });
        expect(found?.status).toBe('succeeded');
      });
      await worker.stop();
      expect(provider).toHaveBeenCalledWith(
        'https://provider.example/cards',
        expect.objectContaining({ method: 'POST' }),
      );
    },
    async (run, said) => {
      const made = await world({ methods: [giftCard] });
      const id = await withdraw(made.payouts, made.userId, 'gift_card', { email: 'ada@example.com' });
      const { settleByHand } = await run<{
        settleByHand: (payouts: Payouts, businessId: string, id: string) => Promise<void>;
      }>();
      await settleByHand(made.payouts, 'biz_1', id);
      expect(said.at(-1)).toMatch(/succeeded ann@ops Case 4711 of the provider\.$/);
      await expect(settleByHand(made.payouts, 'biz_1', 'wd_none')).rejects.toThrow('There is no such withdrawal.');
    },
    async (run) => {
      const { payouts } = await world({ methods: [giftCard] });
      const { providerWebhooks } = await run<{ providerWebhooks: (payouts: Payouts) => Hono }>();
      const answer = await providerWebhooks(payouts).request('/webhooks/gift_card', { method: 'POST', body: '{}' });
      expect(answer.status).toBe(401);
    },
    async (run, said) => {
      const { payouts, toTheBank, fromTheBank } = await run<{
        payouts: Payouts;
        toTheBank: () => Promise<{ name: string; content: string } | null>;
        fromTheBank: (endToEndId: string) => Promise<void>;
      }>();
      const userId = await paid(payouts, 'EUR');
      const destination = { name: 'Ada', iban: 'DE89370400440532013000' };
      const id = await withdraw(payouts, userId, 'bank_transfer', destination);
      const file = await toTheBank();
      expect([said, file?.content]).toEqual([['1 1000'], expect.stringContaining('DE89370400440532013000')]);
      await fromTheBank(/<EndToEndId>([^<]+)</.exec(file?.content ?? '')?.[1] ?? '');
      expect((await payouts.withdrawals.find({ businessId: 'biz_1', id }))?.status).toBe('returned');
    },
    async (run) => {
      const { payouts } = await world();
      const { report } = await run<{ report: object }>({ storage: payouts.context.storage });
      expect(report).toMatchObject({ ok: true });
    },
  ],
  'packages/access/README.md': [
    async (run) => {
      const { auth } = await run<{ auth: Auth }>();
      await auth.businesses.create({ id: 'biz_1' });
      const { key } = await auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
      expect((await auth.verifyApiKey(key)).ok).toBe(true);
    },
  ],
  'packages/api-reference/README.md': [
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => Hono }>();
      const ask = askFetch(server(made.payouts).fetch);
      await expectApi(ask, '/v1', made);
      expect((await ask('/v1/openapi.json')).status).toBe(200);
      expect(await (await ask('/docs/start.js')).text()).toContain('/v1/openapi.json');
    },
  ],
  'packages/client/README.md': [
    async (run, said) => {
      const made = await world();
      reachable(made);
      vi.stubEnv('BURSAR_API_KEY', made.key);
      await run();
      expect(said).toEqual(['Ada can withdraw 25.00 with the hash in paid.value.hash']);
    },
  ],
  'packages/dashboard/README.md': [
    async (run) => {
      const { payouts } = await world();
      const { server } = await run<{ server: (payouts: Payouts) => Hono }>();
      const page = await askFetch(server(payouts).fetch)('/dashboard/');
      expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    },
  ],
  'packages/express/README.md': [
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => RequestListener }>();
      await withServer(server(made.payouts), (ask) => expectApi(ask, '/v1', made, '/me'));
    },
  ],
  'packages/fastify/README.md': [
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => Promise<Fastify> }>();
      const app = await server(made.payouts);
      await app.ready();
      await withServer(app.routing, (ask) => expectApi(ask, '/v1', made, '/me'));
      await app.close();
    },
  ],
  'packages/fetch/README.md': [
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => Fetched }>();
      const ask = askFetch(server(made.payouts).fetch);
      await expectApi(ask, '/v1', made, '/me');
      expect((await ask('/elsewhere')).status).toBe(404);
    },
  ],
  'packages/hono/README.md': [
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => Hono }>();
      await expectApi(askFetch(server(made.payouts).fetch), '/v1', made, '/me');
    },
  ],
  'packages/next/README.md': [
    async (run) => {
      const made = await world();
      const { GET } = await run<{ GET: Fetched['fetch'] }>({ payouts: made.payouts });
      await expectApi(askFetch(GET), '/api', made);
    },
    async (run) => {
      const { payouts, key } = await world();
      const { GET } = await run<{ GET: (request: Request, context: object) => Promise<Response> }>({ payouts });
      const ask = (headers: Record<string, string>) =>
        GET(new Request('https://api.example.com/invoices/7', { headers }), { params: Promise.resolve({ id: '7' }) });
      expect((await ask({})).status).toBe(401);
      expect(await (await ask(bearer(key))).json()).toEqual({ invoice: '7', of: 'Example Ltd' });
    },
  ],
  'packages/observe/README.md': [
    async (run) => {
      const { watchedPayouts } = await run<{
        watchedPayouts: (storage: BursarStorage, secret: string, logger: object) => Payouts;
      }>();
      const info = vi.fn();
      const payouts = watchedPayouts(memoryStorage(), SECRET, { info, warn: info, error: info });
      await payouts.auth.businesses.create({ id: 'biz_1' });
      await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
      expect(info).toHaveBeenCalled();
    },
  ],
  'packages/storage-testkit/README.md': [SUITE, runsWithNode],
  'packages/wallet/README.md': [
    async (run) => {
      const made = await world();
      const { server } = await run<{ server: (payouts: Payouts) => Hono }>();
      const ask = askFetch(server(made.payouts).fetch);
      await expectApi(ask, '/v1', made);
      expect((await ask('/wallet/wallet.js')).status).toBe(200);
    },
  ],
};

interface Fastify {
  ready(): Promise<unknown>;
  close(): Promise<unknown>;
  readonly routing: RequestListener;
}

interface Fetched {
  fetch(request: Request): Response | Promise<Response>;
}

const PAGES = new Map(documents.map((page) => [page.path, examplesOf(page)]));

describe('each block of TypeScript', () => {
  it('is run by one of these tests', () => {
    const counts = [...PAGES].flatMap(([path, { length }]) => (length === 0 ? [] : [[path, length] as const]));
    const checked = Object.entries(CHECKS).map(([path, { length }]) => [path, length] as const);
    expect(checked.sort()).toEqual(counts.sort());
  });
});

const CHECKED = Object.keys(CHECKS).filter((path) => CHECKS[path]?.some((check) => check !== SUITE));

describe.each(CHECKED)('the code of %s', (path) => {
  const said: string[] = [];
  beforeEach(() => {
    process.chdir(mkdtempSync(join(folder, 'run-')));
    const say = (...words: unknown[]): void => void said.push(words.join(' '));
    for (const level of ['log', 'warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(say);
    for (const name of ['BURSAR_SECRET', 'BURSAR_SECRET_2026_12']) vi.stubEnv(name, SECRET);
    vi.stubEnv('BURSAR_SECRET_2025_01', 'another secret of the tests, also 32.');
    vi.stubEnv('DATABASE_URL', server.url);
  });
  afterEach(() => {
    said.length = 0;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    process.chdir(root);
  });
  for (const [place, example] of (PAGES.get(path) ?? []).entries()) {
    const check = CHECKS[path]?.[place];
    if (check === undefined || check === SUITE) continue;
    it(`runs, block ${place + 1}`, { timeout: 30_000 }, async () => {
      const run: Run = (given = {}) => {
        for (const [name, value] of Object.entries(given)) vi.stubGlobal(name, value);
        return runExample(example);
      };
      await check(run, said, example);
    });
  }
});

describe('the suite that a page has of a storage', async () => {
  const paths = new WeakMap<BursarStorage, string>();
  let made = 0;
  const openMyStorage = async ({ database, now }: { database: string; now: () => number }) => {
    const storage = await openSqliteStorage({ path: database, now });
    paths.set(storage, database);
    return storage;
  };
  const databaseOf = (storage: BursarStorage) => paths.get(storage) ?? '';
  const given = {
    openMyStorage,
    databaseOf,
    temporaryDatabase: () => join(folder, `${++made}.db`),
    removeDatabaseOf: async (storage: BursarStorage) => rmSync(databaseOf(storage)),
    reopenMyStorage: async (storage: BursarStorage, { now }: { now: () => number }) => {
      await storage.close();
      return openMyStorage({ database: databaseOf(storage), now });
    },
  };
  // Until the last of its tests has run.
  Object.assign(globalThis, given);
  for (const [path, checks] of Object.entries(CHECKS)) {
    for (const [place, example] of (PAGES.get(path) ?? []).entries()) {
      if (checks[place] === SUITE) await runExample(example);
    }
  }
});

describe('the page of the command line', () => {
  const page = documents.find(({ path }) => path === 'docs/reference/cli.md');
  const blocks = codeBlocksOf(page?.markdown ?? '');
  const directory = mkdtempSync(join(tmpdir(), 'bursar-docs-cli-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('has commands that do what they say, and a file that is imported', { timeout: 30_000 }, async () => {
    const told: string[] = [];
    const bursar = async (line: string) => {
      const surroundings = { environment: {}, directory, user: 'ann', ask: null, bar: null };
      const tell = (text: string): void => void told.push(text);
      return [line, await runCli(line.split(' '), { ...surroundings, write: async () => undefined, tell })];
    };
    const shown = blocks.find(({ info }) => info === 'sh')?.code.match(/(?<=npx @bursar\/cli ).+/g) ?? [];
    expect(shown.length).toBeGreaterThanOrEqual(4);
    for (const line of shown) expect(await bursar(line)).toEqual([line, 0]);
    writeFileSync(join(directory, 'users.csv'), blocks.find(({ info }) => info === 'csv')?.code ?? '');
    for (const line of ['import users.csv --business biz_1 --fund --yes', 'ledger verify']) {
      expect(await bursar(line), told.join('')).toEqual([line, 0]);
    }
  });
});

describe('a block that does not run', () => {
  it('is told with its page and its line', async () => {
    const [example] = examplesOf({ path: 'a.md', markdown: "text\n```ts\nthrow new Error('no');\n```\n" });
    if (example === undefined) throw new Error('there is no example');
    await expect(runExample(example)).rejects.toThrow('a.md:3 does not run: Error: no');
  });
});
