/**
 * Whether a driver's error has this result code of SQLite, an extended one of it included. better-sqlite3 gives the name
 * as `code`; `node:sqlite` gives the number as `errcode`, `bun:sqlite` as `errno`.
 *
 * @see https://sqlite.org/rescode.html
 */
export function hasCode(error: unknown, name: string, number: number): boolean {
  const { code, errcode, errno } = Object(error) as { code?: unknown; errcode?: unknown; errno?: unknown };
  if (typeof code === 'string' && code.startsWith(name)) return true;
  const known = typeof errcode === 'number' ? errcode : errno;
  // The low byte of an extended code is the primary one.
  return typeof known === 'number' && (known & 0xff) === number;
}
