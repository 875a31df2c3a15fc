import { hasCode } from './result-code.js';

/** What is known of the write that failed. */
export type Effect = 'nothing was changed' | 'whether it was done is not known; sending the same again is safe';

const ADVICE: readonly (readonly [code: string, number: number, advice: string])[] = [
  [
    'SQLITE_BUSY',
    5,
    'another connection has kept the SQLite database locked for longer than busyTimeoutMs: look for a program that holds a transaction open, or raise busyTimeoutMs',
  ],
  [
    'SQLITE_READONLY',
    8,
    'the SQLite database cannot be written: give this process write permission for the file and its directory, and do not open it read-only',
  ],
  [
    'SQLITE_IOERR',
    10,
    'reading or writing the SQLite file failed: check the disk, and that the file is on a local one',
  ],
  ['SQLITE_CORRUPT', 11, 'the SQLite file is damaged: stop writing to it, and restore a backup'],
  ['SQLITE_FULL', 13, 'the disk is full, or the SQLite database has reached its size limit: free some space'],
  [
    'SQLITE_CANTOPEN',
    14,
    'the SQLite file cannot be opened: check that its directory exists and that this process may write to it',
  ],
  [
    'SQLITE_CONSTRAINT',
    19,
    'a constraint of the SQLite database refused the write, which is a mistake of the caller or of Bursar: report it if it comes from Bursar',
  ],
  [
    'SQLITE_NOTADB',
    26,
    'the file is not a SQLite database, or it is encrypted: give the path of another file, or of one that does not exist yet',
  ],
];

/**
 * Makes an error that says what to do out of a driver's. SQLite's own messages name tables and columns, never values, so
 * no digest and no address gets into it.
 */
export function explained(error: unknown, effect: Effect): unknown {
  if (!(error instanceof Error)) return error;
  if (/(?:within|inside) a transaction/.test(error.message)) {
    const advice =
      'the database is inside a transaction that Bursar did not begin: give Bursar a connection of its own';
    return new Error(`${advice} (${effect})`, { cause: error });
  }
  const advice = ADVICE.find(([code, number]) => hasCode(error, code, number))?.[2];
  if (advice === undefined) return error;
  return new Error(`${advice} (${effect}; SQLite says: ${error.message})`, { cause: error });
}
