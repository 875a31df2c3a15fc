import type { Cents, LedgerItem } from '@bursar/payouts/storage';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { business, businessId, item, opening, payoutUser } from '../test/sample.js';
import { temporaryFile } from '../test/temporary.js';
import { sqliteStorage } from './index.js';

function opened(now?: () => number) {
  const database = new Database(temporaryFile());
  onTestFinished(() => {
    database.close();
  });
  return { database, storage: sqliteStorage({ database, ...(now && { now }) }) };
}

describe('applyTransfers', () => {
  it('begins in the next turn, so that the calls of this turn are gathered', async () => {
    const { database, storage } = opened();
    const answer = storage.applyTransfers([item('t_1')]);
    expect(database.prepare('SELECT count(*) FROM bursar_transfers').pluck().get()).toBe(0);
    expect(await answer).toMatchObject([{ status: 'applied' }]);
  });

  it('dates accounts and transfers by the clock that it is given', async () => {
    const { storage } = opened(() => 1234);
    await storage.applyTransfers([item('t_1')]);
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toMatchObject([{ createdAt: 1234 }]);
    expect(await storage.findAccounts([{ businessId, id: 'balance' }])).toMatchObject([{ createdAt: 1234 }]);
  });

  it('keeps names in metadata that objects have of their own', async () => {
    const { storage } = opened();
    const metadata = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    await storage.applyTransfers([item('t_1', { metadata })]);
    const [found] = await storage.findTransfers([{ businessId, id: 't_1' }]);
    expect(JSON.stringify(found?.metadata)).toBe('{"__proto__":"a","constructor":"b"}');
    expect(await storage.applyTransfers([item('t_1', { metadata })])).toMatchObject([{ status: 'exists' }]);
  });

  it.each<[string, LedgerItem]>([
    ['an amount below zero', item('t_2', { amount: -5 as Cents })],
    ['a fraction', item('t_2', { amount: 0.5 as Cents })],
    ['no number', item('t_2', { amount: Number.NaN as Cents })],
    ['one account twice', item('t_2', { creditAccountId: 'external' })],
    ['a post of nothing', item('t_2', { phase: 'post' })],
    ['a user of an unknown business', item('t_2', {}, { openPayoutUser: payoutUser })],
    ['a transfer of another business', item('t_2', { businessId: 'biz_2' as typeof businessId })],
  ])('refuses %s, and then changes nothing of the batch', async (_case, wrong) => {
    const { storage } = opened();
    await expect(storage.applyTransfers([item('t_1'), wrong])).rejects.toThrow();
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
    expect(await storage.findAccounts([{ businessId, id: 'balance' }])).toEqual([undefined]);
    expect(await storage.applyTransfers([item('t_1')])).toMatchObject([{ status: 'applied' }]);
  });

  it('changes nothing when the disk is full, and goes on when there is space again', async () => {
    const { database, storage } = opened();
    await storage.applyTransfers([item('t_0')]);
    const pages = database.pragma('page_count', { simple: true }) as number;
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const metadata = { words: 'x'.repeat(2000) };
    const batch = Array.from({ length: 256 }, (_, index) => item(`t_${index + 1}`, { metadata }));
    await expect(storage.applyTransfers(batch)).rejects.toThrow(/free some space.*nothing was changed/);
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
    expect(await storage.findAccounts([{ businessId, id: 'balance' }])).toMatchObject([{ creditsPosted: 5 }]);

    database.exec('PRAGMA max_page_count = 1000000');
    const outcomes = await storage.applyTransfers(batch);
    expect(outcomes.every(({ status }) => status === 'applied')).toBe(true);
  });

  it('leaves a transaction alone that the owner of the connection has open', async () => {
    const { database, storage } = opened();
    database.exec('BEGIN');
    await expect(storage.applyTransfers([item('t_1')])).rejects.toThrow('give Bursar a connection of its own');
    expect(database.inTransaction).toBe(true);
    database.exec('ROLLBACK');
    expect(await storage.applyTransfers([item('t_1')])).toMatchObject([{ status: 'applied' }]);
  });

  it('says nothing of digests and addresses in its errors', async () => {
    const { storage } = opened();
    await storage.createBusiness(business);
    await storage.openPayoutUsers([payoutUser]);
    const same = { ...payoutUser, id: 'user_2', normalizedEmail: 'ben@example.com' };
    const error = await Promise.resolve(storage.openPayoutUsers([same])).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    const said = `${String(error)} ${String((error as Error).cause)}`;
    expect(said).toContain('bursar_payout_users.digest');
    expect(said).not.toMatch(/bbbb|@/);
  });
});

