import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { apiKey, business } from '../test/sample.js';
import { freshSchema, type Server, sql, startServer } from '../test/server.js';
import type { Session } from './connection.js';
import { openPostgresStorage } from './index.js';
import { assertUpToDate, MIGRATIONS, type Migration, migrate } from './migrate.js';
import { tablesIn } from './tables.js';

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

async function connected(): Promise<{ readonly client: pg.Client; readonly session: Session }> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  const session: Session = {
    query: async (text, values) => (await client.query(text, values.length > 0 ? [...values] : undefined)).rows,
  };
  return { client, session };
}

async function run(schema: string, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const { client, session } = await connected();
  await client.query('BEGIN');
  await migrate(session, tablesIn(schema), migrations);
  await client.query('COMMIT');
}

function objects(schema: string): Promise<unknown[]> {
  return sql(
    server.url,
    `SELECT relname, relkind FROM pg_class WHERE relnamespace = to_regnamespace('${schema}') ORDER BY relname`,
  );
}

async function applied(schema: string): Promise<number[]> {
  const rows = await sql<{ number: number }>(server.url, `SELECT number FROM ${schema}.bursar_migrations ORDER BY 1`);
  return rows.map(({ number }) => number);
}

/** One that a later version will add. */
const next: Migration = {
  number: MIGRATIONS.length + 1,
  name: 'next',
  sql: 'CREATE TABLE bursar_next (id text)',
};

const TODAY = MIGRATIONS.map(({ number }) => number);
const LATER = [...TODAY, next.number];

describe('migrate', () => {
  it('makes the schema and the tables where there are none, and changes nothing the second time', async () => {
    const schema = freshSchema();
    await run(schema);
    const before = await objects(schema);
    expect(before.filter((row) => (row as { relkind: string }).relkind === 'r')).toHaveLength(20);
    await run(schema);
    expect(await objects(schema)).toEqual(before);
    expect(await applied(schema)).toEqual(TODAY);
  });

  it('takes a schema whose name needs quotes', async () => {
    const schema = 'My "own" schema; DROP TABLE x';
    const storage = await openPostgresStorage({ connectionString: server.url, schema });
    expect(await storage.createBusiness(business)).toEqual(business);
    await storage.close();
    const reopened = await openPostgresStorage({ connectionString: server.url, schema, migrate: false });
    expect(await reopened.findBusiness(business.id)).toEqual(business);
    await reopened.close();
  });

  it('applies what is pending to a filled schema of an older version', async () => {
    const schema = freshSchema();
    const storage = await openPostgresStorage({ connectionString: server.url, schema });
    await storage.createBusiness(business);
    await storage.insertApiKey(apiKey);
    await storage.close();
    await run(schema, [...MIGRATIONS, next]);
    expect(await applied(schema)).toEqual(LATER);
    expect(await sql(server.url, `SELECT id FROM ${schema}.bursar_api_keys`)).toEqual([{ id: 'key_1' }]);
    expect(await sql(server.url, `SELECT to_regclass('${schema}.bursar_next') AS name`)).toEqual([
      { name: `${schema}.bursar_next` },
    ]);
  });

  it('leaves the old state when a step fails half-way', async () => {
    const schema = freshSchema();
    await run(schema);
    const before = await objects(schema);
    const half = 'CREATE TABLE bursar_half (id text); CREATE TABLE bursar_half (id text)';
    const broken = { number: next.number + 1, name: 'broken', sql: half };
    await expect(run(schema, [...MIGRATIONS, next, broken])).rejects.toThrow('already exists');
    expect(await objects(schema)).toEqual(before);
    expect(await applied(schema)).toEqual(TODAY);
    await run(schema, [...MIGRATIONS, next]);
  });

  it('leaves the old state when the process is gone before the end', async () => {
    const schema = freshSchema();
    await run(schema);
    const { client, session } = await connected();
    await client.query('BEGIN');
    await migrate(session, tablesIn(schema), [...MIGRATIONS, next]);
    const [self] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
    await sql(server.url, `SELECT pg_terminate_backend(${self?.pid}, 5000)`);
    expect(await applied(schema)).toEqual(TODAY);
    // The lock is gone with the process.
    await run(schema, [...MIGRATIONS, next]);
    expect(await applied(schema)).toEqual(LATER);
  });

  it('is done once by those who do it at the same time', async () => {
    const schema = freshSchema();
    await Promise.all(Array.from({ length: 6 }, () => run(schema, [...MIGRATIONS, next])));
    expect(await applied(schema)).toEqual(LATER);
  });

  it('finds no table of another schema in the way', async () => {
    await sql(server.url, 'CREATE TABLE IF NOT EXISTS public.bursar_accounts (id text)');
    const storage = await openPostgresStorage({ connectionString: server.url, schema: freshSchema() });
    expect(await storage.findAccounts([{ businessId: business.id, id: 'balance' }])).toEqual([undefined]);
    await storage.close();
    await sql(server.url, 'DROP TABLE public.bursar_accounts');
  });

  it('refuses a schema of a newer version', async () => {
    const schema = freshSchema();
    await run(schema, [...MIGRATIONS, next]);
    await expect(run(schema)).rejects.toThrow(
      `a newer @bursar/postgres (migration ${next.number}; this one knows ${MIGRATIONS.length}): upgrade`,
    );
  });

  it('refuses a schema that is too old', async () => {
    const schema = freshSchema();
    await run(schema);
    const third = { ...next, number: next.number + 1 };
    await expect(run(schema, [third])).rejects.toThrow(
      `supports (migration ${MIGRATIONS.length}; it needs ${next.number}): call migrate() of an earlier`,
    );
  });

  it('refuses a migration that is not the one that was applied', async () => {
    const schema = freshSchema();
    await run(schema);
    const changed = MIGRATIONS.map((migration) => ({ ...migration, sql: `${migration.sql}\n` }));
    await expect(run(schema, changed)).rejects.toThrow('0001-initial is not the one that was applied');
  });
});

