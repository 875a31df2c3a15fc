/**
 * A page of each list of the dashboard and of the payout API, in a SQLite file of a million users, five million transfers, and
 * a million withdrawals, deliveries and acts. `BENCH_USERS` makes it smaller.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { LARGE } from './side-by-side/growth.js';
import { fillLists } from './side-by-side/list-rows.js';
import { measureLists } from './side-by-side/lists.js';
import { grownFile } from './side-by-side/sqlite-growth.js';

const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'));
try {
  const path = join(folder, 'lists.db');
  const grown = await grownFile(path, LARGE);
  const database = new Database(path);
  database.exec('PRAGMA synchronous = OFF');
  await fillLists(grown, {
    run: (sql) => void database.exec(sql),
    withdrawal: { columns: '', values: '' },
  });
  database.close();
  await measureLists(grown);
  await grown.payouts.close();
  await grown.storage.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
