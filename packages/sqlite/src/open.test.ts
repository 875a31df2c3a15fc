import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { business, businessId, item } from '../test/sample.js';
import { temporaryFile } from '../test/temporary.js';
import { openSqliteStorage, sqliteStorage } from './index.js';
import { type Driver, openWith } from './open.js';

function failing(error: Error): Driver {
  return class {
    constructor() {
      throw error;
    }
  } as unknown as Driver;
}

describe('openSqliteStorage', () => {
  it('makes the file, and finds everything in it when it is opened again', async () => {
    const path = temporaryFile();
    const first = await openSqliteStorage({ path });
    await first.createBusiness(business);
    await first.close();
    const second = await openSqliteStorage({ path });
    expect(await second.findBusiness(businessId)).toEqual(business);
    await second.close();
  });

  it('says how to install better-sqlite3 where it is missing', async () => {
    const load = async (): Promise<Driver> => {
      throw Object.assign(new Error("Cannot find package 'better-sqlite3'"), { code: 'ERR_MODULE_NOT_FOUND' });
    };
    await expect(openWith(load, { path: ':memory:' })).rejects.toThrow('run "npm install better-sqlite3"');
  });

  it.each([
    ['was not built', new Error('Could not locate the bindings file. Tried: …')],
    ['is of another Node', Object.assign(new Error('NODE_MODULE_VERSION 115'), { code: 'ERR_DLOPEN_FAILED' })],
  ])('says how to build the binding where it %s', async (_case, error) => {
    const opening = openWith(async () => failing(error), { path: ':memory:' });
    await expect(opening).rejects.toThrow(/run "npm rebuild better-sqlite3".*pnpm approve-builds/);
  });

  it('says what to do where the directory does not exist', async () => {
    const path = join(dirname(temporaryFile()), 'missing', 'bursar.db');
    await expect(openSqliteStorage({ path })).rejects.toThrow(/directory/);
  });

  it('closes the file again where it refuses it', async () => {
    const path = temporaryFile();
    const database = new Database(path);
    database.exec('CREATE TABLE users (id TEXT)');
    database.close();
    let closed = 0;
    const load = async (): Promise<Driver> =>
      class extends Database {
        override close(): this {
          closed++;
          return super.close();
        }
      };
    await expect(openWith(load, { path })).rejects.toThrow('another program');
    expect(closed).toBe(1);
  });

  it.each([
    ['an empty path', { path: '' }, 'path must be'],
    ['a negative time-out', { path: ':memory:', busyTimeoutMs: -1 }, 'busyTimeoutMs must be'],
    ['a time-out that is no number', { path: ':memory:', busyTimeoutMs: Number.NaN }, 'busyTimeoutMs must be'],
  ])('refuses %s', async (_case, options, message) => {
    await expect(openSqliteStorage(options)).rejects.toThrow(message);
  });

  it('waits for another process that is opening the same file', async () => {
    const path = temporaryFile();
    const other = new Database(path);
    other.exec('PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE');
    let open = false;
    const opening = openSqliteStorage({ path }).finally(() => {
      open = true;
    });
    for (let turn = 0; turn < 100; turn++) await nextTurn();
    expect(open).toBe(false);
    other.exec('COMMIT');
    other.close();
    await (await opening).close();
  });
});

describe('close', () => {
  it('closes the file that was opened here', async () => {
    const path = temporaryFile();
    const storage = await openSqliteStorage({ path });
    await storage.createBusiness(business);
    expect(existsSync(`${path}-wal`)).toBe(true);
    await storage.close();
    // The last connection to close removes the write-ahead log.
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it("leaves the caller's database open", async () => {
    const database = new Database(temporaryFile());
    onTestFinished(() => {
      database.close();
    });
    await sqliteStorage({ database }).close();
    expect(database.open).toBe(true);
  });

  it('refuses all work afterwards, and may be called twice', async () => {
    const storage = await openSqliteStorage({ path: ':memory:' });
    await storage.close();
    await storage.close();
    expect(() => storage.findApiKeys([])).toThrow('closed: open it again');
    expect(() => storage.applyTransfers([])).toThrow('closed');
    expect(() => storage.checkHealth()).toThrow('closed');
  });

  it('lets a batch finish that it finds under way', async () => {
    const path = temporaryFile();
    const storage = await openSqliteStorage({ path });
    const answer = storage.applyTransfers([item('t_1')]);
    await storage.close();
    expect(await answer).toMatchObject([{ status: 'applied' }]);
    const again = await openSqliteStorage({ path });
    expect(await again.findTransfers([{ businessId, id: 't_1' }])).toMatchObject([{ outcome: 'applied' }]);
    await again.close();
  });
});

describe('sqliteStorage', () => {
  it('refuses a path, and says what to call instead', () => {
    expect(() => sqliteStorage({ database: 'bursar.db' as never })).toThrow('openSqliteStorage({ path })');
  });
});
