import { type BursarStorage, closable } from '@bursar/payouts/storage';
import { sqliteAudit } from './audit.js';
import { retryBusyBlocking } from './busy.js';
import { connect, transaction } from './connection.js';
import { sqliteCredentials } from './credentials.js';
import { sqliteDeliveries } from './deliveries.js';
import { sqliteDocuments } from './documents.js';
import { sqliteEndpoints } from './endpoints.js';
import { explained } from './failure.js';
import { sqliteLedger } from './ledger-exact.js';
import { isOurs, migrate } from './migrate.js';
import type { DatabaseLike, SqliteOptions, SqliteStorageOptions } from './options.js';
import { applySettings, assertSettings } from './settings.js';
import { sqliteUsage } from './usage.js';

const DEFAULT_BUSY_TIMEOUT_MS = 5000;

/**
 * Keeps everything in a SQLite database that the caller has opened, with better-sqlite3 or a driver like it. Checks and
 * changes the settings that durability needs, and makes the tables. This blocks until it is done; afterwards no call
 * waits in a way that blocks the event loop.
 *
 * An answered write is on the disk (`synchronous = FULL`, write-ahead log). Several processes may use the same file.
 *
 * @example
 * import Database from 'better-sqlite3';
 * const storage = sqliteStorage({ database: new Database('bursar.db') });
 *
 * @throws {TypeError} for options of a wrong form.
 * @throws {Error} where the database belongs to another program or another version, cannot be written, or does not keep
 *   a setting. The message says what to do.
 */
export function sqliteStorage(options: SqliteStorageOptions): BursarStorage {
  const { database } = options;
  if (typeof database?.prepare !== 'function' || typeof database.exec !== 'function') {
    throw new TypeError('database must be an open SQLite database; for a path, call openSqliteStorage({ path })');
  }
  const busyTimeoutMs = checkedTimeout(options);
  try {
    const wait = { timeoutMs: busyTimeoutMs, now: () => performance.now(), random: Math.random };
    retryBusyBlocking(() => prepareDatabase(database, options), wait);
  } catch (error) {
    throw explained(error, 'nothing was changed');
  }
  return preparedStorage(database, options);
}

/** Settings and tables. Can be tried again as a whole where the database was busy. */
export function prepareDatabase(
  database: DatabaseLike,
  { migrate: mayMigrate = true, now = Date.now }: SqliteOptions,
): void {
  // Waiting inside SQLite would block the event loop; whoever calls tries again instead.
  database.exec('PRAGMA busy_timeout = 0');
  // In one view: another process may be making the tables between two reads.
  transaction(database, 'BEGIN')(() => isOurs(database));
  applySettings(database);
  migrate(database, { migrate: mayMigrate, now });
}

/** The storage on a database that is prepared. `end` closes what was opened for it. */
export function preparedStorage(database: DatabaseLike, options: SqliteOptions, end?: () => void): BursarStorage {
  const connection = connect(database, checkedTimeout(options));
  const { now = Date.now } = options;
  const anyRow = connection.prepare('SELECT number FROM bursar_migrations LIMIT 1');
  const checkHealth = (): void => {
    assertSettings(database);
    if (anyRow.get() === undefined) throw new Error('the tables of Bursar are gone from the SQLite database');
  };
  return closable(
    'SQLite',
    {
      ...sqliteCredentials(connection),
      ...sqliteLedger(connection, now),
      ...sqliteEndpoints(connection, now),
      ...sqliteDeliveries(connection, now),
      ...sqliteAudit(connection, now),
      ...sqliteUsage(connection),
      ...sqliteDocuments(connection, now),
      checkHealth: () => connection.read(checkHealth),
    },
    end,
  );
}

/** @throws {TypeError} where the time-out is not a number of milliseconds. */
export function checkedTimeout({ busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS }: SqliteOptions): number {
  if (!Number.isFinite(busyTimeoutMs) || busyTimeoutMs < 0) {
    throw new TypeError('busyTimeoutMs must be a number of milliseconds, 0 or more');
  }
  return busyTimeoutMs;
}
