import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { business, businessId, changeItem, item, withdrawalItem } from '../test/sample.js';
import { temporaryFile } from '../test/temporary.js';
import { type DatabaseLike, sqliteStorage } from './index.js';

/** A storage, its database, and each statement that it prepares. */
function opened(now?: () => number) {
  const database = new Database(temporaryFile());
  onTestFinished(() => {
    database.close();
  });
  const prepared: string[] = [];
  const recording: DatabaseLike = {
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      prepared.push(sql);
      return database.prepare(sql);
    },
  };
  return { database, prepared, storage: sqliteStorage({ database: recording, ...(now && { now }) }) };
}

/** How SQLite means to find the rows of a statement. */
function planOf(database: Database.Database, sql: string): string[] {
  const nothing = Array.from(sql.matchAll(/\?/g), () => null);
  const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...nothing) as { readonly detail: string }[];
  return rows.map(({ detail }) => detail);
}

const filters = [
  ['payoutUserId', 'bursar_withdrawals_payout_user'],
  ['status', 'bursar_withdrawals_status'],
  ['method', 'bursar_withdrawals_method'],
  ['exportId', 'bursar_withdrawals_export'],
] as const;

describe('the statements that read withdrawals, accounts and what expires', () => {
  const everything = { businessId, payoutUserId: null, status: null, method: null, exportId: null, before: null };

  it('find their rows by an index, and in its order', async () => {
    const { database, prepared, storage } = opened(() => 1000);
    await storage.createBusiness(business);
    const limit = { payoutUserId: 'balance', seconds: 60, amount: 5 as never };
    await storage.applyTransfers([item('t_1'), { ...withdrawalItem('w_1'), conditions: { withdrawalLimit: limit } }]);
    await storage.findWithdrawals([{ businessId, id: 'w_1' }]);
    for (const filter of [{}, ...filters.map(([name]) => ({ [name]: 'x' }))])
      await storage.listWithdrawals({ ...everything, ...filter, limit: 10 });
    await storage.listWithdrawals({ ...everything, payoutUserId: 'u', status: 'queued', method: 'm', limit: 10 });
    await storage.listDueWithdrawals(10);
    await storage.listWithdrawalVersions({ businessId, id: 'w_1' });
    await storage.listExpiredTransfers(10);
    await storage.listAccounts(null, 10);
    const selects = prepared.filter((sql) => /^SELECT.*bursar_(withdrawal|account|expiring)/s.test(sql));
    expect(selects).toHaveLength(13);
    const plans = selects.flatMap((sql) => planOf(database, sql));
    expect(plans.filter((detail) => /\bSCAN\b|TEMP B-TREE/.test(detail))).toEqual([]);
  });

  it.each(filters)('list withdrawals by %s with the index for it', async (name, index) => {
    const { database, prepared, storage } = opened();
    await storage.listWithdrawals({ ...everything, [name]: 'x', limit: 10 });
    expect(planOf(database, prepared.at(-1) ?? '')).toEqual([expect.stringContaining(`USING INDEX ${index} `)]);
  });

  it.each([
    ['a payout user and a status', { payoutUserId: 'u', status: 'succeeded' }, 'payout_user'],
    ['a payout user, a status and a method', { payoutUserId: 'u', status: 'succeeded', method: 'm' }, 'payout_user'],
    ['a payout user and a rarer status', { payoutUserId: 'u', status: 'failed' }, 'user_status'],
    ['a payout user, a rarer status and a method', { payoutUserId: 'u', status: 'queued', method: 'm' }, 'user_status'],
    ['an export and a rarer status', { exportId: 'e', payoutUserId: 'u', status: 'failed' }, 'export'],
    ['a status and a method', { status: 'review', method: 'm' }, 'status'],
    ['an export and a method', { exportId: 'e', method: 'm' }, 'export'],
  ] as const)('list withdrawals by %s with the index of the fewest', async (_, asked, index) => {
    const { database, prepared, storage } = opened();
    await storage.listWithdrawals({ ...everything, ...asked, limit: 10 });
    const plan = planOf(database, prepared.at(-1) ?? '');
    expect(plan).toEqual([expect.stringContaining(`USING INDEX bursar_withdrawals_${index} `)]);
  });

  it('prepare the statement of a set of filters once', async () => {
    const { prepared, storage } = opened();
    await storage.listWithdrawals({ ...everything, status: 'queued', limit: 10 });
    const before = prepared.length;
    await storage.listWithdrawals({ ...everything, status: 'review', before: 7, limit: 3 });
    expect(prepared.length).toBe(before);
  });

  it('add up what counts for the limit of a payout user with the index for it', async () => {
    const { database, prepared, storage } = opened();
    const limit = { payoutUserId: 'balance', seconds: 60, amount: 5 as never };
    await storage.applyTransfers([item('t_1'), { ...withdrawalItem('w_1'), conditions: { withdrawalLimit: limit } }]);
    const sql = prepared.find((text) => text.includes('sum(amount)')) ?? '';
    expect(planOf(database, sql)).toEqual([expect.stringContaining('USING INDEX bursar_withdrawals_limit ')]);
  });

  it.each([0, 1001, 1.5])('refuse a page of %d rows', (limit) => {
    const { storage } = opened();
    for (const list of [
      () => storage.listWithdrawals({ ...everything, limit }),
      () => storage.listDueWithdrawals(limit),
      () => storage.listExpiredTransfers(limit),
      () => storage.listAccounts(null, limit),
    ])
      expect(list).toThrow(RangeError);
  });
});

