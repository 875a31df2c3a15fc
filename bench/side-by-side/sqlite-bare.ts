/**
 * What SQLite takes by itself: the rows of a batch inserted into the transfers, and each account that it touches updated
 * once, in one transaction, on the tables, indexes and settings of our own file. Without our checks and look-ups: no id is
 * looked for, no balance read, nothing decided.
 */
import Database from 'better-sqlite3';
import type { Way } from './ratios.js';
import { businessId, randomId, USERS, userId } from './sqlite-load.js';

/** A bare ledger. */
export interface BareLedger {
  /** Transfers to so many users, in transactions of this size. */
  inBatches(size: number, users: number): Way;
  close(): void;
}

const DIGEST = 'a'.repeat(64);

/** Opens a file that has our tables and accounts. */
export function bareLedger(path: string): BareLedger {
  const database = new Database(path);
  database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const insert = database.prepare(
    `INSERT INTO bursar_transfers (business_id, id, debit_account_id, credit_account_id, amount, code, phase, pending_id,
     timeout_seconds, reference, metadata, request_digest, outcome, debit_sequence, credit_sequence, created_at)
     VALUES (?, ?, ?, ?, ?, 'allocation', 'single', NULL, NULL, NULL, NULL, ?, 'applied', ?, ?, ?)`,
  );
  const debit = database.prepare(
    `UPDATE bursar_accounts SET debits_posted = debits_posted + ?, sequence = sequence + ? WHERE business_id = ? AND id = ?`,
  );
  const credit = database.prepare(
    `UPDATE bursar_accounts SET credits_posted = credits_posted + ?, sequence = sequence + ? WHERE business_id = ? AND id = ?`,
  );
  // Places that are free: our own transfers stand before them.
  let debitPlace = 1_000_000;
  const creditPlaces = Array.from({ length: USERS }, () => 1000);

  function apply(batch: readonly (readonly [id: string, user: number])[]): void {
    begin.run();
    const credited = new Map<number, number>();
    const now = Date.now();
    for (const [id, user] of batch) {
      const place = (creditPlaces[user] ?? 0) + 1;
      creditPlaces[user] = place;
      debitPlace++;
      insert.run(businessId, id, 'payout_balance', userId(user), 1, DIGEST, debitPlace, place, now);
      credited.set(user, (credited.get(user) ?? 0) + 1);
    }
    debit.run(batch.length, batch.length, businessId, 'payout_balance');
    for (const [user, sum] of credited) credit.run(sum, sum, businessId, userId(user));
    commit.run();
  }

  return {
    inBatches: (size, users) => (transfers) => {
      const some = () => Array.from({ length: size }, () => [randomId(), Math.floor(Math.random() * users)] as const);
      const batches = Array.from({ length: transfers / size }, some);
      return () => batches.forEach(apply);
    },
    close: () => {
      database.close();
    },
  };
}
