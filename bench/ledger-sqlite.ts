/**
 * The ledger in a SQLite file, WAL, synchronous = FULL: batches against single transactions, and against a bare insert. All
 * transfers are from one account, the payout balance, to one payout user or to many.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPayouts, type Ledger } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { type Bound, compare, type Way } from './side-by-side/ratios.js';
import { type BareLedger, bareLedger } from './side-by-side/sqlite-bare.js';
import { openLedger, payout, USERS } from './side-by-side/sqlite-load.js';

const BATCH = 256;
const CALLERS = 64;

const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'));

/** New files for each comparison: what one leaves behind makes the next one's file no larger. */
let files = 0;

async function opened(): Promise<{ storage: BursarStorage; ledger: Ledger }> {
  files++;
  const storage = await openSqliteStorage({ path: join(folder, `ours-${files}.db`) });
  await openLedger(storage);
  return { storage, ledger: createPayouts({ storage, secret: 'a secret of thirty-two bytes, and more' }).ledger };
}

async function openedBare(): Promise<BareLedger> {
  files++;
  const path = join(folder, `bare-${files}.db`);
  const storage = await openSqliteStorage({ path });
  await openLedger(storage);
  await storage.close();
  return bareLedger(path);
}

/** One transaction for each batch. */
const inBatches =
  (storage: BursarStorage, size: number, users: number): Way =>
  (transfers) => {
    const batches = Array.from({ length: transfers / size }, () => Array.from({ length: size }, () => payout(users)));
    return async () => {
      for (const batch of batches) await storage.applyTransfers(batch);
    };
  };

/** So many callers at once, each with one call after the other. */
const fromCallers =
  (ledger: Ledger, callers: number, users: number): Way =>
  (transfers) => {
    const orders = Array.from({ length: callers }, () =>
      Array.from({ length: transfers / callers }, () => payout(users)),
    );
    return async () => {
      await Promise.all(
        orders.map(async (items) => {
          for (const item of items) await ledger.transfer(item);
        }),
      );
    };
  };

const to = (users: number): string => `to ${users} payout user${users === 1 ? '' : 's'}: `;

const atLeast = (ratio: number) => ({ kind: 'at least', ratio }) as const;

async function batchesAndSingles(users: number): Promise<string> {
  const { storage } = await opened();
  const line = await compare({
    compared: `${to(users)}batches of ${BATCH} / one transaction each, a transfer`,
    ours: inBatches(storage, BATCH, users),
    theirs: inBatches(storage, 1, users),
    times: { ours: 16 * BATCH, theirs: 512 },
    promised: atLeast(8),
  });
  await storage.close();
  return line;
}

async function besideBare(users: number, size: number, promised: Bound | undefined): Promise<string> {
  const { storage } = await opened();
  const bare = await openedBare();
  const line = await compare({
    compared: `${to(users)}batches of ${size} / a bare insert of ${size} and update of each account, a transfer`,
    ours: inBatches(storage, size, users),
    theirs: bare.inBatches(size, users),
    times: size === 1 ? { ours: 512, theirs: 512 } : { ours: 16 * size, theirs: 16 * size },
    promised,
  });
  await storage.close();
  bare.close();
  return line;
}

async function callers(users: number): Promise<string> {
  const { storage, ledger } = await opened();
  const line = await compare({
    compared: `${to(users)}\`payouts.ledger.transfer\` from ${CALLERS} callers at once / one transaction each, a transfer`,
    ours: fromCallers(ledger, CALLERS, users),
    theirs: inBatches(storage, 1, users),
    times: { ours: 64 * CALLERS, theirs: 512 },
    promised: atLeast(5),
  });
  await storage.close();
  return line;
}

async function alone(users: number): Promise<string> {
  const { storage, ledger } = await opened();
  const line = await compare({
    compared: `${to(users)}\`payouts.ledger.transfer\` alone / the same item handed to storage without the batcher`,
    ours: fromCallers(ledger, 1, users),
    theirs: inBatches(storage, 1, users),
    times: { ours: 512, theirs: 512 },
    promised: { kind: 'at most', ratio: 1.1 },
  });
  await storage.close();
  return line;
}

try {
  for (const users of [1, USERS]) {
    console.log(await batchesAndSingles(users));
    console.log(await besideBare(users, BATCH, atLeast(0.5)));
    console.log(await callers(users));
    console.log(await alone(users));
    console.log(await besideBare(users, 1, undefined));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
