import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStorage, type PostgresStorage, postgresStorage, type StatementLike } from '../src/index.js';
import { planOf, tablesRead, watched } from './plans.js';
import { auditEntry, businessId, changeItem, endpoint, item, withdrawalItem } from './sample.js';
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

/** Events that were told long ago, and what they left: a few are open. */
async function fill(): Promise<void> {
  const series = `generate_series(1, ${ROWS}) n`;
  const later = 4_000_000_000_000;
  await sql(
    server.url,
    `SET search_path = ${schema};
     INSERT INTO bursar_businesses VALUES ('biz_1', 'Business', 'live', 'USD', true, 1);
     INSERT INTO bursar_webhook_endpoints SELECT 'biz_1', 'hook_' || n, 'https://example.com', NULL, NULL, '[]', 'enabled',
       NULL, NULL, 0, 1 FROM generate_series(0, 9) n;
     INSERT INTO bursar_webhook_secrets SELECT 'biz_1', 'hook_' || n, 'secret_1', n FROM ${series};
     INSERT INTO bursar_events SELECT 'biz_1', 'e_' || n, 'withdrawal.created', 'w_' || n / 2, n % 2, NULL, n,
       n % 1000 <> 0 FROM ${series};
     INSERT INTO bursar_deliveries SELECT 'biz_1', 'hook_' || n % 10, 'e_' || n, 'w_' || n / 2, n % 2,
       CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'succeeded' END, 1, CASE WHEN n % 100 = 0 THEN ${later} + n END,
       CASE WHEN n % 100 = 0 THEN ${later} + n END, 200,
       NULL, n, n FROM ${series};
     INSERT INTO bursar_audit_log SELECT 'biz_1', n, 'a_' || n, 'system', 'worker', 'payout.create', NULL, NULL, NULL, 'ok',
       NULL, n, repeat('0', 64), lpad(n::text, 64, '0') FROM ${series};
     INSERT INTO bursar_usage SELECT 'biz_1', '2026-01-01', 'key_' || n, 'GET /balance', 200, 1 FROM ${series};
     INSERT INTO bursar_documents SELECT 'biz_1', 'a', 'd_' || n, 0, '{}', CASE WHEN n % 100 = 0 THEN ${later} + n END, n, n
       FROM ${series};
     INSERT INTO bursar_accounts VALUES ('biz_1', 'paid_out', 'paid_out', 'USD', true, 0, 0, 0, 0, ${ROWS}, 1);
     INSERT INTO bursar_transfers SELECT 'biz_1', 'w_' || n, 'user', 'paid_out', 5, 'withdrawal', 'pending', NULL, NULL,
       NULL, NULL, 'c', 'applied', n, n, 1 FROM ${series};
     INSERT INTO bursar_withdrawals SELECT 'biz_1', 'w_' || n, n, 'user', 'bank', 5, 0, 'USD', 'sealed', 'a…', 'succeeded',
       1, NULL, NULL, NULL, 'system', 0, NULL, NULL, 1, ${later} + n, 'secret_1', 'sealed' FROM ${series}`,
  );
}

/** The statements that a call sends. */
async function statementsOf(call: () => unknown): Promise<StatementLike[]> {
  statements.length = 0;
  await call();
  return statements.filter(({ values }) => values !== undefined);
}

const deliveries = { businessId, endpointId: null, status: null, before: null, limit: 100 };

