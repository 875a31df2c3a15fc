/** Takes a back-up under load, restores it, and looks at what it holds. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verifyLedger } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { restoredFromBackup } from '../../packages/postgres/test/base-backup.js';
import { startServer } from '../../packages/postgres/test/server.js';
import type { Remains } from './killed-books.js';
import { Lanes } from './lanes.js';
import { openBooks, operation, perform, type Told, type Users } from './load.js';
import { withServer, withStorage } from './on-postgres.js';
import { type FaultReport, Problems } from './report.js';
import { openPayouts } from './scene.js';

/** What a back-up is tried with. */
export interface BackupOptions {
  /** How many operations are answered before it begins. */
  readonly operations: number;
  readonly seed: number;
}

/** On SQLite: `VACUUM INTO`, by another process. */
export async function backupOfSqlite({
  operations,
  seed,
  root,
}: BackupOptions & { root: string }): Promise<FaultReport> {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-backup-'));
  const [path, copy] = [join(folder, 'bursar.db'), join(folder, 'copy.db')];
  const storage = await openSqliteStorage({ path });
  try {
    const loads = await loadAround(storage, { operations, seed }, () => vacuumInto(root, path, copy));
    const restored = await openSqliteStorage({ path: copy });
    const report = await judge('SQLite, VACUUM INTO', restored, loads);
    await restored.close();
    return report;
  } finally {
    await storage.close();
    rmSync(folder, { recursive: true });
  }
}

/** On PostgreSQL: a base back-up of the directory. */
export function backupOfPostgres(options: BackupOptions): Promise<FaultReport> {
  return withServer(startServer(), (server) =>
    withStorage(server.url, async (storage) => {
      const loads = await loadAround(storage, options, () => restoredFromBackup(server));
      return withServer(Promise.resolve(loads.backup), ({ url }) =>
        withStorage(url, (restored) => judge('PostgreSQL, base back-up', restored, loads)),
      );
    }),
  );
}

/** Opens the copy's file alone: what stands in the way of a back-up is that it is one of a moment. */
async function vacuumInto(root: string, path: string, copy: string): Promise<void> {
  const driver = join(root, 'packages/sqlite/node_modules/better-sqlite3');
  const script =
    'const [driver, path, copy] = process.argv.slice(1); new (require(driver))(path).prepare("VACUUM INTO ?").run(copy)';
  await promisify(execFile)(process.execPath, ['-e', script, driver, path, copy]);
}

interface Loads<Backup> {
  readonly users: Users;
  readonly seed: number;
  readonly before: Remains;
  readonly during: Remains;
  readonly backup: Backup;
}

/** One load that is answered before the back-up begins, and one that goes on while it is taken. */
async function loadAround<Backup>(
  storage: BursarStorage,
  { operations, seed }: BackupOptions,
  take: () => Promise<Backup>,
): Promise<Loads<Backup>> {
  const users = await openBooks(openPayouts(storage));
  const first = new Lanes({ storage, users, seed, onUnknown: 'end' });
  await first.more(operations);
  const before = await first.end();
  const second = new Lanes({ storage, users, seed: seed + 1, onUnknown: 'end' });
  await second.more(16);
  const backup = await take();
  await second.more(16);
  return { users, seed, before, during: await second.end(), backup };
}

interface Asked {
  known: number;
  done: number;
  /** What was answered this time, by lane. */
  readonly told: Told[][];
}

/**
 * The books are right; what was answered before answers again; and what came later is unknown or whole: it is done once
 * when it is sent again.
 */
async function judge(where: string, restored: BursarStorage, loads: Loads<unknown>): Promise<FaultReport> {
  const problems = new Problems();
  const isClean = async (when: string): Promise<void> => {
    const report = await verifyLedger(restored);
    problems.expect(report.ok, `the books are wrong ${when}: ${JSON.stringify(report)}`);
  };
  await isClean('after the restore');
  const payouts = openPayouts(restored);
  const ask = async ({ seed, told }: Remains): Promise<Asked> => {
    const asked: Asked = { known: 0, done: 0, told: [] };
    for (const [lane, answers] of told.entries()) {
      const lately: Told[] = [];
      for (const [index, { ok, id }] of answers.entries()) {
        const again = await perform(payouts, loads.users, operation(seed, lane, index));
        const isFirst = again.ok === ok && (id === null || again.id === id);
        if (again.replayed) problems.expect(isFirst, `${seed}-${lane}-${index} has another answer than before`);
        asked[again.replayed ? 'known' : 'done']++;
        lately.push(again);
      }
      asked.told.push(lately);
    }
    return asked;
  };
  const before = await ask(loads.before);
  problems.expect(before.done === 0, `${before.done} operations that were answered before the back-up are not in it`);
  const during = await ask(loads.during);
  problems.expect(during.done > 0, 'nothing was answered after the back-up: this proves nothing');
  // What was done anew has the outcome that the balances of the restored books give it, and from then on that one.
  const repeated = await ask({ ...loads.during, told: during.told });
  problems.expect(repeated.done === 0, `${repeated.done} operations were done twice`);
  await isClean('after all was sent again');
  await payouts.close();
  for (const error of [...loads.before.errors, ...loads.during.errors]) problems.add(error);
  const line =
    `${where}: ${before.known} operations from before are in the back-up, and of those under way ${during.known}; ` +
    `${during.done} were done when they were sent again; verifyLedger clean (seed ${loads.seed})`;
  return { line, problems: problems.found };
}
