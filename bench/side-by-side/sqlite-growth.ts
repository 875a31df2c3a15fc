/** Fills a SQLite file with users and transfers by rows, as if they had come one by one, and opens it as usual. */
import { statSync } from 'node:fs';
import { digest, newPayoutUser } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import { openSqliteStorage } from '@bursar/sqlite';
import Database from 'better-sqlite3';
import { emailOf, type Grown, grownOn, openBusiness, payoutsOn, type Size } from './growth.js';
import { businessId, randomId } from './sqlite-load.js';

const KEY_ROWS_PER_THOUSAND_USERS = 10;
const FUNDS = 2 ** 50;

/** Makes the file. */
export async function grownFile(path: string, { users, transfers }: Size): Promise<Grown> {
  const first = await openSqliteStorage({ path });
  const payouts = payoutsOn(first);
  const keys = await openBusiness(payouts);
  await first.close();
  const bytesPerTransfer = fill(path, payouts, { users, transfers });
  return grownOn(await openSqliteStorage({ path }), { users, keys, bytesPerTransfer });
}

/** Answers with the bytes that a transfer takes. */
function fill(path: string, payouts: Payouts, size: Size): number {
  const database = new Database(path);
  // Nobody needs what is left of this where it is cut short; and all of it has to fit into the cache.
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000000');
  database.exec('BEGIN');
  const ids = fillUsers(database, payouts, size.users);
  fillKeys(database, (size.users / 1000) * KEY_ROWS_PER_THOUSAND_USERS);
  database.exec('COMMIT');
  const before = statSync(path).size;
  database.exec('BEGIN');
  const sums = fillTransfers(database, ids, size.transfers);
  database.exec('COMMIT');
  const bytes = statSync(path).size - before;
  database.exec('BEGIN');
  fillAccounts(database, ids, sums, size.transfers);
  database.exec('COMMIT');
  database.close();
  return bytes / size.transfers;
}

function fillUsers(database: Database.Database, payouts: Payouts, users: number): string[] {
  const insert = database.prepare('INSERT INTO bursar_payout_users VALUES (?, ?, ?, ?, ?, 0, ?, ?, NULL, ?)');
  const ids: string[] = [];
  for (let user = 0; user < users; user++) {
    const record = newPayoutUser(payouts.auth.context, businessId, emailOf(user));
    const { id, email, normalizedEmail, secretId, status, createdAt } = record;
    insert.run(businessId, id, email, normalizedEmail, record.digest, secretId, status, createdAt);
    ids.push(id);
  }
  return ids;
}

function fillKeys(database: Database.Database, rows: number): void {
  const insert = database.prepare(
    `INSERT INTO bursar_api_keys VALUES (?, ?, ?, 'Server', 'secret', 'live', '["*"]', 'bursar_live_…a1b2', 1, NULL, NULL,
     NULL, NULL, NULL)`,
  );
  for (let row = 0; row < rows; row++) insert.run(digest(`key ${row}`), businessId, `key_${row}`);
}

/** Each from the payout balance to a user, in the order of chance. Answers with how many each user got. */
function fillTransfers(database: Database.Database, ids: readonly string[], transfers: number): Uint32Array {
  const insert = database.prepare(
    `INSERT INTO bursar_transfers VALUES (?, ?, 'payout_balance', ?, 1, 'allocation', 'single', NULL, NULL, NULL, NULL, ?,
     'applied', ?, ?, ?)`,
  );
  const places = new Uint32Array(ids.length);
  const start = Date.now() - transfers;
  for (let place = 1; place <= transfers; place++) {
    const user = Math.floor(Math.random() * ids.length);
    const own = (places[user] ?? 0) + 1;
    places[user] = own;
    // The payout balance's first place is its funding.
    insert.run(businessId, randomId(), ids[user], digest(String(place)), place + 1, own, start + place);
  }
  return places;
}

function fillAccounts(database: Database.Database, ids: readonly string[], sums: Uint32Array, transfers: number): void {
  const insert = database.prepare(`INSERT INTO bursar_accounts VALUES (?, ?, ?, 'USD', ?, ?, 0, ?, 0, ?, 1)`);
  insert.run(businessId, 'external', 'external', 0, FUNDS, 0, 1);
  insert.run(businessId, 'payout_balance', 'payout_balance', 1, transfers, FUNDS, transfers + 1);
  for (const [user, id] of ids.entries()) {
    const sum = sums[user] ?? 0;
    if (sum > 0) insert.run(businessId, id, 'payout_user', 1, 0, sum, sum);
  }
  database
    .prepare(
      `INSERT INTO bursar_transfers VALUES (?, 'funding', 'external', 'payout_balance', ?, 'fund', 'single', NULL, NULL,
       NULL, NULL, ?, 'applied', 1, 1, 1)`,
    )
    .run(businessId, FUNDS, digest('funding'));
}
