import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFile } from '../test/temporary.js';
import { sqliteStorage } from './index.js';
import type { DatabaseLike } from './options.js';
import { pragma } from './settings.js';

function opened(path = temporaryFile()): Database.Database {
  const database = new Database(path);
  onTestFinished(() => {
    database.close();
  });
  return database;
}

/** A connection on which one setting does not take. */
function ignoring(database: DatabaseLike, setting: string): DatabaseLike {
  return {
    prepare: (sql) => database.prepare(sql),
    exec: (sql) => (sql.startsWith(`PRAGMA ${setting}`) ? undefined : database.exec(sql)),
  };
}

describe('the settings of an opened database', () => {
  it('make an answered write durable', () => {
    const database = opened();
    // As a file that is opened again may be.
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF');
    sqliteStorage({ database });
    const settings = Object.fromEntries(
      ['journal_mode', 'synchronous', 'foreign_keys', 'fullfsync', 'checkpoint_fullfsync', 'busy_timeout'].map(
        (name) => [name, pragma(database, name)],
      ),
    );
    expect(settings).toEqual({
      journal_mode: 'wal',
      synchronous: 2,
      foreign_keys: 1,
      fullfsync: 1,
      checkpoint_fullfsync: 1,
      // Waiting inside SQLite would block the event loop.
      busy_timeout: 0,
    });
  });

  it('bound the write-ahead log', () => {
    const database = opened();
    sqliteStorage({ database });
    expect(pragma(database, 'wal_autocheckpoint')).toBe(4000);
    expect(pragma(database, 'journal_size_limit')).toBe(64 * 1024 * 1024);
  });

  it('are taken as they can be in memory', async () => {
    const storage = sqliteStorage({ database: opened(':memory:') });
    await storage.checkHealth();
  });

  it.each([
    ['journal_mode', /journal_mode = WAL \(it is delete\).*local disk/],
    ['synchronous', /synchronous = FULL \(it is 1\).*connection of its own/],
    ['foreign_keys', /foreign_keys = ON \(it is 0\).*connection of its own/],
  ])('are refused where %s does not take', (setting, message) => {
    const database = opened();
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF');
    expect(() => sqliteStorage({ database: ignoring(database, setting) })).toThrow(message);
  });

  it('are checked again by checkHealth', () => {
    const database = opened();
    const storage = sqliteStorage({ database });
    database.exec('PRAGMA synchronous = OFF');
    expect(() => storage.checkHealth()).toThrow('synchronous = FULL');
  });
});
