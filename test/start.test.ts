/** `npm start`, as somebody meets it who follows the README: a real process, a SQLite file, SIGTERM and a second start. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { codeBlocksOf } from './docs/markdown.js';
import { root } from './tidy/tree.js';

interface Started {
  readonly origin: string;
  /** What it printed until it listened, and what it prints later. */
  output(): string;
  /** Sends SIGTERM and resolves to the exit code. */
  stop(): Promise<number | null>;
}

const folder = mkdtempSync(join(tmpdir(), 'bursar-start-'));
const database = join(folder, 'bursar.db');
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function start(example: string, environment: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, [join(root, 'scripts/run.mjs'), 'start', example], {
    env: { ...process.env, PORT: '0', BURSAR_DATABASE: database, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const [origin] = /http:\/\/localhost:\d+(?= and keeps)/.exec(output) ?? [];
      if (origin === undefined || !/shown (once|when)/.test(output)) return;
      const stop = (): Promise<number | null> => {
        child.kill('SIGTERM');
        return ended;
      };
      resolve({ origin, output: () => output, stop });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => reject(new Error(`it ended with ${code} before it listened:\n${output}`)));
  });
}

async function call(origin: string, path: string, headers: Record<string, string>, body?: unknown) {
  const json = { 'content-type': 'application/json' };
  const init = body === undefined ? { headers } : { method: 'POST', headers: { ...headers, ...json } };
  const response = await fetch(origin + path, {
    ...init,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The commands of a page with the answer that it shows of each: `…` stands for anything. */
function shownCommands(path: string): { command: string; answer: string }[] {
  return codeBlocksOf(readFileSync(join(root, path), 'utf8'))
    .filter(({ info, code }) => info === 'sh' && code.includes('curl '))
    .flatMap(({ code }) => [...code.matchAll(/^(curl (?:.*\\\n)*.*)\n# (.*)$/gm)])
    .map(([, command = '', answer = '']) => ({ command, answer }));
}

const shaped = (answer: string): RegExp =>
  new RegExp(
    `^${answer
      .split(/…(?:64 hex digits…)?/)
      .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
  );

describe.each(['hono', 'express'])('npm start -- %s', (example) => {
  it('answers the commands of the first steps as they say', { timeout: 60_000 }, async () => {
    const { origin, output, stop } = await start(example);
    const shell = { ...process.env, API: origin, KEY: /bursar_test_[0-9A-Za-z]{38}/.exec(output())?.[0], HASH: '' };
    const commands = shownCommands('docs/start.md');
    expect(commands.length).toBeGreaterThanOrEqual(4);
    for (const { command, answer } of commands) {
      const { stdout } = await promisify(execFile)('bash', ['-c', command.replace('curl', 'curl -sS')], { env: shell });
      expect(stdout).toMatch(shaped(answer));
      shell.HASH = /"hash":"(\w+)"/.exec(stdout)?.[1] ?? shell.HASH;
    }
    expect(await stop()).toBe(0);
  });

  it('answers the requests of the README, and a restart loses nothing', { timeout: 60_000 }, async () => {
    const first = await start(example);
    const [key] = /bursar_test_[0-9A-Za-z]{38}/.exec(first.output()) ?? [];
    const business = { authorization: `Bearer ${key}` };
    expect(await call(first.origin, '/healthz', {})).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await call(first.origin, '/readyz', {})).toEqual({ status: 200, body: { ready: true } });
    expect(await call(first.origin, '/balance', business)).toMatchObject({
      body: { balance: 0, payout_balance: 100_000 },
    });

    expect(first.output()).toContain(`${first.origin}/wallet#<hash>`);
    const page = await fetch(`${first.origin}/wallet`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<bursar-wallet api="/">')]);
    expect((await fetch(`${first.origin}/wallet/wallet.js`)).status).toBe(200);

    const payout = { email: 'user@example.com', amount: 10_000, reference: 'June' };
    const created = await call(first.origin, '/payout/create', business, payout);
    expect(created).toEqual({ status: 200, body: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await first.stop()).toBe(0);

    const second = await start(example);
    expect(second.output()).toContain('has its key already');
    expect(second.output()).not.toContain('bursar_test_');
    const user = { 'x-payout-hash': String(created.body.hash) };
    expect(await call(second.origin, '/payout/balance', user)).toEqual({
      status: 200,
      body: { balance: 10_000, pending: 0, currency: 'USD' },
    });
    const { body } = await call(second.origin, '/payout/operations', user);
    expect(body).toMatchObject({
      items: [{ type: 'allocation', amount: 10_000, reference: 'June' }],
      next_cursor: null,
    });
    expect(await call(second.origin, '/whoami', business)).toEqual({
      status: 200,
      body: { business: 'Demo business' },
    });
    expect(await call(second.origin, '/nothing', business)).toEqual({ status: 404, body: { error: 'Not found' } });
    expect(await second.stop()).toBe(0);
  });

  it('pays a gift card, and gives the money of a refused one back', { timeout: 60_000 }, async () => {
    const { origin, output, stop } = await start(example);
    const [key] = /bursar_test_[0-9A-Za-z]{38}/.exec(output()) ?? [];
    const payout = { email: 'user@example.com', amount: 10_000 };
    const created = await call(origin, '/payout/create', { authorization: `Bearer ${key}` }, payout);
    const user = { 'x-payout-hash': String(created.body.hash) };
    const { body: methods } = await call(origin, '/payout/methods', user);
    expect(methods).toMatchObject({ items: [{ id: 'gift_card' }, { id: 'crypto' }, { id: 'bank_transfer' }] });

    const outcomeOf = async (email: string): Promise<Record<string, unknown>> => {
      const withdrawal = { method: 'gift_card', amount: 2500, destination: { brand: 'books', email } };
      const { body: asked } = await call(origin, '/payout/withdraw', user, withdrawal);
      expect(asked).toMatchObject({ amount: 2500, fee: 0 });
      for (let tries = 0; tries < 2000; tries++) {
        const { body } = await call(origin, `/payout/withdrawals/${asked.id}`, user);
        if (!['queued', 'sending', 'processing'].includes(String(body.status))) return body;
      }
      throw new Error('the withdrawal never came to an end');
    };
    expect(await outcomeOf('user@example.com')).toMatchObject({ status: 'succeeded' });
    expect(await outcomeOf('user+refuse@example.com')).toMatchObject({ status: 'failed' });
    const balance = { balance: 7500, pending: 0, currency: 'USD' };
    expect(await call(origin, '/payout/balance', user)).toEqual({ status: 200, body: balance });
    // One that is under way when the process ends keeps no one waiting, and is none the less accounted for.
    await call(origin, '/payout/withdraw', user, {
      method: 'gift_card',
      amount: 500,
      destination: { brand: 'books', email: 'user+timeout@example.com' },
    });
    expect(await stop()).toBe(0);
    const next = await start(example);
    expect(await call(next.origin, '/payout/balance', user)).toMatchObject({ body: { balance: 7000 } });
    expect(await next.stop()).toBe(0);
  });

  it('serves metrics on a port of their own, and logs a refused credential without it', {
    timeout: 60_000,
  }, async () => {
    const { origin, output, stop } = await start(example, { BURSAR_METRICS_PORT: '0', BURSAR_LOG_LEVEL: 'info' });
    const [metrics = ''] = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(output()) ?? [];
    const hash = 'f'.repeat(64);
    expect(await call(origin, `/payout/balance?payout_hash=${hash}`, {})).toMatchObject({ status: 401 });
    const scrape = await (await fetch(metrics)).text();
    expect(scrape).toContain('bursar_requests_total{route="GET /payout/balance",status="401"} 1');
    expect((await fetch(`${origin}/metrics`)).status).toBe(404);
    expect(await stop()).toBe(0);
    expect(output()).toContain('"msg":"credential_refused"');
    expect(output()).toContain('"msg":"GET /payout/balance 401"');
    expect(output()).not.toContain(hash);
  });

  it('makes a development secret once, for its owner alone, and names it as such', { timeout: 60_000 }, async () => {
    const first = await start(example);
    const file = join(folder, 'development-secret');
    expect(first.output()).toContain(`a development secret is used, kept in ${file}`);
    const secret = readFileSync(file, 'utf8');
    expect(first.output()).not.toContain(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.stop();
    await (await start(example)).stop();
    expect(readFileSync(file, 'utf8')).toBe(secret);
  });

  it('runs in memory, with a secret of the environment', { timeout: 60_000 }, async () => {
    const started = await start(example, { BURSAR_DATABASE: ':memory:', BURSAR_SECRET: 'x'.repeat(32) });
    expect(started.output()).not.toContain('development secret');
    expect(await started.stop()).toBe(0);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a port that is none', { PORT: 'http' }, /PORT must be a number from 0 to 65535\.\n$/],
    ['a secret that is too short', { BURSAR_SECRET: 'short' }, /BURSAR_SECRET must be at least 32 bytes.*\n$/],
  ])('says in a sentence what is wrong with %s', { timeout: 60_000 }, async (_, environment, message) => {
    const error = await start(example, environment).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(/ended with 1 before it listened/);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toMatch(/\n {4}at /);
  });
});
