import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type PostgresStorage, postgresStorage } from '../src/index.js';
import { apiKey, business, businessId, item } from './sample.js';
import { freshSchema, poolAt, type Server, startServer } from './server.js';

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

async function opened(): Promise<{ readonly storage: PostgresStorage; readonly client: pg.PoolClient }> {
  const pool = poolAt(server.url);
  const storage = postgresStorage({ pool, schema: freshSchema() });
  await storage.migrate();
  const client = await pool.connect();
  await client.query('CREATE TABLE IF NOT EXISTS orders (id text, state text)');
  onTestFinished(async () => {
    client.release();
    await pool.end();
  });
  return { storage, client };
}

const ref = { businessId, id: 't_1' };

describe("within the host's transaction", () => {
  it('money moves with the rows of the host, or not at all', async () => {
    const { storage, client } = await opened();
    const mine = storage.within(client);
    await client.query('BEGIN');
    expect(await mine.applyTransfers([item('t_1')])).toMatchObject([{ status: 'applied' }]);
    expect(await mine.findTransfers([ref])).toMatchObject([{ outcome: 'applied' }]);
    expect(await storage.findTransfers([ref])).toEqual([undefined]);
    await client.query('ROLLBACK');
    expect(await storage.findTransfers([ref])).toEqual([undefined]);

    await client.query('BEGIN');
    await mine.applyTransfers([item('t_1')]);
    await client.query(`INSERT INTO orders VALUES ('order_1', 'paid')`);
    await client.query('COMMIT');
    expect(await storage.findTransfers([ref])).toMatchObject([{ outcome: 'applied' }]);
  });

  it('the commit is made durable', async () => {
    const { storage, client } = await opened();
    await client.query('SET synchronous_commit = off');
    await client.query('BEGIN');
    await storage.within(client).applyTransfers([item('t_1')]);
    expect((await client.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }]);
    await client.query('COMMIT');
    expect((await client.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }]);
  });

  it('calls at the same time take turns, and nothing is spent twice', async () => {
    const { storage, client } = await opened();
    const mine = storage.within(client);
    await client.query('BEGIN');
    await mine.applyTransfers([item('t_0')]);
    const spend = (id: string) => item(id, { debitAccountId: 'balance', creditAccountId: 'external' });
    const answers = await Promise.all(['t_1', 't_2', 't_3'].map((id) => mine.applyTransfers([spend(id)])));
    await client.query('COMMIT');
    expect(answers.flat().map(({ status }) => status)).toEqual(['applied', 'refused', 'refused']);
  });

  it('everything else works there as well, and closing it closes nothing', async () => {
    const { storage, client } = await opened();
    const mine = storage.within(client);
    await client.query('BEGIN');
    expect(await mine.createBusiness(business)).toEqual(business);
    expect(await mine.insertApiKey(apiKey)).toBe(true);
    expect(await mine.insertApiKey({ ...apiKey, id: 'key_2' })).toBe(false);
    expect(await mine.findApiKeys([apiKey.digest])).toEqual([{ apiKey, business }]);
    await mine.checkHealth();
    await mine.close();
    await client.query('COMMIT');
    expect(await storage.findApiKey(businessId, apiKey.id)).toEqual(apiKey);
  });

  it('an error is not tried again, and the host rolls back', async () => {
    const { storage, client } = await opened();
    const mine = storage.within(client);
    await client.query('BEGIN');
    await expect(mine.applyTransfers([item('t_1', { amount: 0.5 as never })])).rejects.toThrow('nothing was changed');
    await expect(mine.applyTransfers([item('t_2')])).rejects.toThrow('25P02');
    await client.query('ROLLBACK');
    expect(await storage.applyTransfers([item('t_1')])).toMatchObject([{ status: 'applied' }]);
  });
});

describe('through the pool of the host', () => {
  it('what the host has told pg to make of a type changes nothing, and prepared statements are kept apart', async () => {
    const types = { getTypeParser: () => () => 'nonsense' };
    const pool = poolAt(server.url, { max: 1, types: types as never });
    onTestFinished(() => pool.end());
    const now = (): number => 1234;
    const [left, right] = [freshSchema(), freshSchema()].map((schema) =>
      postgresStorage({ pool, schema, now, preparedStatements: true }),
    );
    for (const storage of [left, right]) {
      await storage?.migrate();
      for (const id of ['t_1', 't_2']) await storage?.applyTransfers([item(id)]);
      expect(await storage?.findAccounts([{ businessId, id: 'balance' }])).toMatchObject([
        { creditsPosted: 10, sequence: 2, createdAt: 1234 },
      ]);
      await storage?.close();
    }
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 'nonsense' }]);
  });

  it('a migration of another version is told by the readiness check', async () => {
    const { storage } = await opened();
    await storage.checkHealth();
    const bare = postgresStorage({
      pool: poolAt(server.url, { max: 1 }),
      schema: freshSchema(),
    });
    await expect(bare.checkHealth()).rejects.toThrow(
      'not up to date (0001-initial, 0002-withdrawals, 0003-webhooks-audit-usage, 0004-documents, 0005-webhook-secrets, 0006-withdrawals-by-user-and-status)',
    );
  });

  it.each([
    ['pool', { pool: 'postgres://localhost' }],
    ['schema', { schema: '' }],
    ['schema', { schema: 'x'.repeat(64) }],
    ['lockTimeoutMs', { lockTimeoutMs: 0 }],
    ['statementTimeoutMs', { statementTimeoutMs: 1.5 }],
    ['maxWaiting', { maxWaiting: -1 }],
  ])('a wrong %s is refused when the storage is made', (name, over) => {
    const pool = poolAt(server.url);
    expect(() => postgresStorage({ pool, ...over } as never)).toThrow(new RegExp(`^${name} must be`));
  });
});
