import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { apiKey, business, businessId, payoutUser } from '../test/sample.js';
import { temporaryFile } from '../test/temporary.js';
import { sqliteStorage } from './index.js';

function opened() {
  const database = new Database(temporaryFile());
  onTestFinished(() => {
    database.close();
  });
  return { database, storage: sqliteStorage({ database }) };
}

describe('look-ups on the way of a request', () => {
  it('answer without a promise', async () => {
    const { storage } = opened();
    await storage.createBusiness(business);
    await storage.insertApiKey(apiKey);
    await storage.openPayoutUsers([payoutUser]);
    expect(storage.findApiKeys([apiKey.digest])).toEqual([{ apiKey, business }]);
    expect(storage.findPayoutUsers([payoutUser.digest])).toEqual([{ payoutUser, business }]);
  });

  it('see what another connection has changed since', async () => {
    const { database, storage } = opened();
    const other = new Database(database.name);
    onTestFinished(() => {
      other.close();
    });
    await storage.createBusiness(business);
    await storage.insertApiKey(apiKey);
    await sqliteStorage({ database: other }).revokeApiKey(businessId, apiKey.id, 7);
    expect(storage.findApiKeys([apiKey.digest])).toMatchObject([{ apiKey: { revokedAt: 7 } }]);
  });

  it('give scopes that nobody can change for another key', async () => {
    const { storage } = opened();
    await storage.createBusiness(business);
    await storage.insertApiKey(apiKey);
    const [found] = await storage.findApiKeys([apiKey.digest]);
    expect(Object.isFrozen(found?.apiKey.scopes)).toBe(true);
    expect(() => Object.assign(found?.apiKey.scopes ?? [], ['*'])).toThrow(TypeError);
    expect(storage.findApiKeys([apiKey.digest])).toMatchObject([{ apiKey: { scopes: ['payouts:write'] } }]);
  });
});

describe('opening payout users', () => {
  it('takes no lock where all of them exist', async () => {
    const { database, storage } = opened();
    await storage.createBusiness(business);
    await storage.openPayoutUsers([payoutUser]);
    const other = new Database(database.name);
    other.exec('BEGIN IMMEDIATE');
    expect(await storage.openPayoutUsers([{ ...payoutUser, id: 'user_2' }])).toEqual([payoutUser]);
    other.close();
  });
});

describe('listSecretIds', () => {
  it('reads the index and jumps from one id to the next', async () => {
    const { database, storage } = opened();
    await storage.createBusiness(business);
    await storage.openPayoutUsers(
      ['b', 'a', 'b', 'c'].map((secretId, index) => ({
        ...payoutUser,
        id: `user_${index}`,
        normalizedEmail: `${index}@example.com`,
        digest: `${index}`.repeat(64) as typeof payoutUser.digest,
        secretId,
      })),
    );
    await storage.changePayoutUser({ businessId, id: 'user_3', status: 'closed' });
    expect(storage.listSecretIds()).toEqual(['a', 'b']);
    const plan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT min(secret_id) FROM bursar_payout_users WHERE status <> 'closed' AND secret_id > 'a'`,
      )
      .all();
    expect(plan).toMatchObject([{ detail: expect.stringContaining('bursar_payout_users_secret') }]);
  });
});
