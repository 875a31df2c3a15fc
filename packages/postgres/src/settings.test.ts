import { describe, expect, it, onTestFinished } from 'vitest';
import { freshSchema, sql, startServer } from '../test/server.js';
import type { Session } from './connection.js';
import { openPostgresStorage } from './index.js';
import { assertServer, settingsFor, settingsOf } from './settings.js';

const SOUND = { version: '180004', fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', read_only: 'off' };

function telling(row: Record<string, string | null>): Session {
  return { query: async <Row>() => [{ ...SOUND, ...row }] as Row[] };
}

describe('assertServer', () => {
  it('lets a sound server pass, and one that has no such settings', async () => {
    await assertServer(telling({}), true);
    await assertServer(telling({ synchronous_commit: 'remote_apply' }), true);
    await assertServer(telling({ fsync: null, full_page_writes: null, synchronous_commit: null }), true);
  });

  it.each([
    [{ fsync: 'off' }, 'fsync is off, so an answered write could be lost: set fsync = on'],
    [{ full_page_writes: 'off' }, 'full_page_writes is off'],
    [{ synchronous_commit: 'off' }, 'synchronous_commit is off'],
    [{ read_only: 'on' }, 'read-only: connect to the primary'],
    [{ version: '130012' }, 'older than version 14: upgrade'],
  ])('refuses %o', async (row, message) => {
    await expect(assertServer(telling(row), true)).rejects.toThrow(message);
  });

  it('lets a server without fsync pass where nobody asks for durability, but no session without it', async () => {
    await assertServer(telling({ fsync: 'off', full_page_writes: 'off' }), false);
    await expect(assertServer(telling({ synchronous_commit: 'off' }), false)).rejects.toThrow('synchronous_commit');
  });
});

describe('a real server', () => {
  it('without fsync is refused when it is opened, and at the first write through a pool', async () => {
    const server = await startServer(['-c', 'fsync=off']);
    onTestFinished(() => server.stop());
    const options = { connectionString: server.url, schema: freshSchema() };
    await expect(openPostgresStorage(options)).rejects.toThrow('fsync is off');
    const storage = await openPostgresStorage({ ...options, requireDurability: false });
    await storage.checkHealth();
    await storage.close();
  }, 60_000);

  it('that would commit without waiting is made to wait, by both ways of writing', async () => {
    const server = await startServer(['-c', 'synchronous_commit=off', '-c', 'lock_timeout=1h']);
    onTestFinished(() => server.stop());
    const limits = { lockTimeoutMs: 250, statementTimeoutMs: 1000 };
    const shown = `current_setting('synchronous_commit') AS commit, current_setting('lock_timeout') AS lock`;
    const durable = [{ commit: 'on', lock: '250ms' }];
    const one = `WITH ${settingsOf(limits)}, written AS MATERIALIZED (SELECT ${shown} FROM settings) SELECT * FROM written`;
    expect(await sql(server.url, one)).toEqual(durable);
    expect(await sql(server.url, `BEGIN; SELECT ${settingsFor(limits)}; SELECT ${shown}`)).toEqual(durable);
    // Nothing of it stays.
    expect(await sql(server.url, `SELECT 1; BEGIN; ${one}; COMMIT; SELECT ${shown}`)).toEqual([
      { commit: 'off', lock: '1h' },
    ]);
    await sql(server.url, `ALTER ROLE owner SET synchronous_commit = 'remote_apply'`);
    expect(await sql(server.url, one)).toEqual([{ commit: 'remote_apply', lock: '250ms' }]);
  }, 60_000);
});
