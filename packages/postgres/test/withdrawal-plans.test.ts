import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStorage, type PostgresStorage, postgresStorage, type StatementLike } from '../src/index.js';
import { planOf, tablesRead, watched } from './plans.js';
import { businessId, changeItem, item, withdrawalItem } from './sample.js';
import { freshSchema, poolAt, type Server, sql, startServer } from './server.js';

const ROWS = 100_000;
const schema = freshSchema();
const statements: StatementLike[] = [];

let server: Server;
let pool: pg.Pool;
let storage: PostgresStorage;

// Nobody has counted the rows, as in plans.test.ts. The clock is the database's, as where the library runs.
beforeAll(async () => {
  server = await startServer(['-c', 'autovacuum=off']);
  await (await openPostgresStorage({ connectionString: server.url, schema })).close();
  pool = poolAt(server.url, { max: 1 });
  storage = postgresStorage({ pool: watched(pool, statements), schema });
  await fill();
}, 60_000);
afterAll(async () => {
  await pool.end();
  await server.stop();
});

/** Withdrawals of 1,000 users, nearly all long over, and as many reservations that expire in a far future. */
async function fill(): Promise<void> {
  const series = `generate_series(1, ${ROWS}) n`;
  const later = 4_000_000_000_000;
  const pending = (prefix: string, place: string, timeout: string): string =>
    `SELECT 'biz_1', '${prefix}' || n, 'a', 'paid_out', 5, 'withdrawal', 'pending', NULL, ${timeout}, NULL, NULL, 'c',
       'applied', ${place}, ${place}, 1 FROM ${series}`;
  await sql(
    server.url,
    `SET search_path = ${schema};
     INSERT INTO bursar_businesses VALUES ('biz_1', 'Business', 'live', 'USD', true, 1);
     INSERT INTO bursar_accounts SELECT 'biz_1', 'user_' || n, 'payout_user', 'USD', true, 0, 0, 5, 0, 1, 1 FROM ${series};
     INSERT INTO bursar_accounts VALUES ('biz_1', 'paid_out', 'paid_out', 'USD', true, 0, 0, 0, 0, ${2 * ROWS}, 1);
     INSERT INTO bursar_transfers ${pending('w_', 'n', 'NULL')};
     INSERT INTO bursar_transfers ${pending('p_', `n + ${ROWS}`, '1')};
     INSERT INTO bursar_expiring_transfers SELECT 'biz_1', 'p_' || n, ${later} + n FROM ${series};
     INSERT INTO bursar_withdrawals SELECT 'biz_1', 'w_' || n, n, 'user_' || n % 1000, 'method_' || n % 3, 5, 0, 'USD',
       'sealed', 'a…', CASE WHEN n % 1000 = 0 THEN 'review' ELSE 'processing' END, 1, NULL, 'export_' || n % 500, NULL,
       'system', 0, ${later} + n, NULL, 1, 1, 'secret_1', 'sealed' FROM ${series};
     INSERT INTO bursar_withdrawal_versions SELECT 'biz_1', 'w_' || n, 0, 'review', 0, NULL, NULL, NULL, 'system', 1
       FROM ${series}`,
  );
}

/** The one statement that a read sends. */
async function statementOf(read: () => unknown): Promise<StatementLike> {
  statements.length = 0;
  await read();
  const [statement, ...more] = statements;
  if (statement === undefined || more.length > 0) throw new Error('a read must be one statement');
  return statement;
}

const everything = { businessId, payoutUserId: null, status: null, method: null, exportId: null, before: null };

describe('on tables of withdrawals that have grown and that nobody has analyzed', () => {
  it.each([
    ['due', () => storage.listDueWithdrawals(100), 'bursar_withdrawals_due', 'due_at <='],
    ['expired', () => storage.listExpiredTransfers(100), 'bursar_expiring_transfers_expiry', 'expires_at <='],
  ])("what is %s by the database's clock is cut off by the index", async (_what, read, index, condition) => {
    const plan = await planOf(pool, await statementOf(read));
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort');
    // As a filter it would be asked of every row that is not due yet.
    expect(plan.find((node) => node['Index Name'] === index)?.['Index Cond']).toContain(condition);
  });

  it('every other statement about them probes an index for each element', async () => {
    const ids = Array.from({ length: 256 }, (_, index) => `w_${1 + ((index * 397) % ROWS)}`);
    statements.length = 0;
    await storage.findWithdrawals(ids.map((id) => ({ businessId, id })));
    await storage.listWithdrawalVersions({ businessId, id: 'w_7' });
    await storage.listAccounts({ businessId, id: 'user_5' }, 100);
    const limits = ids.map((_, index) => ({ payoutUserId: `user_${index}`, seconds: 86_400, amount: 1e9 as never }));
    const limited = limits.map((withdrawalLimit, index) => item(`l_${index}`, {}, { conditions: { withdrawalLimit } }));
    await storage.applyTransfers([...ids.map((id) => changeItem(id, 0)), ...limited]);
    await storage.applyTransfers([item('more', { amount: 1000 as never }), withdrawalItem('own')]);
    const expiring = item('e_1', { phase: 'pending', timeoutSeconds: 60 });
    await storage.applyTransfers([expiring]);
    await storage.applyTransfers([item('e_2', { phase: 'void', pendingId: 'e_1' })]);
    const asked = statements.filter(({ values }) => values !== undefined);
    for (const part of ['sum(amount)', 'DELETE', 'ON CONFLICT', 'bursar_withdrawals', 'bursar_withdrawal_versions'])
      expect(asked.filter(({ text }) => text.includes(part)).length).toBeGreaterThan(0);
    for (const statement of asked)
      expect({ statement: statement.text, read: await tablesRead(pool, statement) }).toMatchObject({ read: [] });
    const [sums] = asked.filter(({ text }) => text.includes('sum(amount)'));
    if (sums === undefined) throw new Error('no sum was asked for');
    const indexes = (await planOf(pool, sums)).map((node) => node['Index Name']);
    expect(indexes).toContain('bursar_withdrawals_limit');
  });
});

describe('on tables of withdrawals that the server has counted', () => {
  beforeAll(async () => {
    await sql(server.url, `ANALYZE ${schema}.bursar_withdrawals`);
  });

  it.each([
    ['the user', { payoutUserId: 'user_7' }, 'bursar_withdrawals_payout_user'],
    ['the user and a status', { payoutUserId: 'user_7', status: 'failed' }, 'bursar_withdrawals_user_status'],
    ['the status', { status: 'review' }, 'bursar_withdrawals_status'],
    ['the method', { method: 'method_1' }, 'bursar_withdrawals_method'],
    ['the export', { exportId: 'export_7' }, 'bursar_withdrawals_export'],
    ['nothing', {}, 'bursar_withdrawals_one_place'],
  ] as const)('a list by %s follows the index for it, and sorts nothing', async (_what, filter, index) => {
    const limit = 10;
    const statement = await statementOf(() => storage.listWithdrawals({ ...everything, ...filter, limit }));
    const plan = await planOf(pool, statement);
    expect(plan.map((node) => node['Node Type'])).toEqual(['Limit', expect.stringContaining('Index Scan')]);
    expect(plan[1]).toMatchObject({ 'Index Name': index, 'Index Cond': expect.stringContaining('sequence <') });
  });
});
