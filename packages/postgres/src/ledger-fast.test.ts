import type { LedgerItem, LedgerOutcome } from '@bursar/payouts/storage';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ACCOUNTS, RandomBatches } from '../test/random-batches.js';
import { business, businessId, item, opening, payoutUser } from '../test/sample.js';
import { freshSchema, poolAt, type Server, startServer, waitsForLock } from '../test/server.js';
import { pooledConnection } from './connection.js';
import { openPostgresStorage, type PoolLike, type StatementLike } from './index.js';
import { postgresLedger } from './ledger.js';
import { fastBatch } from './ledger-fast.js';
import { tablesIn } from './tables.js';

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

async function opened(now: () => number) {
  const schema = freshSchema();
  const storage = await openPostgresStorage({ connectionString: server.url, schema, now });
  const pool = poolAt(server.url, { max: 2 });
  onTestFinished(async () => {
    await pool.end();
    await storage.close();
  });
  await storage.createBusiness(business);
  const limits = { lockTimeoutMs: 5000, statementTimeoutMs: 15_000 };
  const check = async (): Promise<void> => undefined;
  const connection = pooledConnection({ ...limits, pool, maxWaiting: 100, check, preparedStatements: false });
  const tables = tablesIn(schema);
  return {
    schema,
    storage,
    pool,
    fast: fastBatch(connection, tables, now),
    exact: postgresLedger(connection, tables, { now, fast: false }),
  };
}

