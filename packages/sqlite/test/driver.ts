import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BursarStorage } from '@bursar/payouts/storage';
import { testStorage } from '@bursar/storage-testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DatabaseLike, type SqliteOptions, sqliteStorage } from '../src/index.js';
import { business, businessId, item, payoutUser } from './sample.js';
import { temporaryFile } from './temporary.js';

/** A database that a driver has opened. */
interface OpenedDatabase extends DatabaseLike {
  close(): unknown;
}

/** Opens a file with a driver of SQLite. */
type Open = (path: string) => OpenedDatabase;

/** Runs the conformance suite on `sqliteStorage` with a driver, and tests what depends on how the driver tells errors. */
export function testDriver(name: string, open: Open): void {
  testConformance(name, open);
  testErrors(name, open);
}

function testConformance(name: string, open: Open): void {
  const files = new Map<BursarStorage, { readonly directory: string; readonly database: OpenedDatabase }>();

  function opened(directory: string, options: SqliteOptions): BursarStorage {
    const database = open(join(directory, 'bursar.db'));
    const storage = sqliteStorage({ database, ...options });
    files.set(storage, { directory, database });
    return storage;
  }

  function fileOf(storage: BursarStorage) {
    const file = files.get(storage);
    if (file === undefined) throw new Error('this storage was not opened here');
    return file;
  }

  async function close(storage: BursarStorage): Promise<void> {
    await storage.close();
    fileOf(storage).database.close();
  }

  testStorage({
    name: `sqliteStorage on ${name}`,
    create: ({ now }) => opened(mkdtempSync(join(tmpdir(), 'bursar-sqlite-')), { now }),
    async destroy(storage) {
      await close(storage);
      rmSync(fileOf(storage).directory, { recursive: true });
    },
    async reopen(storage, { now }) {
      await close(storage);
      return opened(fileOf(storage).directory, { now });
    },
    share: (storage, { now }) => opened(fileOf(storage).directory, { now }),
  });
}

function testErrors(name: string, open: Open): void {
  function opened(path = temporaryFile()): OpenedDatabase {
    const database = open(path);
    onTestFinished(() => void database.close());
    return database;
  }

  describe(`sqliteStorage on ${name}`, () => {
    it('waits for another connection that holds the lock, and says so when the time is over', async () => {
      const path = temporaryFile();
      const storage = sqliteStorage({ database: opened(path), busyTimeoutMs: 10_000 });
      const hurried = sqliteStorage({ database: opened(path), busyTimeoutMs: 0 });
      const other = opened(path);
      other.exec('BEGIN IMMEDIATE');
      const waiting = storage.createBusiness(business);
      await expect(hurried.createBusiness(business)).rejects.toThrow(
        /locked for longer than busyTimeoutMs.*nothing was changed/,
      );
      other.exec('COMMIT');
      expect(await waiting).toEqual(business);
    });

    it('refuses a transaction that its owner has open, and leaves it alone', async () => {
      const database = opened();
      const storage = sqliteStorage({ database });
      database.exec('BEGIN');
      await expect(storage.applyTransfers([item('t_1')])).rejects.toThrow('give Bursar a connection of its own');
      database.exec('ROLLBACK');
      expect(await storage.applyTransfers([item('t_1')])).toMatchObject([{ status: 'applied' }]);
    });

    it('changes nothing when the disk is full, and goes on when there is space again', async () => {
      const database = opened();
      const storage = sqliteStorage({ database });
      database.exec('PRAGMA max_page_count = 1');
      const metadata = { words: 'x'.repeat(2000) };
      const batch = Array.from({ length: 256 }, (_, index) => item(`t_${index}`, { metadata }));
      await expect(storage.applyTransfers(batch)).rejects.toThrow(/free some space.*nothing was changed/);
      expect(await storage.findAccounts([{ businessId, id: 'balance' }])).toEqual([undefined]);
      database.exec('PRAGMA max_page_count = 1000000');
      expect(await storage.applyTransfers(batch)).toHaveLength(256);
    });

    it('says which constraint refused a write, and no value', async () => {
      const storage = sqliteStorage({ database: opened() });
      await storage.createBusiness(business);
      await storage.openPayoutUsers([payoutUser]);
      const same = { ...payoutUser, id: 'user_2', normalizedEmail: 'ben@example.com' };
      const error: unknown = await Promise.resolve(storage.openPayoutUsers([same])).catch((reason: unknown) => reason);
      expect(String(error)).toMatch(/constraint.*bursar_payout_users\.digest/);
      expect(`${String(error)} ${String((error as Error).cause)}`).not.toMatch(/bbbb|@/);
    });

    it('refuses a file that is no database, and one of another program', () => {
      const text = temporaryFile();
      writeFileSync(text, 'no database, '.repeat(100));
      expect(() => sqliteStorage({ database: opened(text) })).toThrow('not a SQLite database');
      const database = opened();
      database.exec('CREATE TABLE users (id TEXT)');
      expect(() => sqliteStorage({ database })).toThrow('another program');
    });

    it('keeps integers up to 2^53 - 1 whole', async () => {
      const storage = sqliteStorage({ database: opened(), now: () => Number.MAX_SAFE_INTEGER });
      const amount = (Number.MAX_SAFE_INTEGER - 1) as never;
      await storage.applyTransfers([item('t_1', { amount }), item('t_2', { amount: 1 as never })]);
      expect(await storage.findAccounts([{ businessId, id: 'balance' }])).toMatchObject([
        { creditsPosted: Number.MAX_SAFE_INTEGER, createdAt: Number.MAX_SAFE_INTEGER },
      ]);
      expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toMatchObject([{ amount }]);
    });
  });
}
