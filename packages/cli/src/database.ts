import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { redactText } from '@bursar/core';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openPostgresStorage } from '@bursar/postgres';
import { openSqliteStorage } from '@bursar/sqlite';
import { CliError } from './exit.js';
import { isPostgres } from './settings.js';

/**
 * Opens a database. Only `migrate` makes tables or brings them up to date: a program of a newer version must not change a
 * database that servers of an older one are using, just because somebody has listed keys.
 *
 * @throws {CliError} which says what to do.
 */
export async function openDatabase(database: string, directory: string, migrate: boolean): Promise<BursarStorage> {
  const path = resolve(directory, database);
  if (!isPostgres(database)) {
    if (database === ':memory:') throw new CliError('usage', 'A database in memory would end with this command.');
    if (!migrate && !existsSync(path)) {
      throw new CliError('unavailable', `There is no database at ${path}: "bursar migrate" makes it.`);
    }
  }
  try {
    return await (isPostgres(database)
      ? openPostgresStorage({ connectionString: database, migrate })
      : openSqliteStorage({ path, migrate }));
  } catch (error) {
    throw new CliError('unavailable', redactText(causesOf(error)), { cause: error });
  }
}

/** What an error says, with what it came from. */
export function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  // Node gives the failure of a connection to several addresses no message of its own.
  const own = error.message || (typeof code === 'string' ? code : error.name);
  return error.cause === undefined ? own : `${own}: ${causesOf(error.cause)}`;
}
