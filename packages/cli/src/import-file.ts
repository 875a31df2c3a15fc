import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { normalizeEmail } from '@bursar/core';
import { allocationFields } from '@bursar/payouts';
import { type CsvError, parse } from 'csv-parse/sync';
import { CliError } from './exit.js';

/** A payout user as the file has it. */
export interface ImportRow {
  /** Of the file, from 1. */
  readonly line: number;
  readonly email: string;
  /** An integer of the smallest unit; 0 opens the user without money. */
  readonly balance: number;
  readonly reference: string | undefined;
}

/** A file that can be imported as far as it can be seen without the database. */
export interface ImportFile {
  /** Of its bytes: the same file is the same import. */
  readonly digest: string;
  readonly rows: readonly ImportRow[];
}

/** A row before its check: every value as it stands there. */
interface RawRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const FIELDS = ['email', 'balance', 'reference'];
const SHOWN_PROBLEMS = 20;

/** Ends an import that would be wrong, with the first of its problems. */
export function wrongFile(problems: readonly string[]): CliError {
  const more = problems.length > SHOWN_PROBLEMS ? [`… and ${problems.length - SHOWN_PROBLEMS} more.`] : [];
  return new CliError(
    'refused',
    ['Nothing was imported:', ...problems.slice(0, SHOWN_PROBLEMS), ...more]
      .map((text) => `  ${text}`)
      .join('\n')
      .trim(),
  );
}

/** Reads a file and checks each of its rows. @throws {CliError} with the lines that are wrong, and why. */
export function readImportFile(path: string, directory: string): ImportFile {
  return importFileOf(bytesOf(resolve(directory, path), path), path);
}

/** Reads the bytes of a file; the end of its name says which form they have. @throws {CliError} as above. */
export function importFileOf(bytes: Buffer, path: string): ImportFile {
  const raw = extname(path).toLowerCase() === '.csv' ? csvRows(bytes) : jsonRows(bytes, path);
  const problems: string[] = [];
  const lineOf = new Map<string, number>();
  const rows: ImportRow[] = [];
  for (const each of raw) {
    const row = checked(each, problems);
    if (row === undefined) continue;
    const address = normalizeEmail(row.email);
    const before = lineOf.get(address);
    if (before === undefined) rows.push(row);
    else problems.push(`line ${row.line}: The email stands in line ${before} already.`);
    lineOf.set(address, before ?? row.line);
  }
  if (problems.length > 0) throw wrongFile(problems);
  if (rows.length === 0) throw wrongFile(['The file has no payout users.']);
  return { digest: createHash('sha256').update(bytes).digest('hex'), rows };
}

function bytesOf(path: string, shown: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CliError('refused', `The file ${shown} cannot be read.`, { cause: error });
  }
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CliError('refused', 'Nothing was imported: the file is not UTF-8.', { cause: error });
  }
}

function csvRows(bytes: Buffer): readonly RawRow[] {
  try {
    const options = { columns: checkedHeading, info: true, skip_empty_lines: true, trim: true } as const;
    const records: unknown = parse(textOf(bytes), options);
    return (records as { record: Record<string, string>; info: { lines: number } }[]).map(({ record, info }) => ({
      line: info.lines,
      // A cell that is empty is one that is not there; a number is written with digits alone.
      fields: Object.fromEntries(
        Object.entries(record)
          .filter(([, cell]) => cell !== '')
          .map(([name, cell]) => [name, name === 'balance' && /^\d{1,15}$/.test(cell) ? Number(cell) : cell]),
      ),
    }));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw wrongFile([`line ${(error as CsvError).lines}: The row cannot be read: ${(error as CsvError).code}.`]);
  }
}

function checkedHeading(heading: string[]): string[] {
  const unknown = heading.find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw wrongFile([`line 1: The columns may be ${FIELDS.join(', ')}.`]);
  if (new Set(heading).size < heading.length) throw wrongFile(['line 1: A column stands there twice.']);
  return heading;
}

function jsonRows(bytes: Buffer, path: string): readonly RawRow[] {
  if (!['.jsonl', '.ndjson'].includes(extname(path).toLowerCase())) {
    throw new CliError('usage', `${basename(path)} must be a .csv, .jsonl or .ndjson file.`);
  }
  return textOf(bytes)
    .split(/\r?\n/)
    .map((text, index) => ({ text, line: index + 1 }))
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, line }) => ({ line, fields: objectOf(text, line) }));
}

function objectOf(text: string, line: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // The parser's message would repeat a part of the line.
  }
  throw wrongFile([`line ${line}: The line must be a JSON object.`]);
}

/** Checks a row by the rules that a payout of it will meet. */
function checked({ line, fields }: RawRow, problems: string[]): ImportRow | undefined {
  // An object in a row is as wrong as `true`; its own `length` would be measured, whatever that is.
  const { balance, ...others } = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      FIELDS.includes(name) && typeof value === 'object' ? value && true : value,
    ]),
  );
  // Nothing is paid where the balance is 0, and the rest is checked all the same.
  const { success, data, error } = allocationFields.safeParse({ ...others, amount: balance === 0 ? 1 : balance });
  if (success && !Object.hasOwn(others, 'metadata')) {
    return { line, email: data.email, balance: balance as number, reference: data.reference ?? undefined };
  }
  const messages = error?.issues.map((issue) =>
    issue.code === 'unrecognized_keys' ? `The fields may be ${FIELDS.join(', ')}.` : issue.message,
  ) ?? [`The fields may be ${FIELDS.join(', ')}.`];
  problems.push(
    `line ${line}: ${messages.join(' ').replaceAll('The amount', 'The balance').replaceAll('amount field', 'balance field')}`,
  );
  return undefined;
}
