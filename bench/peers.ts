/**
 * Ours and what a team would use instead: `npm run bench -- peers`. Each line is one task, done in turns by us and by one
 * of them, on the same settings and with as many keys. `--short` takes fewer rounds; `--write` puts table and chart into
 * docs/guides/comparison.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../packages/postgres/test/server.js';
import { betterAuthInMemory, betterAuthOnSqlite } from './peers/better-auth.js';
import { PRAGMAS } from './peers/database.js';
import {
  type BursarKeyCheck,
  bursarInMemory,
  bursarOnSqlite,
  byHand,
  type KeyCheck,
  prefixedApiKey,
} from './peers/key-check.js';
import { type Call, type Measurement, measure, type Task } from './peers/measurement.js';
import { table, writePage } from './peers/page.js';
import * as payments from './peers/payments.js';
import {
  type Ask,
  bearerList,
  bearerLookUp,
  bursarGuard,
  bursarOnHono,
  guardByHand,
  Loopback,
} from './peers/routes.js';

const short = process.argv.includes('--short');
const ROUNDS = short ? 9 : 41;
const [FEW, MANY] = [1000, 100_000];
const CALLERS = [1, 64];
const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'));
const found: Measurement[] = [];

async function compare(task: Task, peer: string, ours: Call, theirs: Call): Promise<void> {
  const measurement = await measure(task, peer, { ours, theirs }, ROUNDS);
  found.push(measurement);
  console.log(table([measurement]).at(-1));
}

/** The keys in turn, spread over all of them, so that no cache holds only the few that are asked for. */
function keysOf({ keys, wrongKey }: KeyCheck, right: boolean): () => string {
  let turn = 0;
  return () => (right ? (keys[(turn++ * 7919) % keys.length] ?? '') : wrongKey);
}

function checking(check: KeyCheck, right: boolean): Call {
  const next = keysOf(check, right);
  return async () => {
    if ((await check.accepts(next())) !== right) throw new Error('a key was taken for what it is not');
  };
}

function asking(ask: Ask, check: KeyCheck, right: boolean): Call {
  const next = keysOf(check, right);
  return async () => {
    const status = await ask(next());
    if (status !== (right ? 200 : 401)) throw new Error(`the route answered ${status}`);
  };
}

const caption = (count: number, right: boolean, callers: number): string =>
  `${count.toLocaleString('en')} keys, a ${right ? 'right' : 'wrong'} one, ${callers === 1 ? 'one caller' : `${callers} callers`}`;

/** Calls `of` for each combination of right and wrong keys with numbers of callers. */
async function each(of: (right: boolean, callers: number) => Promise<void>): Promise<void> {
  for (const right of [true, false]) for (const callers of CALLERS) await of(right, callers);
}

async function checkKeys(ours: KeyCheck, peers: Record<string, KeyCheck>, group: string, count: number): Promise<void> {
  await each(async (right, callers) => {
    for (const [peer, theirs] of Object.entries(peers)) {
      const task = { group, name: caption(count, right, callers), callers };
      await compare(task, peer, checking(ours, right), checking(theirs, right));
    }
  });
}

async function askHono(ours: BursarKeyCheck, hand: KeyCheck, count: number): Promise<void> {
  for (const right of [true, false]) {
    const task = { group: 'A request to Hono', name: caption(count, right, 1), callers: 1 };
    const asked = asking(bursarOnHono(ours), ours, right);
    await compare(task, 'hono/bearer-auth and a SELECT', asked, asking(bearerLookUp(hand), hand, right));
    // At 100,000 keys one request would take seconds.
    if (count > FEW) continue;
    await compare(task, 'hono/bearer-auth with a list', asked, asking(bearerList(hand), hand, right));
  }
}

async function askExpress(ours: BursarKeyCheck, hand: KeyCheck, count: number): Promise<void> {
  const loopback = new Loopback();
  const ourRoute = await loopback.serve(bursarGuard(ours));
  const handRoute = await loopback.serve(guardByHand(hand));
  await each(async (right, callers) => {
    const task = { group: 'A request to Express, over loopback', name: caption(count, right, callers), callers };
    await compare(task, 'by hand', asking(ourRoute, ours, right), asking(handRoute, hand, right));
  });
  loopback.close();
}

async function pay(ours: payments.Payer, theirs: payments.Payer, database: string): Promise<void> {
  for (const callers of CALLERS) {
    const name = `${database}, ${callers === 1 ? 'one caller' : `${callers} callers`}`;
    await compare({ group: 'A payment', name, callers }, 'a transaction each', ours.pay, theirs.pay);
  }
  await ours.close();
  await theirs.close();
}

async function onPostgres(): Promise<void> {
  const server = await startServer();
  try {
    const ours = await payments.bursarOnPostgres(server.url);
    await pay(ours, await payments.classicOnPostgres(server.url), 'PostgreSQL');
  } finally {
    await server.stop();
  }
}

try {
  console.log(`\nSQLite: ${PRAGMAS.join(', ')}; PostgreSQL as it is installed, with fsync.\n`);
  for (const line of table([])) console.log(line);
  await checkKeys(await bursarInMemory(FEW), { 'better-auth': await betterAuthInMemory(FEW) }, 'A key in memory', FEW);
  for (const count of [FEW, MANY]) {
    const [ours, hand] = [await bursarOnSqlite(folder, count), await byHand(folder, count)];
    const others = {
      'better-auth': await betterAuthOnSqlite(folder, count),
      'prefixed-api-key and a SELECT': await prefixedApiKey(folder, count),
    };
    await checkKeys(ours, { ...others, 'by hand': hand }, 'A key on SQLite', count);
    await askHono(ours, hand, count);
    await askExpress(ours, hand, count);
  }
  await pay(await payments.bursarOnSqlite(folder), await payments.classicOnSqlite(folder), 'SQLite');
  await onPostgres();
  const machine = `Node ${process.version}, ${availableParallelism()} cores${short ? ', a short run' : ''}`;
  if (process.argv.includes('--write')) writePage(found, `${new Date().toISOString().slice(0, 10)}, ${machine}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
