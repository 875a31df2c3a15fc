/** A file that this process may read and not write: nothing is changed, the error says so, and reading goes on. */
import { join } from 'node:path';
import type { Payouts } from '@bursar/payouts';
import { openSqliteStorage, sqliteStorage } from '@bursar/sqlite';
import { openBooks } from './load.js';
import { apiKeyOf, expectClear, expectUnavailable } from './refused.js';
import { type FaultReport, Problems } from './report.js';
import { BUSINESS, openPayouts } from './scene.js';
import { openDatabase, type Tmpfs } from './small-disk.js';
import { Witness } from './witness.js';

const WORDS =
  /the SQLite database cannot be written: give this process write permission for the file and its directory.*\(nothing was changed/;

/** Opens a file for reading alone, which is refused; and takes writing away from a connection that is in use. */
export async function readOnlyFile(root: string, folder: string): Promise<FaultReport> {
  const problems = new Problems();
  const path = join(folder, 'read-only.db');
  const database = openDatabase(root, path);
  const storage = sqliteStorage({ database });
  const payouts = openPayouts(storage, {
    onError: (error) => problems.expect(WORDS.test(String(error)), `an operator is told: ${error}`),
  });
  const witness = new Witness(await openBooks(payouts), problems);
  const apiKey = await apiKeyOf(payouts);
  const { payoutBalance } = await payouts.balance({ businessId: BUSINESS });

  database.exec('PRAGMA query_only = ON');
  await payouts.fund({ businessId: BUSINESS, amount: 1 }).then(
    () => problems.add('a file that is read-only was written'),
    (error: unknown) => expectClear(problems, error, WORDS),
  );
  witness.others += await expectUnavailable(problems, payouts, apiKey);
  await witness.compare(storage, true);
  database.exec('PRAGMA query_only = OFF');
  await expectWritable(payouts, payoutBalance, problems);
  database.close();

  const readable = openDatabase(root, path, { readonly: true });
  try {
    sqliteStorage({ database: readable, migrate: false });
    problems.add('a file that is read-only was opened');
  } catch (error) {
    problems.expect(WORDS.test(String(error)), `it failed with ${error}`);
  }
  readable.close();
  return reportOf('a connection that may only read', problems);
}

/** A file on a disk that is mounted for reading alone cannot be opened; afterwards it can. */
export async function readOnlyDisk(disk: Tmpfs): Promise<FaultReport> {
  const problems = new Problems();
  const path = join(disk.folder, 'read-only.db');
  const storage = await openSqliteStorage({ path });
  const payouts = openPayouts(storage);
  await openBooks(payouts);
  const { payoutBalance } = await payouts.balance({ businessId: BUSINESS });
  await storage.close();

  disk.remount('ro');
  try {
    await openSqliteStorage({ path }).then(
      () => problems.add('a file on a disk that is read-only was opened'),
      (error: unknown) =>
        problems.expect(/the SQLite (database|file) cannot be (written|opened): /.test(String(error)), `${error}`),
    );
  } finally {
    disk.remount('rw');
  }
  const again = await openSqliteStorage({ path });
  await expectWritable(openPayouts(again), payoutBalance, problems);
  await again.close();
  return reportOf('a disk mounted for reading alone', problems);
}

async function expectWritable(payouts: Payouts, payoutBalance: number, problems: Problems): Promise<void> {
  const funded = await payouts.fund({ businessId: BUSINESS, amount: 1 });
  const { payoutBalance: now } = await payouts.balance({ businessId: BUSINESS });
  problems.expect(funded.ok && now === payoutBalance + 1, `the payout balance is ${now} after ${payoutBalance} and 1`);
}

function reportOf(how: string, problems: Problems): FaultReport {
  const state = problems.found.length === 0 ? 'nothing changed, a clear error, works again' : 'WRONG';
  return { line: `read-only (${how}): ${state}`, problems: problems.found };
}
