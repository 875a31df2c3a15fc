import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { business, businessId, changeItem, item, withdrawalItem } from '../test/sample.js';
import { freshSchema, poolAt, type Server, sql, startServer, waitsForLock } from '../test/server.js';
import type { Session } from './connection.js';
import { openPostgresStorage } from './index.js';
import { MIGRATIONS, migrate } from './migrate.js';
import { tablesIn } from './tables.js';

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

async function opened(now?: () => number) {
  const schema = freshSchema();
  const storage = await openPostgresStorage({ connectionString: server.url, schema, ...(now && { now }) });
  onTestFinished(() => storage.close());
  await storage.createBusiness(business);
  const run = <Row>(text: string) => sql<Row>(server.url, `SET search_path = ${schema}; ${text}`);
  return { schema, storage, run };
}

/** Applies so many migrations; with `crash`, the server loses the connection before the end. */
async function migrated(schema: string, count: number, end: 'COMMIT' | 'crash'): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  const session: Session = {
    query: async (text, values) => (await client.query(text, values.length > 0 ? [...values] : undefined)).rows,
  };
  await client.query('BEGIN');
  await migrate(session, tablesIn(schema), MIGRATIONS.slice(0, count));
  const [self] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
  if (end === 'COMMIT') await client.query('COMMIT');
  else await sql(server.url, `SELECT pg_terminate_backend(${self?.pid}, 5000)`);
}

const ref = { businessId, id: 'w_1' };

describe('the tables of withdrawals, as a second guard', () => {
  it.each([
    [
      'a version twice',
      'INSERT INTO bursar_withdrawal_versions SELECT * FROM bursar_withdrawal_versions WHERE version = 1',
    ],
    [
      'a version of no withdrawal',
      `INSERT INTO bursar_withdrawal_versions VALUES ('biz_1', 'w_2', 0, 'queued', 0, NULL, NULL, NULL, 'system', 1)`,
    ],
    ['two withdrawals at one place', 'UPDATE bursar_withdrawals SET sequence = 1'],
    ['an amount below zero', 'UPDATE bursar_withdrawals SET amount = -1'],
    ['a time-out of no transfer', `INSERT INTO bursar_expiring_transfers VALUES ('biz_1', 'p_1', 1)`],
  ])('refuse %s, whoever writes it', async (_case, statement) => {
    const { storage, run } = await opened();
    await storage.applyTransfers([item('t_1'), withdrawalItem('w_1'), changeItem('w_1', 0), withdrawalItem('w_3')]);
    await expect(run(statement)).rejects.toThrow(/constraint/);
  });

  it('refuse a withdrawal without its reservation, and then change nothing of the batch', async () => {
    const { storage } = await opened();
    const wrong = withdrawalItem('w_1', { id: 'w_2' });
    await expect(storage.applyTransfers([item('t_1'), wrong])).rejects.toThrow('bursar_withdrawals_reserved');
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
  });
});

describe('withdrawals', () => {
  it('of another business are refused with the whole batch', async () => {
    const { storage } = await opened();
    const foreign = withdrawalItem('w_1', { businessId: 'biz_2' as typeof businessId });
    await expect(storage.applyTransfers([item('t_1'), foreign])).rejects.toThrow('of the same business');
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
  });

  it('that a neighbour is changing are waited for, and then have another version', async () => {
    const { schema, storage } = await opened();
    await storage.applyTransfers([item('t_1'), withdrawalItem('w_1')]);
    const pool = poolAt(server.url, { max: 1 });
    onTestFinished(() => pool.end());
    const neighbour = await pool.connect();
    await neighbour.query('BEGIN');
    await neighbour.query(`UPDATE ${schema}.bursar_withdrawals SET version = 1, status = 'rejected'`);
    const answer = storage.applyTransfers([changeItem('w_1', 0)]);
    await waitsForLock(neighbour);
    await neighbour.query('COMMIT');
    neighbour.release();
    expect(await answer).toEqual([{ status: 'condition_failed', condition: 'withdrawal_changed' }]);
    expect(await storage.findWithdrawals([ref])).toMatchObject([{ version: 1, status: 'rejected' }]);
  });

  it("are due by the database's clock where no other is given", async () => {
    const { storage } = await opened();
    await storage.applyTransfers([
      item('t_1'),
      withdrawalItem('w_1', { dueInSeconds: 0 }),
      withdrawalItem('w_2', { dueInSeconds: 3600 }),
      withdrawalItem('w_3', { dueInSeconds: null }),
    ]);
    expect((await storage.listDueWithdrawals(10)).map(({ id }) => id)).toEqual(['w_1']);
  });

  it("change within the host's transaction, or not at all", async () => {
    const { storage } = await opened();
    await storage.applyTransfers([item('t_1'), withdrawalItem('w_1')]);
    const pool = poolAt(server.url, { max: 1 });
    onTestFinished(() => pool.end());
    const client = await pool.connect();
    await client.query('BEGIN');
    const mine = storage.within(client);
    expect(await mine.applyTransfers([changeItem('w_1', 0)])).toMatchObject([{ status: 'applied' }]);
    expect(await mine.findWithdrawals([ref])).toMatchObject([{ version: 1 }]);
    await client.query('ROLLBACK');
    client.release();
    expect(await storage.findWithdrawals([ref])).toMatchObject([{ version: 0 }]);
    expect(await storage.listWithdrawalVersions(ref)).toHaveLength(1);
  });

  it.each([0, 1001, 1.5])('are not listed in pages of %d', async (limit) => {
    const { storage } = await opened();
    const everything = { businessId, payoutUserId: null, status: null, method: null, exportId: null, before: null };
    for (const list of [
      async () => storage.listWithdrawals({ ...everything, limit }),
      async () => storage.listDueWithdrawals(limit),
      async () => storage.listExpiredTransfers(limit),
      async () => storage.listAccounts(null, limit),
    ])
      await expect(list()).rejects.toThrow(RangeError);
  });
});

