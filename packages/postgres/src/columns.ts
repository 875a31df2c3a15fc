import type { SqlValue } from './connection.js';

/** One column of what is sent to a statement: its name, its type, and what an entry has there. */
export interface Column<Entry> {
  readonly name: string;
  readonly type: 'text' | 'bigint' | 'boolean';
  readonly of: (entry: Entry) => string | number | boolean | null;
}

/** One array a column, in the order of the columns: what {@link rowsSent} reads. */
export function columnArrays<Entry>(columns: readonly Column<Entry>[], entries: readonly Entry[]): SqlValue[] {
  return columns.map(({ of }) => entries.map(of));
}

/**
 * The entries as rows of a FROM clause, in their order, from as many parameters as there are columns, `$1` being the
 * first. However many entries there are, the statement's text stays the same.
 */
export function rowsSent<Entry>(columns: readonly Column<Entry>[], alias: string, first = 1): string {
  const parameters = columns.map(({ type }, index) => `$${first + index}::${type}[]`);
  return `unnest(${parameters.join(', ')}) WITH ORDINALITY AS ${alias} (${columnNames(columns)}, place)`;
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
