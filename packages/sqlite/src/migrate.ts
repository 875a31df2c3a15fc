/// <reference path="./migrations/sql.d.ts" />
import { createHash } from 'node:crypto';
import { prepared, transaction } from './connection.js';
import initial from './migrations/0001-initial.sql';
import withdrawals from './migrations/0002-withdrawals.sql';
import webhooksAuditUsage from './migrations/0003-webhooks-audit-usage.sql';
import documents from './migrations/0004-documents.sql';
import webhookSecrets from './migrations/0005-webhook-secrets.sql';
import withdrawalsByUserAndStatus from './migrations/0006-withdrawals-by-user-and-status.sql';
import type { DatabaseLike } from './options.js';
import { pragma } from './settings.js';

/** One numbered step of the schema. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** All steps, in order and without gaps. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'initial', sql: initial },
  { number: 2, name: 'withdrawals', sql: withdrawals },
  { number: 3, name: 'webhooks-audit-usage', sql: webhooksAuditUsage },
  { number: 4, name: 'documents', sql: documents },
  { number: 5, name: 'webhook-secrets', sql: webhookSecrets },
  { number: 6, name: 'withdrawals-by-user-and-status', sql: withdrawalsByUserAndStatus },
];

/** Marks a file as Bursar's: the letters `Burs`. @see https://sqlite.org/pragma.html#pragma_application_id */
export const APPLICATION_ID = 0x42757273;

interface AppliedRow {
  readonly number: number;
  readonly checksum: string;
}

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /** With `false`, pending migrations are refused instead of applied. */
  readonly migrate: boolean;
  readonly now: () => number;
  /** @default MIGRATIONS */
  readonly migrations?: readonly Migration[];
}

/**
 * Brings the schema up to date in one transaction under the write lock: of two processes at the same time, one applies
 * the steps and the other finds them applied; one that is interrupted leaves the old state.
 *
 * @throws where the file belongs to another program, or to a newer or too old Bursar, or `migrate` is `false` and a
 *   step is pending.
 */
export function migrate(database: DatabaseLike, options: MigrateOptions): void {
  const { migrations = MIGRATIONS } = options;
  transaction(
    database,
    'BEGIN IMMEDIATE',
  )(() => {
    const applied = appliedMigrations(database);
    assertKnown(applied, migrations);
    const pending = migrations.slice(applied.length === 0 ? 0 : indexAfter(applied, migrations));
    if (pending.length === 0) {
      // On a read-only connection BEGIN IMMEDIATE succeeds; a write does not. Better now than at the first payment.
      database.exec('UPDATE bursar_migrations SET applied_at = applied_at');
      return;
    }
    if (!options.migrate) {
      const names = pending.map(fileName).join(', ');
      throw new Error(`the database is not up to date (${names}): open it once without "migrate: false"`);
    }
    if (applied.length === 0) begin(database);
    for (const migration of pending) apply(database, migration, options.now());
  });
}

/**
 * Whose file this is: `true` for Bursar's, `false` for an empty one. Asked before any setting is changed, since WAL
 * would stay in a file that is another program's.
 *
 * @throws where it is another program's.
 */
export function isOurs(database: DatabaseLike): boolean {
  const applicationId = pragma(database, 'application_id');
  if (applicationId === APPLICATION_ID) return true;
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`).all();
  if (applicationId === 0 && tables.length === 0) return false;
  throw new Error(
    `this SQLite database belongs to another program (its application_id is ${String(applicationId)}, and it has ${tables.length} tables or indexes): give the path of another file, or of one that does not exist yet`,
  );
}

function appliedMigrations(database: DatabaseLike): readonly AppliedRow[] {
  if (!isOurs(database)) return [];
  return database.prepare('SELECT number, checksum FROM bursar_migrations ORDER BY number').all() as AppliedRow[];
}

function assertKnown(applied: readonly AppliedRow[], migrations: readonly Migration[]): void {
  const last = applied.at(-1)?.number ?? 0;
  const oldest = migrations[0]?.number ?? 1;
  const newest = migrations.at(-1)?.number ?? 0;
  if (last > newest) {
    throw new Error(
      `the database was written by a newer @bursar/sqlite (migration ${last}; this one knows ${newest}): upgrade @bursar/sqlite`,
    );
  }
  if (applied.length > 0 && last < oldest - 1) {
    throw new Error(
      `the database is older than this @bursar/sqlite supports (migration ${last}; it needs ${oldest - 1}): open it once with an earlier version`,
    );
  }
  for (const { number, checksum } of applied) {
    const known = migrations.find((migration) => migration.number === number);
    if (known !== undefined && checksumOf(known.sql) !== checksum) {
      throw new Error(
        `migration ${fileName(known)} is not the one that was applied to this database: install the released @bursar/sqlite again`,
      );
    }
  }
}

function indexAfter(applied: readonly AppliedRow[], migrations: readonly Migration[]): number {
  const last = applied.at(-1)?.number ?? 0;
  return migrations.filter(({ number }) => number <= last).length;
}

function begin(database: DatabaseLike): void {
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.exec(`CREATE TABLE bursar_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
  ) STRICT`);
}

function apply(database: DatabaseLike, { number, name, sql }: Migration, now: number): void {
  database.exec(sql);
  const insert = 'INSERT INTO bursar_migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)';
  prepared(database, insert).run(number, name, checksumOf(sql), now);
}

function fileName({ number, name }: Migration): string {
  return `${String(number).padStart(4, '0')}-${name}`;
}

function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
