import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openPostgresStorage, type PostgresStorage } from '../src/index.js';
import type { OpenPostgresStorageOptions } from '../src/options.js';
import { startProxy } from './proxy.js';
import { apiKey, business, businessId, item, opening, payoutUser } from './sample.js';
import { freshSchema, type Server, sql, startServer, waitsForLock } from './server.js';

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

async function opened(over: Partial<OpenPostgresStorageOptions> = {}): Promise<PostgresStorage> {
  const options = { connectionString: server.url, schema: freshSchema(), ...over };
  const storage = await openPostgresStorage(options);
  onTestFinished(() => storage.close());
  return storage;
}

async function proxied(): ReturnType<typeof startProxy> {
  const proxy = await startProxy(server.url);
  onTestFinished(() => proxy.close());
  return proxy;
}

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const ids = Array.from({ length: 64 }, (_, index) => `t_${index}`);
const balance = { businessId, id: 'balance' };

describe('a connection that is lost after the commit and before the answer', () => {
  it('is made again, and the same ids are sent again: the batch is applied once, and answered', async () => {
    const schema = freshSchema();
    await opened({ schema });
    const proxy = await proxied();
    const storage = await opened({ schema, connectionString: proxy.url });
    let isSent = false;
    let lost = 0;
    proxy.onRequest = (text) => {
      isSent ||= text.includes('t_63');
      return false;
    };
    proxy.onAnswer = () => {
      if (!isSent || lost > 0) return false;
      lost++;
      return true;
    };
    const outcomes = await storage.applyTransfers(ids.map((id) => item(id)));
    expect(lost).toBe(1);
    // The first answer was lost, so what comes is the outcome that stands.
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['exists']));
    expect(await storage.findAccounts([balance])).toMatchObject([{ creditsPosted: 64 * 5, sequence: 64 }]);
  });

  it('ends after three tries with an error that says that nothing is known, and nothing was lost', async () => {
    const schema = freshSchema();
    const direct = await opened({ schema });
    const proxy = await proxied();
    const storage = await opened({ schema, connectionString: proxy.url });
    let isSent = false;
    let requests = 0;
    proxy.onRequest = (text) => {
      if (text.includes('t_63')) {
        isSent = true;
        requests++;
      }
      return false;
    };
    proxy.onAnswer = () => {
      const cuts = isSent;
      isSent = false;
      return cuts;
    };
    await expect(storage.applyTransfers(ids.map((id) => item(id)))).rejects.toThrow(
      /connection to PostgreSQL was lost.*not known; sending the same again is safe/,
    );
    expect(requests).toBe(3);
    const outcomes = await direct.applyTransfers(ids.map((id) => item(id)));
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['exists']));
    expect(await direct.findAccounts([balance])).toMatchObject([{ creditsPosted: 64 * 5, sequence: 64 }]);
  });

  it('is not sent again where a second time would answer otherwise', async () => {
    const schema = freshSchema();
    const direct = await opened({ schema });
    await direct.createBusiness(business);
    const proxy = await proxied();
    const storage = await opened({ schema, connectionString: proxy.url });
    await storage.findBusiness(businessId);
    let isCommitted = false;
    proxy.onRequest = (text) => {
      // Not the READ COMMITTED of the beginning.
      isCommitted ||= text.includes('COMMIT\0');
      return false;
    };
    proxy.onAnswer = () => isCommitted;
    await expect(storage.insertApiKey(apiKey)).rejects.toThrow('whether it was done is not known');
    expect(await direct.findApiKey(businessId, apiKey.id)).toEqual(apiKey);
  });
});

