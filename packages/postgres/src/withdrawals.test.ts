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
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    onTestFinished(() => client.end());
    const session: Session = {
      query: async (text, values) => (await client.query(text, values.length > 0 ? [...values] : undefined)).rows,
    };
    await client.query('BEGIN');
    await migrate(session, tablesIn(schema), MIGRATIONS.slice(0, 1));
    await client.query('COMMIT');
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
