import Database from 'better-sqlite3';

/** What every SQLite file of this comparison is opened with, ours and theirs: an answered write is on the disk. */
export const PRAGMAS: readonly string[] = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'wal_autocheckpoint = 4000',
];

/** Opens a file with {@link PRAGMAS}. */
export function openDatabase(path: string): Database.Database {
  const database = new Database(path);
  for (const pragma of PRAGMAS) database.pragma(pragma);
  return database;
}

/** Runs what fills a file, for which nobody has to wait until the disk has it. */
export async function filling<Result>(
  database: Database.Database,
  fill: () => Promise<Result> | Result,
): Promise<Result> {
  database.pragma('synchronous = OFF');
  const result = await fill();
  database.pragma('synchronous = FULL');
  return result;
}
