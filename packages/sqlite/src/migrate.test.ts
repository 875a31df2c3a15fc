import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { apiKey, business, businessId } from '../test/sample.js';
import { temporaryFile } from '../test/temporary.js';
import { openSqliteStorage, sqliteStorage } from './index.js';
import { APPLICATION_ID, MIGRATIONS, type Migration, migrate } from './migrate.js';
import { pragma } from './settings.js';

function opened(path = temporaryFile()): Database.Database {
  const database = new Database(path);
  onTestFinished(() => {
    database.close();
  });
  return database;
}

function run(database: Database.Database, migrations: readonly Migration[] = MIGRATIONS, mayMigrate = true): void {
  migrate(database, { migrate: mayMigrate, now: () => 1234, migrations });
}

function objects(database: Database.Database): unknown[] {
  return database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
}

/** One more than there are. */
const next: Migration = {
  number: MIGRATIONS.length + 1,
  name: 'next',
  sql: 'CREATE TABLE bursar_next (id TEXT) STRICT',
};

const TODAY = MIGRATIONS.map(({ number }) => number);

describe('migrate', () => {
  it('makes the tables in an empty file, and marks it as ours', () => {
    const database = opened();
    run(database);
    expect(pragma(database, 'application_id')).toBe(APPLICATION_ID);
    expect(database.prepare('SELECT number, name, applied_at FROM bursar_migrations').all()).toEqual([
      { number: 1, name: 'initial', applied_at: 1234 },
      { number: 2, name: 'withdrawals', applied_at: 1234 },
      { number: 3, name: 'webhooks-audit-usage', applied_at: 1234 },
      { number: 4, name: 'documents', applied_at: 1234 },
      { number: 5, name: 'webhook-secrets', applied_at: 1234 },
      { number: 6, name: 'withdrawals-by-user-and-status', applied_at: 1234 },
    ]);
  });

  it('changes nothing the second time', () => {
    const database = opened();
    run(database);
    const before = objects(database);
    run(database);
    expect(objects(database)).toEqual(before);
  });

  it('keeps strict tables, whose keys begin with the business', () => {
    const database = opened();
    run(database);
    const tables = database.prepare(`SELECT name, strict FROM pragma_table_list WHERE name LIKE 'bursar%'`).all();
    expect(tables.length).toBe(17);
    expect(tables.filter((table) => (table as { strict: number }).strict !== 1)).toEqual([]);
  });

  it('applies what is pending to a filled file of an older version', async () => {
    const path = temporaryFile();
    const storage = await openSqliteStorage({ path });
    await storage.createBusiness(business);
    await storage.insertApiKey(apiKey);
    await storage.close();

    run(opened(path), [...MIGRATIONS, next]);
    const database = opened(path);
    expect(database.prepare('SELECT number FROM bursar_migrations').pluck().all()).toEqual([...TODAY, next.number]);
    expect(database.prepare('SELECT id FROM bursar_api_keys').pluck().all()).toEqual(['key_1']);
  });

  it('leaves the old state when a step fails half-way', () => {
    const database = opened();
    run(database);
    const before = objects(database);
    const broken = {
      number: next.number + 1,
      name: 'broken',
      sql: 'CREATE TABLE bursar_half (id TEXT); CREATE TABLE bursar_half (x)',
    };
    expect(() => run(database, [...MIGRATIONS, next, broken])).toThrow('already exists');
    expect(objects(database)).toEqual(before);
    expect(database.prepare('SELECT number FROM bursar_migrations').pluck().all()).toEqual(TODAY);
    run(database, [...MIGRATIONS, next]);
  });

  it('leaves an empty file empty when the first step fails', () => {
    const database = opened();
    const broken = { number: 1, name: 'broken', sql: 'CREATE TABLE bursar_half (id TEXT); CREATE NONSENSE' };
    expect(() => run(database, [broken])).toThrow();
    expect(objects(database)).toEqual([]);
    expect(pragma(database, 'application_id')).toBe(0);
  });

  it('refuses, when told not to migrate, a database that is not up to date', () => {
    const database = opened();
    expect(() => run(database, MIGRATIONS, false)).toThrow(
      'not up to date (0001-initial, 0002-withdrawals, 0003-webhooks-audit-usage, 0004-documents, 0005-webhook-secrets, 0006-withdrawals-by-user-and-status): open it once without',
    );
    expect(objects(database)).toEqual([]);
    run(database);
    run(database, MIGRATIONS, false);
    expect(() => run(database, [...MIGRATIONS, next], false)).toThrow('0007-next');
  });

  it('refuses a file of a newer version', () => {
    const database = opened();
    run(database, [...MIGRATIONS, next]);
    expect(() => run(database)).toThrow(
      `a newer @bursar/sqlite (migration ${next.number}; this one knows ${MIGRATIONS.length}): upgrade`,
    );
  });

  it('refuses a file that is too old', () => {
    const database = opened();
    run(database);
    const later = { ...next, number: next.number + 1 };
    expect(() => run(database, [later])).toThrow(
      `older than this @bursar/sqlite supports (migration ${MIGRATIONS.length}; it needs ${next.number})`,
    );
  });

  it('refuses a migration that is not the one that was applied', () => {
    const database = opened();
    run(database);
    const changed = MIGRATIONS.map((migration) => ({ ...migration, sql: `${migration.sql}\n` }));
    expect(() => run(database, changed)).toThrow('0001-initial is not the one that was applied');
  });
});

