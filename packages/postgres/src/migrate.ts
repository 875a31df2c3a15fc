/// <reference path="./migrations/sql.d.ts" />
import { createHash } from 'node:crypto';
import type { Session } from './connection.js';
import { PostgresStorageError } from './failure.js';
import initial from './migrations/0001-initial.sql';
import withdrawals from './migrations/0002-withdrawals.sql';
import webhooksAuditUsage from './migrations/0003-webhooks-audit-usage.sql';
import documents from './migrations/0004-documents.sql';
import webhookSecrets from './migrations/0005-webhook-secrets.sql';
import withdrawalsByUserAndStatus from './migrations/0006-withdrawals-by-user-and-status.sql';
import type { Tables } from './tables.js';

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

interface AppliedRow {
  readonly number: string;
  readonly checksum: string;
}

/** Names our lock among all advisory locks of the database: the letters `Burs`. The schema's name is hashed beside it. */
const LOCK = 0x42757273;

// Another process may be migrating a large table.
const LOCK_TIMEOUT_MS = 600_000;

/**
 * Brings the schema up to date in one transaction under an advisory lock: of two processes at the same time, one applies
 * the steps and the other finds them applied; one that is interrupted leaves the old state. `session` has a transaction
 * begun.
 *
 * @throws where the schema belongs to a newer or too old Bursar, or has been changed.
 */
export async function migrate(
  session: Session,
  { schema, migrations: table }: Tables,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const { query } = session;
  await query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = 0`, []);
  await query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK, schema]);
  const applied = await appliedMigrations(session, table);
  const pending = pendingMigrations(applied, migrations);
  if (pending.length === 0) return;
  if (applied.length === 0) await begin(session, schema, table);
  // What a step makes without a schema's name, it makes in ours; in no other could it meet a table of the same name.
  await query(`SET LOCAL search_path = ${schema}`, []);
  for (const { number, name, sql } of pending) {
    await query(sql, []);
    await query(
      `INSERT INTO ${table} (number, name, checksum, applied_at)
       VALUES ($1, $2, $3, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)`,
      [number, name, checksumOf(sql)],
    );
  }
}

/**
 * Asks without a lock and writes nothing, so that a role that may not change the schema can ask.
 *
 * @throws where a step is pending, and as {@link migrate} does.
 */
export async function assertUpToDate(
  session: Session,
  { migrations: table }: Tables,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const pending = pendingMigrations(await appliedMigrations(session, table), migrations);
  if (pending.length === 0) return;
  const names = pending.map(fileName).join(', ');
  throw new PostgresStorageError(
    `the database is not up to date (${names}): call migrate() with a role that may change the schema`,
    undefined,
  );
}

async function appliedMigrations({ query }: Session, table: string): Promise<AppliedRow[]> {
  const [found] = await query<{ readonly name: string | null }>('SELECT to_regclass($1)::text AS name', [table]);
  if (found?.name == null) return [];
  return query<AppliedRow>(`SELECT number, checksum FROM ${table} ORDER BY number`, []);
}

async function begin({ query }: Session, schema: string, table: string): Promise<void> {
  // CREATE SCHEMA wants a right even where the schema exists.
  const [found] = await query<{ readonly name: string | null }>('SELECT to_regnamespace($1)::text AS name', [schema]);
  if (found?.name == null) await query(`CREATE SCHEMA ${schema}`, []);
  await query(
    `CREATE TABLE ${table} (
      number integer PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at bigint NOT NULL
    )`,
    [],
  );
}

function pendingMigrations(applied: readonly AppliedRow[], migrations: readonly Migration[]): readonly Migration[] {
  const last = Number(applied.at(-1)?.number ?? 0);
  const oldest = migrations[0]?.number ?? 1;
  const newest = migrations.at(-1)?.number ?? 0;
  if (last > newest) {
    throw new PostgresStorageError(
      `the database was written by a newer @bursar/postgres (migration ${last}; this one knows ${newest}): upgrade @bursar/postgres`,
      undefined,
    );
  }
  if (applied.length > 0 && last < oldest - 1) {
    throw new PostgresStorageError(
      `the database is older than this @bursar/postgres supports (migration ${last}; it needs ${oldest - 1}): call migrate() of an earlier version first`,
      undefined,
    );
  }
  for (const { number, checksum } of applied) {
    const known = migrations.find((migration) => migration.number === Number(number));
    if (known !== undefined && checksumOf(known.sql) !== checksum) {
      throw new PostgresStorageError(
        `migration ${fileName(known)} is not the one that was applied to this database: install the released @bursar/postgres again`,
        undefined,
      );
    }
  }
  return migrations.filter(({ number }) => number > last);
}

function fileName({ number, name }: Migration): string {
  return `${String(number).padStart(4, '0')}-${name}`;
}

function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