describe('assertUpToDate', () => {
  it('names what is pending, and changes nothing', async () => {
    const schema = freshSchema();
    const { session } = await connected();
    await expect(assertUpToDate(session, tablesIn(schema))).rejects.toThrow(
      'not up to date (0001-initial, 0002-withdrawals, 0003-webhooks-audit-usage, 0004-documents, 0005-webhook-secrets, 0006-withdrawals-by-user-and-status): call migrate() with a role that may change the schema',
    );
    expect(await objects(schema)).toEqual([]);
    const options = { connectionString: server.url, schema, migrate: false };
    await expect(openPostgresStorage(options)).rejects.toThrow(
      'not up to date (0001-initial, 0002-withdrawals, 0003-webhooks-audit-usage, 0004-documents, 0005-webhook-secrets, 0006-withdrawals-by-user-and-status)',
    );
    await run(schema);
    await assertUpToDate(session, tablesIn(schema));
    await expect(assertUpToDate(session, tablesIn(schema), [...MIGRATIONS, next])).rejects.toThrow('0007-next');
  });
});

describe('the tables, as a second guard', () => {
  it.each([
    ['an overdrawn account', `UPDATE bursar_accounts SET debits_posted = 6 WHERE id = 'balance'`],
    ['an account overdrawn by what is pending', `UPDATE bursar_accounts SET debits_pending = 6 WHERE id = 'balance'`],
    ['a sum above 2^53 - 1', `UPDATE bursar_accounts SET credits_posted = 9007199254740992 WHERE id = 'balance'`],
    ['a sum below zero', `UPDATE bursar_accounts SET debits_posted = -1 WHERE id = 'external'`],
    [
      'a place in a history that is taken',
      `INSERT INTO bursar_transfers SELECT business_id, 't_2', debit_account_id, credit_account_id, amount, code, phase,
         pending_id, timeout_seconds, reference, metadata, request_digest, outcome, debit_sequence, credit_sequence,
         created_at FROM bursar_transfers`,
    ],
  ])('refuse %s, whoever writes it', async (_case, statement) => {
    const schema = freshSchema();
    await run(schema);
    await sql(
      server.url,
      `SET search_path = ${schema};
       INSERT INTO bursar_accounts VALUES ('b', 'external', 'external', 'USD', false, 5, 0, 0, 0, 1, 1),
         ('b', 'balance', 'balance', 'USD', true, 0, 0, 5, 0, 1, 1);
       INSERT INTO bursar_transfers VALUES ('b', 't_1', 'external', 'balance', 5, 'deposit', 'single', NULL, NULL, NULL,
         NULL, 'c', 'applied', 1, 1, 1)`,
    );
    await expect(sql(server.url, `SET search_path = ${schema}; ${statement}`)).rejects.toThrow(/constraint/);
  });

  it('have keys that begin with the business or an owner, and those of credentials with the digest', async () => {
    const schema = freshSchema();
    await run(schema);
    const keys = await sql<{ table: string; first: string }>(
      server.url,
      `SELECT c.relname AS table, a.attname AS first FROM pg_index i
       JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
       WHERE i.indisunique AND c.relnamespace = to_regnamespace('${schema}')`,
    );
    const others = keys.filter(({ first }) => first !== 'business_id');
    expect(others.sort((left, right) => (left.table < right.table ? -1 : 1))).toEqual([
      { table: 'bursar_api_key_digests', first: 'digest' },
      { table: 'bursar_businesses', first: 'id' },
      { table: 'bursar_documents', first: 'owner' },
      { table: 'bursar_migrations', first: 'number' },
      { table: 'bursar_payout_user_digests', first: 'digest' },
    ]);
  });
});
