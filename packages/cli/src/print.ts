/** Names in snake case and times in ISO 8601, as the HTTP API has them. */
export function wire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      snakeCase(name),
      // The business's own names stay as they are.
      name === 'metadata' ? member : isTime(name, member) ? time(member) : wire(member),
    ]),
  );
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function isTime(name: string, value: unknown): value is number {
  return name.endsWith('At') && typeof value === 'number';
}

// ECMA-262, section 21.4.1.1. Storage may hold an expiry beyond, which another program has written there.
const LAST_TIME = 8.64e15;

/** A point in time, in UTC. */
export function time(at: number | null): string {
  return at === null ? 'never' : new Date(Math.min(at, LAST_TIME)).toISOString();
}

// Controls, marks of direction and halves of pairs: a name from the database must not move the cursor of a terminal, nor
// show as another one.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** Makes a text harmless for a terminal. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Rows under their headings. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return 'None.\n';
  const cells = [headings, ...rows.map((row) => row.map((cell) => visible(String(cell))))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Names with their values, one a line. */
export function list(entries: Readonly<Record<string, string | number | null>>): string {
  const width = Math.max(...Object.keys(entries).map((name) => name.length)) + 1;
  return Object.entries(entries)
    .map(([name, value]) => `${`${name}:`.padEnd(width)} ${visible(String(value ?? '-'))}\n`)
    .join('');
}
