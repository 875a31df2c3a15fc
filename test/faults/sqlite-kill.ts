/**
 * Kills a process under load, as `kill -9` does, again and again, and looks after each time at what is left: what was
 * acknowledged is there, nothing is there twice, and the books are right.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStorage } from '@bursar/sqlite';
import { KillCount, KilledBooks, opening } from './killed-books.js';
import { killUnderLoad } from './killed-child.js';
import { type FaultReport, Problems } from './report.js';

/** A file is used for so many kills: all that it holds is checked after each. */
const KILLS_A_FILE = 10;

/** What the kill test runs with. */
export interface KillOptions {
  readonly rounds: number;
  readonly seed: number;
  /** The bundle of `child.ts`. */
  readonly script: string;
}

/** Runs the kills. */
export async function sqliteKill({ rounds, seed, script }: KillOptions): Promise<FaultReport> {
  const problems = new Problems();
  const folder = mkdtempSync(join(tmpdir(), 'bursar-kill-'));
  const count = new KillCount();
  try {
    for (let first = 0; first < rounds; first += KILLS_A_FILE) {
      const database = join(folder, `${first}.db`);
      const open = (now?: () => number) => openSqliteStorage({ path: database, ...(now === undefined ? {} : { now }) });
      const books = await KilledBooks.open(opening(open), problems);
      for (let round = first; round < Math.min(first + KILLS_A_FILE, rounds); round++) {
        await books.check(await killUnderLoad(script, { database, seed: seed * 1000 + round, users: books.users }));
      }
      await books.finish();
      count.add(books);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { line: count.line(`${rounds} kills`, seed), problems: problems.found };
}
