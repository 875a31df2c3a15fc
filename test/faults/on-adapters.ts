/** The races and the bank test on a SQLite file that this process and two children of it have open. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStorage } from '@bursar/memory';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { bank } from './bank.js';
import { withChildren } from './children.js';
import { clockBack } from './clock-back.js';
import type { BankOrder, RaceOrder } from './orders.js';
import { races, withdrawAtOnce } from './races.js';
import type { FaultReport } from './report.js';
import { openPayouts } from './scene.js';

/** What every program with child processes is told. */
export interface ChildOptions {
  /** The bundle of `child.ts`. */
  readonly script: string;
  readonly seed: number;
}

/** The races, from two processes. */
export function racesOnSqlite({ script, seed, rounds }: ChildOptions & { rounds: number }): Promise<FaultReport> {
  return withFile((path, storage) =>
    withChildren(script, 2, (children) => {
      const racers = children.map((child) => (order: RaceOrder) => child.obey({ path, ...order }));
      return races({ storage, racers, rounds, seed, where: 'SQLite, two processes' });
    }),
  );
}

/** The races on the memory storage, from two engines of one process. */
export function racesInMemory({ seed, rounds }: { seed: number; rounds: number }): Promise<FaultReport> {
  const storage = memoryStorage();
  const racers = [openPayouts(storage), openPayouts(storage)].map(
    (payouts) => (order: RaceOrder) => withdrawAtOnce(payouts, order),
  );
  return races({ storage, racers, rounds, seed, where: 'memory, one process' });
}

/** The bank test: two processes write, this one reads. */
export function bankOnSqlite(
  options: ChildOptions & { readonly transfers: number; readonly reads: number },
): Promise<FaultReport> {
  const { script, ...rest } = options;
  return withFile((path, storage) =>
    withChildren(script, 2, (children) => {
      const tellers = children.map((child) => (order: BankOrder) => child.obey({ path, ...order }));
      return bank({ storage, tellers, ...rest, where: 'SQLite, two processes' });
    }),
  );
}

/** Runs with a clock that jumps back, on memory and on SQLite. */
export async function clocksBack({ seed, runs }: { seed: number; runs: number }): Promise<FaultReport[]> {
  const sqlite = (now: () => number) => openSqliteStorage({ path: ':memory:', now });
  const memory = (now: () => number) => memoryStorage({ now });
  return [
    await clockBack({ open: memory, where: 'memory', seed, runs }),
    await clockBack({ open: sqlite, where: 'SQLite', seed, runs }),
  ];
}

async function withFile<Result>(work: (path: string, storage: BursarStorage) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-faults-'));
  try {
    const path = join(folder, 'bursar.db');
    const storage = await openSqliteStorage({ path });
    const result = await work(path, storage);
    await storage.close();
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