describe('the fast statement', () => {
  it.each([1, 2, 3])(
    'decides as the exact path does, for random batches (seed %d)',
    async (seed) => {
      let time = 1_750_000_000_000;
      const now = (): number => time;
      const [left, right] = [await opened(now), await opened(now)];
      const batches = new RandomBatches(seed);
      let alone = 0;
      const apply = async (items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> => {
        const outcomes = await left.fast(items);
        if (outcomes !== undefined) alone++;
        return outcomes ?? left.exact.applyTransfers(items);
      };
      await right.exact.applyTransfers(batches.first());
      await apply(new RandomBatches(seed).first());
      for (let round = 0; round < 120; round++) {
        time += 300;
        const items = batches.next();
        expect(await apply(items)).toEqual(await right.exact.applyTransfers(items));
      }
      expect(alone).toBeGreaterThan(20);
      expect(alone).toBeLessThan(115);
      expect(await left.exact.findAccounts(ACCOUNTS)).toEqual(await right.exact.findAccounts(ACCOUNTS));
      expect(await left.exact.listExpiredTransfers(100)).toEqual(await right.exact.listExpiredTransfers(100));
      const users = { businessId, after: null, limit: 100 };
      expect(await left.storage.listPayoutUsers(users)).toEqual(await right.storage.listPayoutUsers(users));
      const events = await left.storage.listUndispatchedEvents(1000);
      expect(events).toEqual(await right.storage.listUndispatchedEvents(1000));
      expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['payout_user.created', 'payout_user.funded']));
      for (const { id } of ACCOUNTS) {
        const page = { businessId, id, before: null, limit: 100 };
        expect(await left.exact.listTransfers(page)).toEqual(await right.exact.listTransfers(page));
      }
    },
    60_000,
  );

  it('changes nothing where one of the batch cannot succeed', async () => {
    const { fast, storage } = await opened(() => 1);
    const overdraw = item('t_2', { debitAccountId: 'balance', creditAccountId: 'external', amount: 50 as never });
    expect(await fast([item('t_1'), overdraw])).toBeUndefined();
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
    expect(await storage.findAccounts([{ businessId, id: 'balance' }])).toEqual([undefined]);
  });

  it('does not let a later credit pay an earlier debit', async () => {
    const { fast } = await opened(() => 1);
    expect(await fast([item('t_1')])).toMatchObject([{ status: 'applied' }]);
    const spend = item('t_2', { debitAccountId: 'balance', creditAccountId: 'external', amount: 9 as never });
    expect(await fast([spend, item('t_3')])).toBeUndefined();
  });

  it('writes the events of the items that ask for them, with the places that the accounts give', async () => {
    const { fast, exact, storage } = await opened(() => 1);
    await exact.applyTransfers([item('t_0', { amount: 100 as never, creditAccountId: 'payout_balance' })]);
    const openAccounts = [opening('payout_user', payoutUser.id)];
    const allocation = {
      debitAccountId: 'payout_balance',
      creditAccountId: payoutUser.id,
      code: 'allocation',
    } as const;
    const opens = { openAccounts, openPayoutUser: payoutUser };
    const told = (id: string) => item(id, allocation, { ...opens, recordEvents: true });
    expect(await fast([told('t_1'), item('t_2', allocation, opens), told('t_3')])).toHaveLength(3);
    expect(await fast([told('t_4')])).toHaveLength(1);
    const events = await storage.listUndispatchedEvents(10);
    expect(events.map(({ id, place, transferId }) => [id, place, transferId])).toEqual([
      ['evt_uc_user_1', 0, null],
      ['evt_tf_t_1', 1, 't_1'],
      ['evt_tf_t_3', 3, 't_3'],
      ['evt_tf_t_4', 4, 't_4'],
    ]);
  });

  it('undoes everything where a row of a neighbour is in the way that it could not see', async () => {
    const { fast, exact, pool, schema } = await opened(() => 1);
    await exact.applyTransfers([item('t_0')]);
    const neighbour = await pool.connect();
    await neighbour.query('BEGIN');
    await neighbour.query(
      `INSERT INTO ${schema}.bursar_accounts VALUES ('${businessId}', 'user_1', 'payout_user', 'USD', true, 0, 0, 7, 0, 1, 1)`,
    );
    const openAccounts = [opening('payout_user', 'user_1')];
    const pays = item('t_1', { debitAccountId: 'balance', creditAccountId: 'user_1' }, { openAccounts });
    const answer = fast([pays]);
    await waitsForLock(neighbour);
    await neighbour.query('COMMIT');
    neighbour.release();
    expect(await answer).toBeUndefined();
    expect(await exact.applyTransfers([pays])).toMatchObject([{ status: 'applied' }]);
    expect(await exact.findAccounts([{ businessId, id: 'user_1' }])).toMatchObject([
      { creditsPosted: 12, sequence: 2 },
    ]);
  });

  it('looks for known ids before it writes, for some time after one has come', async () => {
    const { exact, pool, schema } = await opened(() => 1);
    await exact.applyTransfers([item('t_2')]);
    let refused = 0;
    const counting: PoolLike = {
      waitingCount: 0,
      async connect() {
        const client = await pool.connect();
        const query = (statement: StatementLike) =>
          client.query(statement).catch((error: unknown) => {
            refused++;
            throw error;
          });
        return {
          query,
          release: () => client.release(),
          on: client.on.bind(client),
          removeListener: client.removeListener.bind(client),
        };
      },
    };
    const limits = { lockTimeoutMs: 5000, statementTimeoutMs: 15_000, maxWaiting: 10 };
    const check = async (): Promise<void> => undefined;
    const connection = pooledConnection({ ...limits, pool: counting, check, preparedStatements: false });
    const fast = fastBatch(connection, tablesIn(schema), undefined);
    for (let turn = 0; turn < 300; turn++) expect(await fast([item('t_1'), item('t_2')])).toBeUndefined();
    expect(refused).toBe(2);
    expect(await exact.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
    expect(await fast([item('t_1')])).toMatchObject([{ status: 'applied' }]);
  }, 30_000);

  it('is left alone from then on where the isolation is not READ COMMITTED', async () => {
    const { pool, schema } = await opened(() => 1);
    const serializable = poolAt(server.url, { options: '-c default_transaction_isolation=serializable' });
    onTestFinished(() => serializable.end());
    const texts: string[] = [];
    const watched = {
      waitingCount: 0,
      async connect() {
        const client = await serializable.connect();
        const query = (statement: { text: string }) => {
          texts.push(statement.text);
          return client.query(statement);
        };
        return {
          query,
          release: client.release,
          on: client.on.bind(client),
          removeListener: client.removeListener.bind(client),
        };
      },
    };
    const limits = { lockTimeoutMs: 5000, statementTimeoutMs: 15_000, maxWaiting: 10 };
    const check = async (): Promise<void> => undefined;
    const connection = pooledConnection({ ...limits, pool: watched, check, preparedStatements: false });
    const ledger = postgresLedger(connection, tablesIn(schema), { now: undefined, fast: true });
    expect(await ledger.applyTransfers([item('t_1')])).toMatchObject([{ status: 'applied' }]);
    expect(await ledger.applyTransfers([item('t_2')])).toMatchObject([{ status: 'applied' }]);
    expect(texts.filter((text) => text.includes('verdict'))).toHaveLength(1);
    expect(texts.filter((text) => text.startsWith('BEGIN ISOLATION LEVEL READ COMMITTED'))).toHaveLength(2);
    const { rows } = await pool.query(`SELECT count(*)::int AS count FROM ${schema}.bursar_transfers`);
    expect(rows).toEqual([{ count: 2 }]);
  });
});
