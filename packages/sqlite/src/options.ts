import type { Timestamp } from '@bursar/core/storage';

/**
 * A prepared statement, as better-sqlite3, `node:sqlite` and `bun:sqlite` make it. Texts, numbers and `null` are bound by
 * position; the parameters are `never` here because each driver types them in its own way, and all of them fit that.
 */
export interface StatementLike {
  /** The first row as an object by column name; `undefined` or `null` where there is none. */
  get(...parameters: never[]): unknown;
  /** All rows. */
  all(...parameters: never[]): unknown[];
  /** Runs a statement that has no rows. */
  run(...parameters: never[]): { readonly changes: number | bigint };
}

/**
 * An open SQLite database: what better-sqlite3's `Database`, `node:sqlite`'s `DatabaseSync` and `bun:sqlite`'s
 * `Database` have in common, and all that is asked of them. Integers have to come back as numbers.
 */
export interface DatabaseLike {
  prepare(sql: string): StatementLike;
  /** Runs one statement or several, without parameters and without rows. */
  exec(sql: string): unknown;
}

/** Options of every SQLite storage. */
export interface SqliteOptions {
  /**
   * Storage's own clock, in milliseconds since 1970-01-01T00:00:00Z. It dates accounts and transfers, and decides when a
   * pending transfer has expired. Tests inject one.
   *
   * @default Date.now
   */
  readonly now?: () => Timestamp;
  /**
   * How long to wait, in milliseconds, for another process that is writing to the same file. The wait does not block the
   * event loop. When it is over, the call throws and nothing was changed.
   *
   * @default 5000
   */
  readonly busyTimeoutMs?: number;
  /**
   * Whether tables are made or brought up to date when the database is opened. With `false`, a database that is not
   * up to date is refused: for a deployment that migrates in a step of its own.
   *
   * @default true
   */
  readonly migrate?: boolean;
}

/** Options of `sqliteStorage`. */
export interface SqliteStorageOptions extends SqliteOptions {
  /**
   * An open database, for Bursar alone: a connection that nobody else begins transactions on. Its settings are changed
   * (WAL, `synchronous = FULL`, `foreign_keys`, a busy time-out of 0). It stays the caller's: `close()` leaves it open.
   */
  readonly database: DatabaseLike;
}

/** Options of `openSqliteStorage`. */
export interface OpenSqliteStorageOptions extends SqliteOptions {
  /** The file, which is made where it does not exist; or `:memory:`, which ends with the storage. */
  readonly path: string;
}