describe('the destinations of a database from before', () => {
  async function older(): Promise<string> {
    const schema = freshSchema();
    await migrated(schema, 2, 'COMMIT');
    const row = (place: number, destination: string, status: string): string =>
      `('biz_1', 'w_${place}', ${place}, 'user_1', 'bank', 5, 0, 'USD', '${destination}', 'a…', '${status}', 1, NULL, NULL,
         NULL, 'system', 1, NULL, NULL, 1, ${place})`;
    await sql(
      server.url,
      `SET search_path = ${schema};
       INSERT INTO bursar_businesses VALUES ('biz_1', 'Business', 'live', 'USD', true, 1);
       INSERT INTO bursar_transfers SELECT 'biz_1', 'w_' || n, 'user_1', 'paid_out', 5, 'withdrawal', 'pending', NULL, NULL,
         NULL, NULL, 'c', 'applied', n, n, 1 FROM generate_series(1, 4) n;
       INSERT INTO bursar_withdrawals VALUES ${row(1, 'v1.2026.a-B_9', 'succeeded')},
         ${row(2, `v1.with.dots-and_all.${'x'.repeat(60)}`, 'queued')}, ${row(3, 'v1.2026.b', 'rejected')},
         ${row(4, 'of another form', 'failed')}`,
    );
    return schema;
  }

  it('are looked for by the secret that each names, and forgotten as others are', async () => {
    const schema = await older();
    const storage = await openPostgresStorage({ connectionString: server.url, schema, now: () => 61_003 });
    onTestFinished(() => storage.close());
    const secrets = async () =>
      (await storage.findWithdrawals(['w_1', 'w_2', 'w_3', 'w_4'].map((id) => ({ businessId, id })))).map(
        (withdrawal) => withdrawal?.destinationSecretId,
      );
    expect(await secrets()).toEqual(['2026', 'with.dots-and_all', '2026', null]);
    expect(await storage.listDestinationSecretIds()).toEqual(['2026', 'with.dots-and_all']);
    expect(await storage.forgetDestinations(61, 10)).toBe(2);
    expect(await secrets()).toEqual([null, 'with.dots-and_all', null, null]);
    expect(await storage.listDestinationSecretIds()).toEqual(['with.dots-and_all']);
    expect(await storage.applyTransfers([changeItem('w_1', 1, { status: 'returned' })])).toMatchObject([
      { status: 'applied', withdrawal: { status: 'returned', destination: '' } },
    ]);
  });

  it('stay as they were where the migration is interrupted before its end', async () => {
    const schema = await older();
    const columns = () =>
      sql(
        server.url,
        `SELECT count(*)::int FROM pg_attribute WHERE attrelid = '${schema}.bursar_withdrawals'::regclass`,
      );
    const before = await columns();
    await migrated(schema, MIGRATIONS.length, 'crash');
    expect(await columns()).toEqual(before);
    const storage = await openPostgresStorage({ connectionString: server.url, schema });
    onTestFinished(() => storage.close());
    expect(await storage.listDestinationSecretIds()).toEqual(['2026', 'with.dots-and_all']);
  });
});

describe('what expires', () => {
  it('is kept apart only while it is open', async () => {
    const { storage, run } = await opened(() => 1000);
    const open = async () =>
      (await run<{ id: string }>('SELECT id FROM bursar_expiring_transfers ORDER BY id')).map(({ id }) => id);
    const pending = (id: string, timeoutSeconds: number | null) => item(id, { phase: 'pending', timeoutSeconds });
    await storage.applyTransfers([pending('p_1', 60), pending('p_2', Number.MAX_SAFE_INTEGER), pending('p_3', null)]);
    expect(await open()).toEqual(['p_1', 'p_2']);
    await storage.applyTransfers([item('v_1', { phase: 'void', pendingId: 'p_1' })]);
    expect(await open()).toEqual(['p_2']);
    await storage.applyTransfers([item('v_2', { phase: 'post', pendingId: 'p_2' })]);
    expect(await open()).toEqual([]);
  });

  it('in a database from before is kept apart by the migration', async () => {
    const schema = freshSchema();
    await migrated(schema, 1, 'COMMIT');
    const pending = (id: string, sequence: number, seconds: string): string =>
      `('b', '${id}', 'x', 'y', 5, 'fund', 'pending', NULL, ${seconds}, NULL, NULL, 'c', 'applied', ${sequence}, ${sequence}, 1000)`;
    await sql(
      server.url,
      `INSERT INTO ${schema}.bursar_transfers VALUES ${pending('p_1', 1, '60')}, ${pending('p_2', 2, '60')},
         ${pending('p_3', 3, '9007199254740991')}, ${pending('p_4', 4, 'NULL')},
         ('b', 'v_1', 'x', 'y', 5, 'fund', 'void', 'p_2', NULL, NULL, NULL, 'c', 'applied', 5, 5, 1000)`,
    );
    const storage = await openPostgresStorage({ connectionString: server.url, schema, now: () => 61_000 });
    onTestFinished(() => storage.close());
    expect(await storage.listExpiredTransfers(10)).toMatchObject([{ id: 'p_1', timeoutSeconds: 60 }]);
    expect(await sql(server.url, `SELECT id FROM ${schema}.bursar_expiring_transfers ORDER BY id`)).toEqual([
      { id: 'p_1' },
      { id: 'p_3' },
    ]);
  });
});
