import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPayouts, type Payouts, payoutMethod } from '@bursar/payouts';
import { openSqliteStorage } from '@bursar/sqlite';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import * as z from 'zod';

const SECRET = 'a secret of the tests, 32 bytes.';

/** What a run of the program did. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The standard output as JSON. */
  json(): Record<string, string>;
}

/** Builds the program once. */
export async function buildProgram(): Promise<{ file: string; remove(): void }> {
  // Below the package, whose dependencies the bundle finds by their names.
  const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bursar-cli-'));
  const file = join(folder, 'bursar.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../src/bin.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@bursar/source'],
    loader: { '.sql': 'text' },
    external: ['better-sqlite3', 'pg', '@clack/prompts', 'csv-parse'],
  });
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** A directory of its own, and the program run in it: a real process, and nobody at a terminal. */
export class Place {
  readonly directory = mkdtempSync(join(tmpdir(), 'bursar-cli-'));

  constructor(readonly program: string) {
    onTestFinished(() => rmSync(this.directory, { recursive: true }));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  run(words: readonly string[], environment: Record<string, string> = {}): Promise<Run> {
    return new Promise((resolve) => {
      const options = { cwd: this.directory, env: { PATH: process.env.PATH, ...environment }, timeout: 60_000 };
      execFile(process.execPath, [this.program, ...words], options, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : Number(error.code ?? -1);
        resolve({ exitCode, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, string> });
      });
    });
  }

  /** The program with a database and a secret, and the words of a command line. */
  bursar(line: string, ...more: readonly string[]): Promise<Run> {
    const environment = { BURSAR_SECRET: SECRET, BURSAR_DATABASE: 'bursar.db' };
    return this.run([...line.split(' '), ...more], environment);
  }

  /** The same database, opened by a server. */
  async server<Value>(use: (payouts: Payouts) => Promise<Value>): Promise<Value> {
    const storage = await openSqliteStorage({ path: this.path('bursar.db') });
    const payouts = createPayouts({ storage, secret: SECRET, methods: [card] });
    try {
      return await use(payouts);
    } finally {
      await payouts.close();
      await storage.close();
    }
  }
}

const card = payoutMethod({
  id: 'card',
  name: 'Gift card',
  schema: z.strictObject({ email: z.email() }),
  minimum: 1,
  maximum: 50_000,
  mask: () => 'a…',
  send: async () => ({ status: 'pending', reference: 'ref_1' }),
});

/** A place with a business that has money, and a payout user that has some of it. */
export async function furnished(program: string): Promise<Place & { readonly userId: string; readonly hash: string }> {
  const place = new Place(program);
  const created = await place.server(async (payouts) => {
    await payouts.auth.businesses.create({ id: 'biz_1', name: 'Example Ltd' });
    await payouts.deposit({ businessId: 'biz_1', amount: 100_000 });
    await payouts.fund({ businessId: 'biz_1', amount: 50_000 });
    return payouts.create({ businessId: 'biz_1', email: 'ada@example.com', amount: 10_000, reference: '=1+1' });
  });
  if (!created.ok) throw new Error('the payout user was not opened');
  return Object.assign(place, { userId: created.value.payoutUser.id, hash: created.value.hash });
}

/** A withdrawal that the provider has and says nothing more of. */
export function pendingWithdrawal(place: Place, payoutUserId: string, amount: number): Promise<string> {
  return place.server(async (payouts) => {
    const destination = { email: 'ada@example.com' };
    const order = { businessId: 'biz_1', payoutUserId, method: 'card', amount, destination };
    const ordered = await payouts.withdrawals.withdraw(order);
    if (!ordered.ok) throw new Error('the withdrawal was refused');
    await payouts.withdrawals.runDue();
    return ordered.value.id;
  });
}
