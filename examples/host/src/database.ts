import type { BursarStorage } from '@bursar/payouts/storage';

/** Whether this names a PostgreSQL database, and no file. */
export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//.test(database);
}

/** Opens what `BURSAR_DATABASE` names: a SQLite file, `:memory:`, or a PostgreSQL database. */
export async function openDatabase(database: string): Promise<BursarStorage> {
  if (isPostgres(database)) {
    const { openPostgresStorage } = await import('@bursar/postgres');
    return openPostgresStorage({ connectionString: database });
  }
  const { openSqliteStorage } = await import('@bursar/sqlite');
  return openSqliteStorage({ path: database });
}

/** The database's name for a log: of a PostgreSQL URL, only where it is. A password can stand in two places of it. */
export function shownName(database: string): string {
  if (!isPostgres(database)) return database;
  if (!URL.canParse(database)) return 'PostgreSQL';
  const { host, pathname } = new URL(database);
  return `PostgreSQL (${host}${pathname})`;
}
