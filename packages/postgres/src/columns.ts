import type { SqlValue } from './connection.js';

/** One column of what is sent to a statement: its name, its type, and what an entry has there. */
export interface Column<Entry> {
  readonly name: string;
  readonly type: 'text' | 'bigint' | 'boolean';
  readonly of: (entry: Entry) => string | number | boolean | null;
}

/** One array a column, in the order of the columns: what {@link rowsSent} reads. */
export function columnArrays<Entry>(columns: readonly Column<Entry>[], entries: readonly Entry[]): SqlValue[] {
  return columns.map((column) => arrayOf(column, entries));
}

const JS_TYPES = { text: 'string', bigint: 'number', boolean: 'boolean' } as const;

/**
 * An array as PostgreSQL reads it: `{"a","b",null}`, `{1,2}`. Made here because a batch has thousands of elements, and
 * `pg` quotes numbers too. What is of another type than its column is refused: unquoted, it could be two elements.
 *
 * @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 * @throws {TypeError} where a value is not of its column's type.
 */
function arrayOf<Entry>({ name, type, of }: Column<Entry>, entries: readonly Entry[]): string {
  const wanted = JS_TYPES[type];
  const values = entries.map((entry) => of(entry));
  for (const value of values as readonly unknown[]) {
    // JSON would make a null of what is not finite.
    const fits = typeof value === wanted && (wanted !== 'number' || Number.isFinite(value));
    if (value !== null && !fits) throw new TypeError(`${name} must be a ${wanted} or null`);
  }
  // But for what is escaped, JSON's list is PostgreSQL's, and it is made at once instead of text by text.
  const json = JSON.stringify(values);
  const elements = json.includes('\\') ? values.map(escaped).join(',') : json.slice(1, -1);
  return `{${elements}}`;
}

/** Texts as an array. */
export function textArray(texts: readonly string[]): string {
  return arrayOf(TEXT, texts);
}

const TEXT: Column<string> = { name: 'a text', type: 'text', of: (text) => text };

function escaped(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `"${value.replace(/[\\"]/g, '\\$&')}"` : String(value);
}

/**
 * The entries as rows of a FROM clause, in their order, from as many parameters as there are columns, `$1` being the
 * first. However many entries there are, the statement's text stays the same.
 */
export function rowsSent<Entry>(columns: readonly Column<Entry>[], alias: string, first = 1): string {
  const parameters = columns.map(({ type }, index) => `$${first + index}::${type}[]`);
  return `unnest(${parameters.join(', ')}) WITH ORDINALITY AS ${alias} (${columnNames(columns)}, place)`;
}

/** The statement that inserts the entries, from as many parameters as there are columns. */
export function insertSent<Entry>(table: string, columns: readonly Column<Entry>[]): string {
  const parameters = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  return `INSERT INTO ${table} (${columnNames(columns)}) SELECT * FROM unnest(${parameters})`;
}

/** The columns' names, as a list for a statement. */
export function columnNames(columns: readonly { readonly name: string }[], alias?: string): string {
  return columns.map(({ name }) => (alias === undefined ? name : `${alias}.${name}`)).join(', ');
}

/** A reference to a row by its business and id. */
export const REF_COLUMNS: readonly Column<{ readonly businessId: string; readonly id: string }>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
];
