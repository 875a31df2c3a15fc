import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openPostgresStorage, type PostgresStorage } from '../src/index.js';
import { startChildren } from './children.js';
import { BATCH_SIZE, idsOf, type Report } from './order.js';
import { business, businessId, item, opening } from './sample.js';
import { freshSchema, type Server, startServer } from './server.js';

const FUNDS = 1_000_000;
const USERS = Array.from({ length: 8 }, (_, index) => `user_${index}`);

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

async function opened(schema: string): Promise<PostgresStorage> {
  const storage = await openPostgresStorage({ connectionString: server.url, schema });
  onTestFinished(() => storage.close());
  return storage;
}

async function funded(schema: string): Promise<PostgresStorage> {
  const storage = await opened(schema);
  const openAccounts = [opening('external'), ...USERS.map((id) => opening('payout_user', id))];
  const deposit = (id: string) => item(`fund_${id}`, { creditAccountId: id, amount: FUNDS as never }, { openAccounts });
  await storage.applyTransfers(USERS.map(deposit));
  return storage;
}

async function balances(storage: PostgresStorage): Promise<number[]> {
  const accounts = await storage.findAccounts(USERS.map((id) => ({ businessId, id })));
  return accounts.map((account) => (account === undefined ? Number.NaN : account.creditsPosted - account.debitsPosted));
}

describe('several processes', () => {
  it('open the same empty database at the same time, and all succeed', async () => {
    const schema = freshSchema();
    const children = await startChildren(4);
    const order = { task: 'open', url: server.url, schema } as const;
    const reports = await Promise.all(children.map((child) => child.obey(order)));
    expect(reports).toEqual(Array(4).fill({ told: 'done' }));
    const storage = await openPostgresStorage({ connectionString: server.url, schema, migrate: false });
    expect(await storage.findBusiness(businessId)).toEqual(business);
    await storage.close();
  }, 60_000);

  it('move money in opposite orders in large batches: no error, no deadlock, nobody waits long', async () => {
    const schema = freshSchema();
    const storage = await funded(schema);
    const [left, right] = await startChildren(2);
    const reports: Report[] = [];
    const keep = (report: Report): void => {
      reports.push(report);
    };
    const order = { task: 'move', url: server.url, schema, batches: 40 } as const;
    const ends = await Promise.all([
      left?.obey({ ...order, name: 'left', accounts: USERS }, keep),
      right?.obey({ ...order, name: 'right', accounts: [...USERS].reverse() }, keep),
    ]);
    expect(ends).toEqual([{ told: 'done' }, { told: 'done' }]);
    const batches = reports.filter((report) => report.told === 'applied');
    expect(batches.flatMap(({ statuses }) => statuses)).toEqual(Array(80).fill('applied'));
    // A deadlock would cost a second.
    expect(Math.max(...batches.map(({ ms }) => ms))).toBeLessThan(1000);
    expect(await balances(storage)).toEqual(Array(8).fill(FUNDS));
    const [account] = await storage.findAccounts([{ businessId, id: 'user_0' }]);
    expect(account?.sequence).toBe(1 + (2 * 2 * 40 * BATCH_SIZE) / 8);
  }, 60_000);

  it('that send the same ids in other orders hear the same outcomes, none missing', async () => {
    const schema = freshSchema();
    const storage = await funded(schema);
    const [left, right] = await startChildren(2);
    const order = { task: 'move', url: server.url, schema, name: 'same', accounts: USERS, batches: 20 } as const;
    const reports: Report[] = [];
    const keep = (report: Report): void => {
      reports.push(report);
    };
    const ends = await Promise.all([left?.obey(order, keep), right?.obey(order, keep)]);
    expect(ends).toEqual([{ told: 'done' }, { told: 'done' }]);
    const statuses = reports.filter((report) => report.told === 'applied').flatMap((report) => report.statuses);
    expect(statuses.filter((status) => status === 'applied')).toHaveLength(20);
    expect(statuses.filter((status) => status === 'exists')).toHaveLength(20);
    const [account] = await storage.findAccounts([{ businessId, id: 'user_0' }]);
    expect(account?.sequence).toBe(1 + (2 * 20 * BATCH_SIZE) / 8);
  }, 60_000);

  it('lose nothing that was acknowledged when one is killed', async () => {
    const schema = freshSchema();
    const storage = await funded(schema);
    const [child] = await startChildren(1);
    const acknowledged: number[] = [];
    const order = { task: 'move', url: server.url, schema, name: 'left', accounts: USERS, batches: 10_000 } as const;
    await child?.obey(order, (report) => {
      if (report.told === 'applied') acknowledged.push(report.batch);
      if (acknowledged.length === 5) child.kill();
    });
    const refs = acknowledged.flatMap((batch) => idsOf('left', batch)).map((id) => ({ businessId, id }));
    const found = await storage.findTransfers(refs);
    expect(refs.length).toBeGreaterThanOrEqual(5 * BATCH_SIZE);
    expect(found.every((transfer) => transfer?.outcome === 'applied')).toBe(true);
    expect((await balances(storage)).reduce((sum, balance) => sum + balance, 0)).toBe(8 * FUNDS);
  }, 60_000);
});

describe('a server that is killed in the middle', () => {
  it('has every acknowledged transfer when it is started again', async () => {
    const own = await startServer();
    onTestFinished(() => own.stop());
    const schema = freshSchema();
    const storage = await openPostgresStorage({ connectionString: own.url, schema });
    onTestFinished(() => storage.close());
    const acknowledged: string[] = [];
    const batches = Array.from({ length: 12 }, (_, batch) => idsOf('crash', batch));
    const paying = batches.map(async (ids) => {
      await storage.applyTransfers(ids.map((id) => item(id)));
      acknowledged.push(...ids);
      if (acknowledged.length === 4 * BATCH_SIZE) await own.crash();
    });
    const ended = await Promise.allSettled(paying);
    expect(ended.some(({ status }) => status === 'rejected')).toBe(true);
    expect(acknowledged.length).toBeGreaterThanOrEqual(4 * BATCH_SIZE);
    await own.restart();
    const found = await storage.findTransfers(acknowledged.map((id) => ({ businessId, id })));
    expect(found.every((transfer) => transfer?.outcome === 'applied')).toBe(true);
    // Those whose answer is not known are sent again, and all of them are there once.
    const again = await Promise.all(batches.map((ids) => storage.applyTransfers(ids.map((id) => item(id)))));
    expect(again.flat()).toHaveLength(12 * BATCH_SIZE);
    expect(await storage.findAccounts([{ businessId, id: 'balance' }])).toMatchObject([
      { sequence: 12 * BATCH_SIZE, creditsPosted: 5 * 12 * BATCH_SIZE },
    ]);
  }, 60_000);
});
