import type { Awaitable } from '@bursar/core/storage';
import { isBusy, retryBusy } from './busy.js';
import { type Effect, explained } from './failure.js';
import type { DatabaseLike } from './options.js';

/** What is bound to a statement. */
export type SqlValue = string | number | null;

/** A statement that is prepared at its first use and kept. `get` answers `undefined` where there is no row. */
export interface Statement<Row> {
  get(...parameters: SqlValue[]): Row | undefined;
  all(...parameters: SqlValue[]): Row[];
  /** Answers with the number of rows that were changed. */
  run(...parameters: SqlValue[]): number;
}

/** How the storage asks its database. Nobody else begins or ends a transaction. */
export interface Connection {
  prepare<Row>(sql: string): Statement<Row>;
  /** Reads: at once, without a promise, unless the database is busy. */
  read<T>(work: () => T): Awaitable<T>;
  /** Several reads that see the same moment. */
  snapshot<T>(work: () => T): Awaitable<T>;
  /** One transaction that holds the write lock from its start. When `work` throws, nothing was changed. */
  write<T>(work: () => T): Awaitable<T>;
}

/** Makes the connection of one storage. */
export function connect(database: DatabaseLike, busyTimeoutMs: number): Connection {
  const wait = { timeoutMs: busyTimeoutMs, now: () => performance.now(), random: Math.random };
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    });

  function attempt<T>(work: () => T): Awaitable<T> {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw explained(error, 'nothing was changed');
      return retryBusy(work, wait, sleep).catch((last: unknown) => {
        throw explained(last, 'nothing was changed');
      });
    }
  }

  const deferred = transaction(database, 'BEGIN');
  const immediate = transaction(database, 'BEGIN IMMEDIATE');
  return {
    prepare: (sql) => prepared(database, sql),
    read: attempt,
    snapshot: (work) => attempt(() => deferred(work)),
    write: (work) => attempt(() => immediate(work)),
  };
}

/** Runs work between `begin` and COMMIT; when anything throws, rolls back and throws it. */
export function transaction(database: DatabaseLike, begin: 'BEGIN' | 'BEGIN IMMEDIATE'): <T>(work: () => T) => T {
  const start = prepared(database, begin);
  const commit = prepared(database, 'COMMIT');
  return (work) => {
    // Outside the `try`: a transaction that was there before is somebody else's, and not ours to roll back.
    start.run();
    let effect: Effect = 'nothing was changed';
    try {
      const result = work();
      effect = 'whether it was done is not known; sending the same again is safe';
      commit.run();
      return result;
    } catch (error) {
      rollBack(database);
      throw isBusy(error) ? error : explained(error, effect);
    }
  };
}

// SQLite has already rolled back after some errors (a full disk), and then says that there is nothing to roll back.
function rollBack(database: DatabaseLike): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // The error that led here is the one to tell.
  }
}

/** Prepares a statement at its first use, and gives it the types that Bursar binds and reads. */
export function prepared<Row>(database: DatabaseLike, sql: string): Statement<Row> {
  let kept: BoundStatement | undefined;
  const statement = (): BoundStatement => {
    kept ??= database.prepare(sql) as BoundStatement;
    return kept;
  };
  return {
    get: (...parameters) => (statement().get(...parameters) as Row | null | undefined) ?? undefined,
    all: (...parameters) => statement().all(...parameters) as Row[],
    run: (...parameters) => Number(statement().run(...parameters).changes),
  };
}

interface BoundStatement {
  get(...parameters: SqlValue[]): unknown;
  all(...parameters: SqlValue[]): unknown[];
  run(...parameters: SqlValue[]): { readonly changes: number | bigint };
}
