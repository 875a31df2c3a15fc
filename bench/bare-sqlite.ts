/**
 * What SQLite takes by itself: the rows of a batch inserted into the transfers, and each account that it touches updated
 * once, in one transaction, on the tables, indexes and settings of our own file. Without our checks and look-ups: no id is
 * looked for, no balance read, nothing decided.
 */
import Database from 'better-sqlite3';
import { businessId, randomId, USERS, userId } from './ledger-items.js';

/** A bare ledger. */
export interface BareLedger {
  /** So many transfers, in transactions of this size. */
  inBatches(size: number): (transfers: number) => void;
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

  function apply(size: number): void {
    begin.run();
    const credited = new Map<number, number>();
    const now = Date.now();
    for (let index = 0; index < size; index++) {
      const user = Math.floor(Math.random() * USERS);
      const place = (creditPlaces[user] ?? 0) + 1;
      creditPlaces[user] = place;
      debitPlace++;
      insert.run(businessId, randomId(), 'payout_balance', userId(user), 1, DIGEST, debitPlace, place, now);
      credited.set(user, (credited.get(user) ?? 0) + 1);
    }
    debit.run(size, size, businessId, 'payout_balance');
    for (const [user, sum] of credited) credit.run(sum, sum, businessId, userId(user));
    commit.run();
  }

  return {
    inBatches: (size) => (transfers) => {
      for (let done = 0; done < transfers; done += size) apply(size);
    },
    close: () => {
      database.close();
    },
  };
}