describe('a file that is not ours', () => {
  it('is refused without a change where it has tables', () => {
    const database = opened();
    database.exec('CREATE TABLE users (id TEXT)');
    expect(() => sqliteStorage({ database })).toThrow('belongs to another program');
    expect(pragma(database, 'journal_mode')).toBe('delete');
    expect(objects(database)).toHaveLength(1);
  });

  it('is refused where it bears the mark of another program', () => {
    const database = opened();
    database.exec('PRAGMA application_id = 42');
    expect(() => sqliteStorage({ database })).toThrow('its application_id is 42');
  });

  it('is refused where it is no database', async () => {
    const path = temporaryFile();
    writeFileSync(path, 'Dear diary, '.repeat(1000));
    await expect(openSqliteStorage({ path })).rejects.toThrow(
      /not a SQLite database, or it is encrypted.*another file/,
    );
    expect(readFileSync(path, 'utf8')).toMatch(/^Dear diary/);
  });

  it('may have tables of the team beside ours, made later', async () => {
    const path = temporaryFile();
    await (await openSqliteStorage({ path })).close();
    opened(path).exec('CREATE TABLE users (id TEXT)');
    const storage = await openSqliteStorage({ path });
    expect(await storage.findBusiness(businessId)).toBeNull();
    await storage.close();
  });
});

describe('a file that cannot be used', () => {
  it('is refused where it is damaged', async () => {
    const path = temporaryFile();
    const storage = await openSqliteStorage({ path });
    await storage.createBusiness(business);
    await storage.close();
    const bytes = readFileSync(path);
    // The first page's header stays; what follows of the schema does not.
    bytes.fill(0xff, 100);
    writeFileSync(path, bytes);
    await expect(openSqliteStorage({ path })).rejects.toThrow(/damaged.*restore a backup/);
  });

  it('is refused where it cannot be written', async () => {
    const path = temporaryFile();
    await (await openSqliteStorage({ path })).close();
    const database = new Database(path, { readonly: true });
    onTestFinished(() => {
      database.close();
    });
    expect(() => sqliteStorage({ database })).toThrow(/cannot be written: give this process write permission/);
  });

  it('is refused while its owner holds a transaction open on the same connection', () => {
    const database = opened();
    database.exec('BEGIN');
    expect(() => sqliteStorage({ database })).toThrow('give Bursar a connection of its own');
    // The transaction is the owner's, and still there.
    expect(database.inTransaction).toBe(true);
  });
});
