import type { BursarStorage } from '@bursar/payouts/storage';
import { isBusy, retryBusy } from './busy.js';
import { explained } from './failure.js';
import type { DatabaseLike, OpenSqliteStorageOptions } from './options.js';
import { checkedTimeout, prepareDatabase, preparedStorage } from './storage.js';

/** A database that is opened here is closed here. */
interface OwnedDatabase extends DatabaseLike {
  close(): unknown;
}

/** Opens a file; throws where the native binding is missing. */
export type Driver = new (path: string) => OwnedDatabase;

/**
 * Opens a SQLite file with better-sqlite3, which the team installs beside this package, and keeps everything in it.
 * Otherwise as `sqliteStorage`; `close()` closes the file. Waiting for another process that is opening the same file
 * does not block the event loop.
 *
 * @example
 * const storage = await openSqliteStorage({ path: 'bursar.db' });
 *
 * @throws {Error} where better-sqlite3 is not installed or its binding is not built, and for all that `sqliteStorage`
 *   throws for. The message says what to do.
 */
export function openSqliteStorage(options: OpenSqliteStorageOptions): Promise<BursarStorage> {
  return openWith(async () => (await import('better-sqlite3')).default, options);
}

/** As {@link openSqliteStorage}, with a way to load another driver. */
export async function openWith(load: () => Promise<Driver>, options: OpenSqliteStorageOptions): Promise<BursarStorage> {
  const { path } = options;
  if (typeof path !== 'string' || path === '') throw new TypeError('path must be the path of a file, or ":memory:"');
  const timeoutMs = checkedTimeout(options);
  const Database = await loaded(load);
  const database = opened(Database, path);
  try {
    await prepared(database, options, timeoutMs);
  } catch (error) {
    database.close();
    throw explained(error, 'nothing was changed');
  }
  return preparedStorage(database, options, () => {
    database.close();
  });
}

async function prepared(database: DatabaseLike, options: OpenSqliteStorageOptions, timeoutMs: number): Promise<void> {
  const work = (): void => prepareDatabase(database, options);
  try {
    work();
  } catch (error) {
    if (!isBusy(error)) throw error;
    const wait = { timeoutMs, now: () => performance.now(), random: Math.random };
    await retryBusy(work, wait, (ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }
}

async function loaded(load: () => Promise<Driver>): Promise<Driver> {
  try {
    return await load();
  } catch (error) {
    throw new Error(
      'better-sqlite3 is not installed: run "npm install better-sqlite3", or open the file with another driver and call sqliteStorage({ database })',
      { cause: error },
    );
  }
}

function opened(Database: Driver, path: string): OwnedDatabase {
  try {
    return new Database(path);
  } catch (error) {
    if (isMissingBinding(error)) {
      throw new Error(
        'better-sqlite3 is installed, but its native binding is not built for this Node: run "npm rebuild better-sqlite3" (with pnpm, allow its build script first: "pnpm approve-builds"). Building takes Python 3 and a C++ compiler',
        { cause: error },
      );
    }
    throw explained(error, 'nothing was changed');
  }
}

// `bindings` finds no file, or the file was built for another version of Node.
function isMissingBinding(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const text = String(message);
  return code === 'ERR_DLOPEN_FAILED' || code === 'MODULE_NOT_FOUND' || /bindings file|NODE_MODULE_VERSION/.test(text);
}