describe('a connection that is lost before anything was sent', () => {
  it('is made again by every call, reads and writes', async () => {
    const proxy = await proxied();
    const storage = await opened({ connectionString: proxy.url });
    await storage.createBusiness(business);
    for (const call of [
      () => storage.findBusiness(businessId),
      () => storage.insertApiKey(apiKey),
      () => storage.setPayoutsEnabled(businessId, true),
      () => storage.applyTransfers([item('t_1')]),
    ]) {
      proxy.cut();
      expect(await call()).toBeTruthy();
    }
  });

  it('throws where the server cannot be reached, and says that nothing was changed', async () => {
    const proxy = await proxied();
    const storage = await opened({ connectionString: proxy.url });
    proxy.onRequest = () => true;
    proxy.cut();
    await expect(storage.insertApiKey(apiKey)).rejects.toThrow(/lost.*nothing was changed/);
    await expect(storage.findBusiness(businessId)).rejects.toThrow('lost');
  });

  it('goes on after the server has ended every connection', async () => {
    const storage = await opened();
    await storage.applyTransfers([item('t_1')]);
    await sql(server.url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    expect(await storage.applyTransfers([item('t_1')])).toMatchObject([{ status: 'exists' }]);
    expect(await storage.applyTransfers([item('t_2')])).toMatchObject([{ status: 'applied' }]);
  });
});

describe('a row that another transaction holds', () => {
  it('is waited for, and no contended row is skipped', async () => {
    const schema = freshSchema();
    const storage = await opened({ schema });
    await storage.applyTransfers([item('t_1')]);
    const other = await connected();
    await other.query('BEGIN');
    await other.query(`UPDATE ${schema}.bursar_accounts SET credits_posted = 15, sequence = 2 WHERE id = 'balance'`);
    const answer = storage.applyTransfers([item('t_2')]);
    await waitsForLock(other);
    await other.query('COMMIT');
    expect(await answer).toMatchObject([{ status: 'applied', transfers: [{ creditSequence: 3 }] }]);
    expect(await storage.findAccounts([balance])).toMatchObject([{ creditsPosted: 20, sequence: 3 }]);
  });

  it('is waited for no longer than lockTimeoutMs, and then nothing was changed', async () => {
    const schema = freshSchema();
    const storage = await opened({ schema, lockTimeoutMs: 20 });
    await storage.applyTransfers([item('t_1')]);
    const other = await connected();
    await other.query(`BEGIN; SELECT FROM ${schema}.bursar_accounts WHERE id = 'balance' FOR UPDATE`);
    await expect(storage.applyTransfers([item('t_2')])).rejects.toThrow(
      /longer than lockTimeoutMs.*nothing was changed/,
    );
    await other.query('ROLLBACK');
    expect(await storage.findTransfers([{ businessId, id: 't_2' }])).toEqual([undefined]);
    expect(await storage.applyTransfers([item('t_2')])).toMatchObject([{ status: 'applied' }]);
  });

  it('that makes a deadlock costs the transaction a try, and no error surfaces', async () => {
    const schema = freshSchema();
    const storage = await opened({ schema });
    await storage.applyTransfers([item('t_1')]);
    const other = await connected();
    await other.query(`BEGIN; SET LOCAL deadlock_timeout = '10s'`);
    // Ours locks `balance` before `external`; the other one has `external` and asks for `balance`.
    await other.query(`SELECT FROM ${schema}.bursar_accounts WHERE id = 'external' FOR UPDATE`);
    const answer = storage.applyTransfers([item('t_2')]);
    await waitsForLock(other);
    await other.query(`SELECT FROM ${schema}.bursar_accounts WHERE id = 'balance' FOR UPDATE`);
    await other.query('COMMIT');
    expect(await answer).toMatchObject([{ status: 'applied' }]);
  });
});

describe('errors', () => {
  it('name the constraint, and no digest and no address', async () => {
    const storage = await opened();
    await storage.createBusiness(business);
    await storage.openPayoutUsers([payoutUser]);
    const same = { ...payoutUser, id: 'user_2', normalizedEmail: 'ben@example.com' };
    const error = await Promise.resolve(storage.openPayoutUsers([same])).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'PostgresStorageError', code: '23505' });
    expect(String(error)).toContain('bursar_payout_user_digests_pkey');
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toMatch(/bbbb|@example/);
    expect((error as Error).cause).toBeUndefined();
  });

  it.each([
    ['an amount below zero', { amount: -5 as never }],
    ['a fraction', { amount: 0.5 as never }],
    ['no number', { amount: Number.NaN as never }],
    ['a text for a number', { amount: '5,5' as never }],
    ['one account twice', { creditAccountId: 'external' }],
    ['a post of nothing', { phase: 'post' as const }],
    ['a character that no text can hold', { reference: 'a\0b' }],
    ['a transfer of another business', { businessId: 'biz_2' as typeof businessId }],
  ])('of %s leave the whole batch unchanged', async (_case, over) => {
    const storage = await opened();
    await expect(storage.applyTransfers([item('t_1'), item('t_2', over)])).rejects.toThrow();
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
    expect(await storage.findAccounts([balance])).toEqual([undefined]);
    expect(await storage.applyTransfers([item('t_1')])).toMatchObject([{ status: 'applied' }]);
  });

  it('of a call too many come at once', async () => {
    const storage = await opened({ maxConnections: 1, maxWaiting: 2 });
    const calls = await Promise.allSettled(Array.from({ length: 10 }, () => storage.findBusiness(businessId)));
    const refused = calls.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(7);
    expect(String((refused[0] as PromiseRejectedResult).reason)).toContain('2 calls wait for PostgreSQL already');
    expect(calls.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('of a closed storage say so, and what was under way is finished', async () => {
    const storage = await openPostgresStorage({ connectionString: server.url, schema: freshSchema() });
    const answer = storage.applyTransfers([
      item('t_1', {}, { openAccounts: [opening('external'), opening('balance')] }),
    ]);
    await storage.close();
    expect(await answer).toMatchObject([{ status: 'applied' }]);
    expect(() => storage.findBusiness(businessId)).toThrow('this PostgreSQL storage is closed');
  });
});