describe('on tables of webhooks, audit, usage and documents that have grown and that nobody has analyzed', () => {
  it.each([
    ['due deliveries', () => storage.takeDueDeliveries(100, 60), 'bursar_deliveries_take', 'take_at <='],
    ['expired documents', () => storage.deleteExpiredDocuments(100), 'bursar_documents_expired', 'expires_at <='],
    ['old destinations', () => storage.forgetDestinations(60, 100), 'bursar_withdrawals_forgettable', 'updated_at <='],
  ])("%s are cut off by the database's clock in the index", async (_what, call, index, condition) => {
    const [statement, ...more] = await statementsOf(call);
    if (statement === undefined || more.length > 0) throw new Error('one statement was to be sent');
    const plan = await planOf(pool, statement);
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort');
    // As a filter it would be asked of every row that is not due yet.
    expect(plan.find((node) => node['Index Name'] === index)?.['Index Cond']).toContain(condition);
  });

  it('undispatched events are read along their index', async () => {
    const [statement] = await statementsOf(() => storage.listUndispatchedEvents(100));
    const plan = await planOf(pool, statement as StatementLike);
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort');
    expect(plan.map((node) => node['Index Name'])).toContain('bursar_events_undispatched');
  });

  it('every statement about them probes an index for each element', async () => {
    const places = Array.from({ length: 256 }, (_, index) => 1 + ((index * 397) % ROWS));
    const events = places.map((place) => ({ businessId, id: `e_${place}` }));
    const asked = await statementsOf(async () => {
      await storage.findEvents(events);
      await storage.listEvents({ businessId, before: { createdAt: 500, id: 'e_500' }, limit: 100 });
      await storage.listUndispatchedEvents(100);
      await storage.dispatchEvents(['e_1000', 'e_2000'].map((id) => ({ businessId, id, endpointIds: ['hook_1'] })));
      await storage.takeDueDeliveries(100, 60);
      const taken = { businessId, endpointId: 'hook_1', eventId: 'e_1000', expectedAttempts: 1 };
      await storage.finishDelivery({
        ...taken,
        status: 'failed',
        dueInSeconds: null,
        responseStatus: 500,
        error: null,
      });
      await storage.resendDelivery(businessId, 'hook_7', 'e_7');
      for (const filter of [{}, { endpointId: 'hook_7' }, { status: 'pending' }] as const)
        await storage.listDeliveries({ ...deliveries, ...filter });
      await storage.insertWebhookEndpoint(endpoint('own'));
      await storage.changeWebhookEndpoint({ businessId, id: 'own', expectedVersion: 0, url: 'https://example.org' });
      await storage.deleteWebhookEndpoint(businessId, 'hook_9');
      await storage.appendAudit(places.map((place) => auditEntry(`a_${place}`)));
      await storage.appendAudit([auditEntry('new')]);
      for (const order of ['ascending', 'descending'] as const)
        await storage.listAudit({ businessId, order, from: 7, limit: 100 });
      const usage = { businessId, day: '2026-01-01', route: 'GET /balance', status: 200, requests: 1 };
      await storage.addUsage(places.map((place) => ({ ...usage, credential: `key_${place}` })));
      await storage.listUsage(businessId, '2026-01-02', '2026-01-03');
      await storage.sumUsage(businessId, '2026-01-02', '2026-01-03');
      const documents = places.map((place) => ({ owner: 'biz_1', collection: 'a', id: `d_${place}` }));
      await storage.findDocuments(documents);
      const [one = { owner: '', collection: 'a', id: 'none' }] = documents;
      for (const expectedVersion of [null, 0])
        await storage.putDocument({ ...one, expectedVersion, body: {}, expiresInSeconds: null });
      await storage.listDocuments({ ...one, after: 'd_5', limit: 100 });
      await storage.deleteDocument(one, 1);
      await storage.forgetDestinations(60, 100);
      await storage.listDestinationSecretIds();
      await storage.listWebhookSecretIds();
      await storage.applyTransfers([
        { ...item('t_1'), recordEvents: true },
        { ...withdrawalItem('own'), recordEvents: true },
      ]);
      await storage.applyTransfers([{ ...changeItem('own', 0, { status: 'processing' }), recordEvents: true }]);
    });
    for (const name of ['deliveries', 'events', 'webhook_endpoints', 'audit_log', 'audit_locks', 'usage', 'documents'])
      expect(asked.filter(({ text }) => text.includes(`bursar_${name}`)).length).toBeGreaterThan(1);
    for (const statement of asked)
      expect({ statement: statement.text, read: await tablesRead(pool, statement) }).toMatchObject({ read: [] });
  }, 60_000);
});

describe('on tables of webhooks that the server has counted', () => {
  beforeAll(() => sql(server.url, `ANALYZE ${schema}.bursar_deliveries, ${schema}.bursar_events`));

  it.each([
    ['the endpoint', { endpointId: 'hook_7' }, 'bursar_deliveries_endpoint'],
    ['the status', { status: 'pending' }, 'bursar_deliveries_status'],
    ['nothing', {}, 'bursar_deliveries_list'],
  ] as const)(
    'a list of deliveries by %s follows the index for it, and sorts nothing',
    async (_what, filter, index) => {
      const before = { createdAt: 500, eventId: 'e_500', endpointId: 'hook_0' };
      const [statement] = await statementsOf(() => storage.listDeliveries({ ...deliveries, ...filter, before }));
      const plan = await planOf(pool, statement as StatementLike);
      expect(plan.map((node) => node['Node Type'])).toEqual(['Limit', expect.stringContaining('Index Scan')]);
      expect(plan[1]).toMatchObject({ 'Index Name': index, 'Index Cond': expect.stringContaining('created_at') });
    },
  );
});
