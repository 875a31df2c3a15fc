import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPayouts } from '@bursar/payouts';
import { openSqliteStorage } from '@bursar/sqlite';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as after from '../src/after/app.js';
import * as before from '../src/before/app.js';

let folder: string;
let running: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bursar-market-'));
  vi.stubEnv('BURSAR_SECRET', '0123456789abcdef0123456789abcdef');
});
afterEach(async () => {
  await new Promise((resolve) => (running === undefined ? resolve(undefined) : running.close(resolve)));
  running = undefined;
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function market({ server }: typeof before) {
  const file = join(folder, 'market.db');
  running = createServer(await server(file));
  await once(running.listen(0, '127.0.0.1'), 'listening');
  const { port } = running.address() as AddressInfo;
  const database = new Database(file);
  database.exec(`
    INSERT INTO users (id, email, session) VALUES (1, 'ann@example.com', 's-ann'), (2, 'bob@example.com', 's-bob');
    INSERT INTO jobs (id, translator_id, cents) VALUES (7, 2, 4200);
  `);
  database.close();
  return async (method: string, path: string, headers: Record<string, string>) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

const ann = { 'x-session': 's-ann' };
const bob = { 'x-session': 's-bob' };

/** What the market's people do once: put money aside for the translators. */
async function fundMarket(amount: number): Promise<void> {
  const storage = await openSqliteStorage({ path: `${join(folder, 'market.db')}.payouts` });
  const payouts = createPayouts({ storage, secret: process.env.BURSAR_SECRET ?? '' });
  await payouts.deposit({ businessId: 'market', amount });
  await payouts.fund({ businessId: 'market', amount });
  await payouts.close();
  await storage.close();
}

describe('the market', () => {
  it('knew its users and jobs before it paid anybody', async () => {
    const ask = await market(before);
    expect(await ask('GET', '/me', bob)).toEqual({ status: 200, body: { email: 'bob@example.com' } });
    expect(await ask('POST', '/jobs/7/accept', ann)).toEqual({ status: 200, body: { accepted: 7 } });
    expect(await ask('POST', '/jobs/7/accept', {})).toMatchObject({ status: 401 });
  });

  it('pays the translator of a job that is accepted, once', async () => {
    const ask = await market(after);
    await fundMarket(10_000);
    for (let times = 0; times < 2; times++) {
      expect(await ask('POST', '/jobs/7/accept', ann)).toEqual({ status: 200, body: { accepted: 7 } });
    }
    const { body } = await ask('GET', '/me', bob);
    const user = { 'x-payout-hash': String(body.payout_hash) };
    expect(await ask('GET', '/v1/payout/balance', user)).toMatchObject({ body: { balance: 4200 } });
  });

  it('refuses to accept a job that it has no money for', async () => {
    const ask = await market(after);
    expect(await ask('POST', '/jobs/7/accept', ann)).toEqual({
      status: 400,
      body: { error: 'Insufficient payout balance' },
    });
  });

  it('lets the translator in with a payout hash, and nobody else', async () => {
    const ask = await market(after);
    const { body } = await ask('GET', '/me', bob);
    expect(body).toEqual({ email: 'bob@example.com', payout_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const user = { 'x-payout-hash': String(body.payout_hash) };
    expect(await ask('GET', '/v1/payout/balance', user)).toEqual({
      status: 200,
      body: { balance: 0, pending: 0, currency: 'USD' },
    });
    expect(await ask('GET', '/v1/payout/balance', bob)).toMatchObject({ status: 401 });
    expect(await ask('GET', '/me', {})).toEqual({ status: 401, body: { error: 'Sign in first' } });
  });
});

it('adding payouts takes fewer than thirty lines', () => {
  const [old, fresh] = ['before', 'after'].map((name) =>
    readFileSync(new URL(`../src/${name}/app.ts`, import.meta.url), 'utf8').split('\n'),
  ) as [string[], string[]];
  const changed = changedLines(old, fresh);
  expect(changed.added).toBeGreaterThan(5);
  expect(changed.added + changed.removed).toBeLessThan(30);
});

it('the guide shows each line that was added', () => {
  const guide = readFileSync(new URL('../../../docs/guides/add-to-a-server.md', import.meta.url), 'utf8');
  const [, shown = ''] = /```diff\n(.*?)```/s.exec(guide) ?? [];
  const [old, fresh] = ['before', 'after'].map((name) =>
    readFileSync(new URL(`../src/${name}/app.ts`, import.meta.url), 'utf8').split('\n'),
  ) as [string[], string[]];
  const added = fresh.filter((line) => line !== '' && !old.includes(line));
  expect(shown.split('\n').flatMap((line) => (line.startsWith('+') && line !== '+' ? [line.slice(1)] : []))).toEqual(
    added,
  );
});

/** By the longest common subsequence, as a diff counts. */
function changedLines(old: readonly string[], fresh: readonly string[]) {
  let row = Array<number>(fresh.length + 1).fill(0);
  for (const line of old) {
    const next = [0];
    fresh.forEach((other, index) => {
      next.push(line === other ? (row[index] ?? 0) + 1 : Math.max(next[index] ?? 0, row[index + 1] ?? 0));
    });
    row = next;
  }
  const common = row.at(-1) ?? 0;
  return { removed: old.length - common, added: fresh.length - common };
}
