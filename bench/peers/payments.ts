/** Payments from one busy account to a thousand others, ours and by a transaction each as most teams write it. */
import { join } from 'node:path';
import { createPayouts, type Ledger } from '@bursar/payouts';
import type { BursarStorage, LedgerItem } from '@bursar/payouts/storage';
import { openPostgresStorage } from '@bursar/postgres';
import { sqliteStorage } from '@bursar/sqlite';
import pg from 'pg';
import { SECRET } from '../side-by-side/scene.js';
import { openLedger, payout, randomId, USERS, userId } from '../side-by-side/sqlite-load.js';
import { filling, openDatabase } from './database.js';

/** One way to pay. */
export interface Payer {
  /** Pays one cent to one of the users; answers when it is durable. */
  pay(): Promise<void> | void;
  close(): Promise<void> | void;
}

const BUSY = 'payout_balance';
const FUNDS = 1_000_000_000_000;
const aUser = (): string => userId(Math.floor(Math.random() * USERS));

const TABLES = `
  CREATE TABLE accounts (id TEXT PRIMARY KEY, balance BIGINT NOT NULL CHECK (balance >= 0));
  CREATE TABLE payments (id TEXT PRIMARY KEY, debit_account TEXT NOT NULL REFERENCES accounts,
    credit_account TEXT NOT NULL REFERENCES accounts, amount BIGINT NOT NULL CHECK (amount > 0), created_at BIGINT NOT NULL);
  CREATE INDEX payments_by_debit ON payments (debit_account, created_at);
  CREATE INDEX payments_by_credit ON payments (credit_account, created_at);`;

async function bursar(storage: BursarStorage, close: () => Promise<void> | void): Promise<Payer> {
  await openLedger(storage);
  const { ledger } = createPayouts({ storage, secret: SECRET });
  return { pay: () => paid(ledger, payout(USERS)), close };
}

async function paid(ledger: Ledger, item: LedgerItem): Promise<void> {
  const { status } = await ledger.transfer(item);
  if (status !== 'applied') throw new Error(`a payment was ${status}`);
}

/** Ours on a SQLite file. */
export function bursarOnSqlite(folder: string): Promise<Payer> {
  const database = openDatabase(join(folder, 'payments-bursar.db'));
  const storage = sqliteStorage({ database });
  return filling(database, () => bursar(storage, () => void database.close()));
}

/** Ours on PostgreSQL. */
export async function bursarOnPostgres(connectionString: string): Promise<Payer> {
  const storage = await openPostgresStorage({ connectionString, maxConnections: 10 });
  return bursar(storage, () => storage.close());
}

/** A transaction each, on a SQLite file. */
export function classicOnSqlite(folder: string): Promise<Payer> {
  const database = openDatabase(join(folder, 'payments-classic.db'));
  database.exec(TABLES);
  const open = database.prepare('INSERT INTO accounts VALUES (?, ?)');
  const insert = database.prepare('INSERT INTO payments VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const debit = database.prepare('UPDATE accounts SET balance = balance - ? WHERE id = ? AND balance >= ?');
  const credit = database.prepare('UPDATE accounts SET balance = balance + ? WHERE id = ?');
  const pay = database.transaction((id: string, to: string, amount: number) => {
    if (insert.run(id, BUSY, to, amount, Date.now()).changes === 0) return;
    if (debit.run(amount, BUSY, amount).changes === 0) throw new Error('not covered');
    if (credit.run(amount, to).changes === 0) throw new Error('no such account');
  });
  return filling(database, () => {
    open.run(BUSY, FUNDS);
    for (let user = 0; user < USERS; user++) open.run(userId(user), 0);
    return { pay: () => pay.immediate(randomId(), aUser(), 1), close: () => void database.close() };
  });
}

/** A transaction each, on PostgreSQL, with a pool of as many connections as ours. */
export async function classicOnPostgres(connectionString: string): Promise<Payer> {
  const pool = new pg.Pool({ connectionString, max: 10 });
  // `end` does not wait until the server knows, which may then be stopped first.
  pool.on('error', () => undefined);
  await pool.query(`CREATE SCHEMA classic; SET search_path = classic; ${TABLES}`);
  await pool.query('INSERT INTO classic.accounts SELECT unnest($1::text[]), $2', [
    [BUSY, ...Array.from({ length: USERS }, (_, user) => userId(user))],
    FUNDS,
  ]);
  return {
    async pay() {
      const client = await pool.connect();
      try {
        await inTransaction(client, randomId(), aUser(), 1);
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function inTransaction(client: pg.PoolClient, id: string, to: string, amount: number): Promise<void> {
  await client.query('BEGIN');
  const inserted = await client.query(
    'INSERT INTO classic.payments VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [id, BUSY, to, amount, Date.now()],
  );
  if (inserted.rowCount === 1) {
    const debited = await client.query(
      'UPDATE classic.accounts SET balance = balance - $1 WHERE id = $2 AND balance >= $1',
      [amount, BUSY],
    );
    if (debited.rowCount !== 1) throw new Error('not covered');
    await client.query('UPDATE classic.accounts SET balance = balance + $1 WHERE id = $2', [amount, to]);
  }
  await client.query('COMMIT');
}