describe('the tables, as a second guard', () => {
  const open = { openAccounts: [opening('external'), opening('balance')] };

  it.each([
    ['an overdrawn account', `UPDATE bursar_accounts SET debits_posted = 6 WHERE id = 'balance'`],
    ['an account overdrawn by what is pending', `UPDATE bursar_accounts SET debits_pending = 6 WHERE id = 'balance'`],
    ['a sum above 2^53 - 1', `UPDATE bursar_accounts SET credits_posted = 9007199254740992 WHERE id = 'balance'`],
    ['a sum below zero', `UPDATE bursar_accounts SET debits_posted = -1 WHERE id = 'external'`],
    ['a sum that is no integer', `UPDATE bursar_accounts SET debits_posted = 1.5 WHERE id = 'external'`],
    ['a changed transfer', `UPDATE bursar_transfers SET amount = 6`],
    ['a deleted transfer', `DELETE FROM bursar_transfers`],
    [
      'a place in a history that is taken',
      `INSERT INTO bursar_transfers SELECT business_id, 't_2', debit_account_id, credit_account_id, amount, code, phase,
         pending_id, timeout_seconds, reference, metadata, request_digest, outcome, debit_sequence, credit_sequence,
         created_at FROM bursar_transfers`,
    ],
  ])('refuse %s, whoever writes it', async (_case, sql) => {
    const { database, storage } = opened();
    await storage.applyTransfers([item('t_1', {}, open)]);
    expect(() => database.exec(sql)).toThrow();
  });

  it('let an external account go below zero', async () => {
    const { storage } = opened();
    expect(await storage.applyTransfers([item('t_1', {}, open)])).toMatchObject([{ status: 'applied' }]);
  });
});

describe('a sum that was written past the guards', () => {
  it('is refused, not rounded', async () => {
    const { database, storage } = opened();
    await storage.applyTransfers([item('t_1')]);
    database.exec('PRAGMA ignore_check_constraints = ON');
    database.exec(`UPDATE bursar_accounts SET credits_posted = 9007199254740993 WHERE id = 'balance'`);
    const refused = 'not an integer from 0 to 2^53 - 1';
    expect(() => storage.findAccounts([{ businessId, id: 'balance' }])).toThrow(refused);
    await expect(storage.applyTransfers([item('t_2')])).rejects.toThrow(refused);
  });
});

describe('the history', () => {
  it('is read by an index on either side', async () => {
    const { database } = opened();
    for (const side of ['debit', 'credit']) {
      const plan = database
        .prepare(
          `EXPLAIN QUERY PLAN SELECT * FROM bursar_transfers WHERE business_id = 'b' AND ${side}_account_id = 'a'
           AND ${side}_sequence < 9 ORDER BY ${side}_sequence DESC LIMIT 10`,
        )
        .all();
      expect(plan).toHaveLength(1);
      expect(plan).toMatchObject([{ detail: expect.stringContaining(`bursar_transfers_${side}_history`) }]);
    }
  });

  it.each([0, 1001, 1.5])('refuses a page of %d transfers', (limit) => {
    const { storage } = opened();
    expect(() => storage.listTransfers({ businessId, id: 'balance', before: null, limit })).toThrow(RangeError);
  });
});