describe('the tables of withdrawals, as a second guard', () => {
  it.each([
    ['another amount', 'UPDATE bursar_withdrawals SET amount = 2'],
    ['another recipient', `UPDATE bursar_withdrawals SET payout_user_id = 'eve'`],
    ['the same version again', 'UPDATE bursar_withdrawals SET version = 1'],
    ['an earlier version', 'UPDATE bursar_withdrawals SET version = 0'],
    ['a deleted withdrawal', 'DELETE FROM bursar_withdrawals'],
    ['a changed version', `UPDATE bursar_withdrawal_versions SET actor = 'nobody'`],
    ['a deleted version', 'DELETE FROM bursar_withdrawal_versions'],
    [
      'a version twice',
      'INSERT INTO bursar_withdrawal_versions SELECT * FROM bursar_withdrawal_versions WHERE version = 1',
    ],
  ])('refuse %s, whoever writes it', async (_case, sql) => {
    const { database, storage } = opened();
    await storage.applyTransfers([item('t_1'), withdrawalItem('w_1'), changeItem('w_1', 0)]);
    expect(database.prepare('SELECT version FROM bursar_withdrawals').pluck().get()).toBe(1);
    expect(() => database.exec(sql)).toThrow();
  });

  it('refuse a withdrawal without its reservation, and then change nothing of the batch', async () => {
    const { storage } = opened();
    const wrong = withdrawalItem('w_1', { id: 'w_2' });
    await expect(storage.applyTransfers([item('t_1'), wrong])).rejects.toThrow();
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
  });

  it('refuse a withdrawal of another business', async () => {
    const { storage } = opened();
    const foreign = withdrawalItem('w_1', { businessId: 'biz_2' as typeof businessId });
    await expect(storage.applyTransfers([item('t_1'), foreign])).rejects.toThrow('of the same business');
  });
});

describe('what expires', () => {
  it('is kept apart only while it is open', async () => {
    const { database, storage } = opened(() => 1000);
    const count = () => database.prepare('SELECT count(*) FROM bursar_expiring_transfers').pluck().get();
    const pending = (id: string, timeoutSeconds: number | null) => item(id, { phase: 'pending', timeoutSeconds });
    await storage.applyTransfers([pending('p_1', 60), pending('p_2', Number.MAX_SAFE_INTEGER), pending('p_3', null)]);
    expect(count()).toBe(2);
    await storage.applyTransfers([item('v_1', { phase: 'void', pendingId: 'p_1' })]);
    await storage.applyTransfers([item('v_2', { phase: 'post', pendingId: 'p_2' })]);
    expect(count()).toBe(0);
  });
});
