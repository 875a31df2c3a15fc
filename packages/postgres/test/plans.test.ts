import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStorage, type PostgresStorage, postgresStorage, type StatementLike } from '../src/index.js';
import { tablesRead, watched } from './plans.js';
import { type apiKey, business, businessId, item, opening, payoutUser } from './sample.js';
import { freshSchema, poolAt, type Server, sql, startServer } from './server.js';

const ROWS = 200_000;
const schema = freshSchema();

let server: Server;
let pool: pg.Pool;
let storage: PostgresStorage;
const statements: StatementLike[] = [];

// Nobody has counted the rows: a table that has just been filled is planned for from its size alone.
beforeAll(async () => {
  server = await startServer(['-c', 'autovacuum=off']);
  await (await openPostgresStorage({ connectionString: server.url, schema })).close();
  pool = poolAt(server.url, { max: 1 });
  storage = postgresStorage({ pool: watched(pool, statements), schema });
  await storage.createBusiness(business);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await server.stop();
});

/** Rows of the same business, as months of use leave them. */
async function fill(name: string, from: number, to: number): Promise<void> {
  const series = `generate_series(${from}, ${to}) n`;
  const digest = (letter: string): string => `'${letter}' || lpad(n::text, 63, '0')`;
  await sql(
    server.url,
    `SET search_path = ${name};
     INSERT INTO bursar_businesses VALUES ('biz_1', 'Business', 'live', 'USD', true, 1) ON CONFLICT DO NOTHING;
     INSERT INTO bursar_accounts SELECT 'biz_1', 'user_' || n, 'payout_user', 'USD', true, 0, 0, 5000, 0, 1, 1 FROM ${series};
     INSERT INTO bursar_payout_users SELECT 'biz_1', 'user_' || n, n || '@Example.com', n || '@example.com',
       ${digest('b')}, 0, 'secret_1', 'active', NULL, 1 FROM ${series};
     INSERT INTO bursar_payout_user_digests SELECT ${digest('b')}, 'biz_1', 'user_' || n FROM ${series};
     INSERT INTO bursar_api_keys SELECT 'biz_1', 'key_' || n, 'Server', 'secret', 'live', '["*"]', ${digest('a')}, 'h', 1,
       NULL, NULL, NULL, NULL FROM ${series};
     INSERT INTO bursar_api_key_digests SELECT ${digest('a')}, 'biz_1', 'key_' || n FROM ${series};
     INSERT INTO bursar_transfers SELECT 'biz_1', 'old_' || n, 'outside', 'user_' || n, 5000, 'deposit', 'single', NULL,
       NULL, NULL, NULL, 'c', 'applied', n, 1, 1 FROM ${series}`,
  );
}

let round = 0;

/** Every look-up and both ways of a batch, for 256 rows far apart. */
async function useAll(rows: number): Promise<void> {
  round++;
  const places = Array.from({ length: 256 }, (_, index) => 1 + ((index * 7919) % rows));
  const digits = (place: number): string => String(place).padStart(63, '0');
  const users = places.map((place) => `user_${place}`);
  await storage.findApiKeys(places.map((place) => `a${digits(place)}` as typeof apiKey.digest));
  await storage.findPayoutUsers(places.map((place) => `b${digits(place)}` as typeof apiKey.digest));
  await storage.findPayoutUsersByEmail(
    places.map((place) => ({ businessId, normalizedEmail: `${place}@example.com` })),
  );
  await storage.touchApiKeys(places.map((place) => ({ businessId, id: `key_${place}`, usedAt: round })));
  await storage.findAccounts(users.map((id) => ({ businessId, id })));
  await storage.findTransfers(places.map((place) => ({ businessId, id: `old_${place}` })));
  await storage.listTransfers({ businessId, id: 'user_1', before: null, limit: 100 });
  const conditions = { payoutsEnabled: true };
  const openAccounts = [opening('external'), opening('paid_out')];
  const spends = users.map((id, index) =>
    item(
      `spend_${round}_${index}`,
      { debitAccountId: id, creditAccountId: 'paid_out', phase: 'pending' },
      { conditions: { ...conditions, activePayoutUserId: id }, openAccounts },
    ),
  );
  await storage.applyTransfers(spends);
  const posts = users.map((id, index) => {
    const resolves = { phase: 'post' as const, pendingId: `spend_${round}_${index}` };
    return item(`post_${round}_${index}`, { debitAccountId: id, creditAccountId: 'paid_out', ...resolves });
  });
  await storage.applyTransfers(posts);
  // Known ids and an overdraft: the exact path.
  const overdraw = item(`much_${round}`, {
    debitAccountId: 'paid_out',
    creditAccountId: 'user_1',
    amount: 1e9 as never,
  });
  await storage.applyTransfers([...posts.slice(1), overdraw]);
  const opens = places.slice(0, 64).map((place) => ({
    ...payoutUser,
    id: `new_${round}_${place}`,
    normalizedEmail: `new_${round}_${place}@example.com`,
    digest: `d${round}${digits(place)}`.slice(0, 64) as typeof payoutUser.digest,
  }));
  await storage.openPayoutUsers(opens);
}

describe('on tables that have grown and that nobody has analyzed', () => {
  it('every statement of the hot path probes an index for each element', async () => {
    await fill(schema, 1, 2000);
    await useAll(2000);
    await fill(schema, 2001, ROWS);
    statements.length = 0;
    await useAll(ROWS);
    const asked = statements.filter(({ values }) => values !== undefined);
    expect(asked.length).toBeGreaterThan(12);
    for (const statement of asked) {
      expect({ statement: statement.text, read: await tablesRead(pool, statement) }).toMatchObject({ read: [] });
    }
  }, 120_000);

  it('a batch touches hardly more blocks than on small ones', async () => {
    const small = await opened(freshSchema(), 1000);
    const few = await blocksOfBatch(small, 1000);
    const many = await blocksOfBatch(schema, ROWS);
    expect(few).toBeGreaterThan(1000);
    // Blocks do not depend on what else the machine does. Deeper indexes cost a block more a probe.
    expect(many / few).toBeLessThan(1.5);
  }, 60_000);
});

async function opened(name: string, rows: number): Promise<string> {
  await (await openPostgresStorage({ connectionString: server.url, schema: name })).close();
  await fill(name, 1, rows);
  return name;
}

/** The blocks that the statement of a batch of payments asks for, the hot account among the accounts of many users. */
async function blocksOfBatch(name: string, rows: number): Promise<number> {
  const there = postgresStorage({ pool: watched(pool, statements), schema: name });
  await there.applyTransfers([item(`first_${name}`)]);
  const pay = async (batch: number): Promise<void> => {
    const pays = Array.from({ length: 256 }, (_, index) => {
      const debitAccountId = `user_${1 + ((index * 7919) % rows)}`;
      return item(`pay_${batch}_${index}`, { debitAccountId, creditAccountId: 'payout_balance' }, { openAccounts: [] });
    });
    await there.applyTransfers(pays);
  };
  await pay(1);
  statements.length = 0;
  await pay(2);
  const [statement] = statements;
  const again = statement?.values?.map((value) => String(value).replaceAll('pay_2_', 'pay_3_'));
  // The clock is the database's, which is told by NULL.
  again?.splice(0, 1, null as never);
  const { rows: plans } = await pool.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement?.text}`,
    again,
  );
  const plan = plans[0]?.['QUERY PLAN'][0].Plan;
  return (plan?.['Shared Hit Blocks'] ?? Number.NaN) + (plan?.['Shared Read Blocks'] ?? Number.NaN);
}
