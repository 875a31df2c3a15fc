/** The races and the bank test on a database that this process and two children of it have open. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStorage } from '@bursar/memory';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { bank } from './bank.js';
import { withChildren } from './children.js';
import { clockBack } from './clock-back.js';
import { exportRaces } from './exports.js';
import type { BankOrder, ExportOrder, RaceOrder } from './orders.js';
import { races, withdrawAtOnce } from './races.js';
import type { FaultReport } from './report.js';
import { openPayouts } from './scene.js';

/** What every program with child processes is told. */
export interface ChildOptions {
  /** The bundle of `child.ts`. */
  readonly script: string;
  readonly seed: number;
}

/** A database that this process and its children have open. */
export interface Shared {
  /** What a child opens it by. */
  readonly database: string;
  readonly storage: BursarStorage;
  /** For the line. */
  readonly where: string;
}

/** The races, from two processes. */
export function racesOn(
  { database, storage, where }: Shared,
  { script, ...rest }: ChildOptions & { readonly rounds: number },
): Promise<FaultReport[]> {
  return withChildren(script, 2, async (children) => [
    await races({
      storage,
      racers: children.map((child) => (order: RaceOrder) => child.obey({ database, ...order })),
      where,
      ...rest,
    }),
    await exportRaces({
      storage,
      racers: children.map((child) => (order: ExportOrder) => child.obey({ database, ...order })),
      where,
      ...rest,
    }),
  ]);
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
export function bankOn(
  { database, storage, where }: Shared,
  { script, ...rest }: ChildOptions & { readonly transfers: number; readonly reads: number },
): Promise<FaultReport> {
  return withChildren(script, 2, (children) => {
    const tellers = children.map((child) => (order: BankOrder) => child.obey({ database, ...order }));
    return bank({ storage, tellers, where, ...rest });
  });
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

/** A new SQLite file. */
export async function withFile<Result>(work: (shared: Shared) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-faults-'));
  try {
    const path = join(folder, 'bursar.db');
    const storage = await openSqliteStorage({ path });
    const result = await work({ database: path, storage, where: 'SQLite, two processes' });
    await storage.close();
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
