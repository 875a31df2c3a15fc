import type { DatabaseLike } from './options.js';

// Random ids touch a page each. A longer log writes such a page to the database once for several batches (16 MB of pages),
// and what a large transaction made of it is cut back afterwards.
const CHECKPOINT_PAGES = 4000;
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** Reads one setting of the connection. */
export function pragma(database: DatabaseLike, name: string): unknown {
  const row = database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown> | null | undefined;
  return row ? Object.values(row)[0] : undefined;
}

/**
 * Sets what an acknowledged write needs in order to be durable, and reads it back: these settings belong to the
 * connection, and are not what a file that is opened again has by default.
 *
 * @see https://sqlite.org/pragma.html#pragma_synchronous
 * @throws where a setting does not take.
 */
export function applySettings(database: DatabaseLike): void {
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA foreign_keys = ON');
  // Only macOS knows the difference: there a plain fsync does not reach the disk.
  database.exec('PRAGMA fullfsync = ON');
  database.exec('PRAGMA checkpoint_fullfsync = ON');
  database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.exec(`PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`);
  assertSettings(database);
}

/**
 * Reads back the settings that durability stands on.
 *
 * @throws where one is not in force.
 */
export function assertSettings(database: DatabaseLike): void {
  const journal = pragma(database, 'journal_mode');
  if (journal !== 'wal' && !(journal === 'memory' && isInMemory(database))) {
    throw refusedSetting('journal_mode = WAL', journal, 'put the file on a local disk that this process can write to');
  }
  const synchronous = pragma(database, 'synchronous');
  if (synchronous !== 2) throw refusedSetting('synchronous = FULL', synchronous, OWN_CONNECTION);
  const foreignKeys = pragma(database, 'foreign_keys');
  if (foreignKeys !== 1) throw refusedSetting('foreign_keys = ON', foreignKeys, OWN_CONNECTION);
}

const OWN_CONNECTION = 'give Bursar a connection of its own, and leave its settings alone';

function refusedSetting(wanted: string, found: unknown, advice: string): Error {
  return new Error(
    `SQLite does not keep the setting ${wanted} (it is ${String(found)}), without which an answered write could be lost: ${advice}`,
  );
}

function isInMemory(database: DatabaseLike): boolean {
  const main = database.prepare('PRAGMA database_list').get() as { file?: unknown } | undefined;
  return !main?.file;
}
