import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { business, businessId, changeItem, endpoint, item, withdrawalItem } from '../test/sample.js';
import { freshSchema, poolAt, type Server, sql, startServer, waitsForLock } from '../test/server.js';
import { openPostgresStorage, postgresStorage } from './index.js';

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

async function opened() {
  const schema = freshSchema();
  const storage = await openPostgresStorage({ connectionString: server.url, schema });
  const pool = poolAt(server.url, { max: 2 });
  onTestFinished(async () => {
    await pool.end();
    await storage.close();
  });
  await storage.createBusiness(business);
  await storage.insertWebhookEndpoint(endpoint('hook'));
  await storage.applyTransfers([
    item('t_1'),
    { ...withdrawalItem('w_1'), recordEvents: true },
    { ...withdrawalItem('w_2'), recordEvents: true },
  ]);
  return { schema, storage, pool };
}

const [first, second] = ['evt_wd_w_1_0', 'evt_wd_w_2_0'].map((id) => ({ businessId, id, endpointIds: ['hook'] }));
const everything = { businessId, endpointId: null, status: null, before: null, limit: 10 };

describe('deliveries in PostgreSQL', () => {
  it('that another worker is taking are passed over, not waited for', async () => {
    const { schema, storage, pool } = await opened();
    await storage.dispatchEvents([first, second].flatMap((event) => event ?? []));
    const neighbour = await pool.connect();
    await neighbour.query('BEGIN');
    await neighbour.query(`SELECT FROM ${schema}.bursar_deliveries WHERE event_id = $1 FOR UPDATE`, [first?.id]);
    expect((await storage.takeDueDeliveries(10, 60)).map(({ eventId }) => eventId)).toEqual([second?.id]);
    await neighbour.query('COMMIT');
    neighbour.release();
    expect((await storage.takeDueDeliveries(10, 60)).map(({ eventId }) => eventId)).toEqual([first?.id]);
    expect(await storage.takeDueDeliveries(10, 60)).toEqual([]);
  });

  it('are not opened to an endpoint that is deleted meanwhile', async () => {
    const { schema, storage, pool } = await opened();
    const neighbour = await pool.connect();
    await neighbour.query('BEGIN');
    await postgresStorage({ pool, schema }).within(neighbour).deleteWebhookEndpoint(businessId, 'hook');
    const dispatched = storage.dispatchEvents([first ?? { businessId, id: '', endpointIds: [] }]);
    await waitsForLock(neighbour);
    await neighbour.query('COMMIT');
    neighbour.release();
    await dispatched;
    expect(await storage.listDeliveries(everything)).toEqual([]);
    expect((await storage.listUndispatchedEvents(10)).map(({ id }) => id)).toEqual([second?.id]);
  });

  it('of an endpoint that is deleted are cancelled, also those that were being opened', async () => {
    const { schema, storage, pool } = await opened();
    const neighbour = await pool.connect();
    await neighbour.query('BEGIN');
    await postgresStorage({ pool, schema })
      .within(neighbour)
      .dispatchEvents([first ?? { businessId, id: '', endpointIds: [] }]);
    const deleted = storage.deleteWebhookEndpoint(businessId, 'hook');
    await waitsForLock(neighbour);
    await neighbour.query('COMMIT');
    neighbour.release();
    expect(await deleted).toBe(true);
    expect(await storage.listDeliveries(everything)).toMatchObject([{ status: 'cancelled', dueAt: null }]);
  });

  it('of an endpoint that is deleted are cancelled in parts, however many there are', async () => {
    const { schema, storage } = await opened();
    await sql(
      server.url,
      `SET search_path = ${schema};
       INSERT INTO bursar_events SELECT 'biz_1', 'e_' || n, 'withdrawal.created', 's_' || n / 2, n % 2, NULL, n, true
         FROM generate_series(1, 10002) n;
       INSERT INTO bursar_deliveries SELECT 'biz_1', CASE WHEN n < 10002 THEN 'hook' ELSE 'other' END, 'e_' || n,
         's_' || n / 2, n % 2, 'pending', 1, n, n, NULL, NULL, n, n FROM generate_series(1, 10002) n`,
    );
    expect(await storage.deleteWebhookEndpoint(businessId, 'hook')).toBe(true);
    const left = await sql(
      server.url,
      `SELECT endpoint_id, status, due_at, take_at, count(*)::int FROM ${schema}.bursar_deliveries
       GROUP BY 1, 2, 3, 4 ORDER BY 1`,
    );
    expect(left).toMatchObject([
      { endpoint_id: 'hook', status: 'cancelled', due_at: null, take_at: null, count: 10_001 },
      { endpoint_id: 'other', status: 'pending', count: 1 },
    ]);
  });

  it('that wait for an earlier one are not stepped over by each worker', async () => {
    const { schema, storage } = await opened();
    const looked = async () =>
      (
        await sql<{ event_id: string }>(
          server.url,
          `SELECT event_id FROM ${schema}.bursar_deliveries
           WHERE take_at <= extract(epoch FROM clock_timestamp()) * 1000 ORDER BY take_at`,
        )
      ).map(({ event_id }) => event_id);
    await storage.applyTransfers([{ ...changeItem('w_1', 0, { status: 'processing' }), recordEvents: true }]);
    const [earlier, later] = ['evt_wd_w_1_0', 'evt_wd_w_1_1'] as const;
    await storage.dispatchEvents([earlier, later].map((id) => ({ businessId, id, endpointIds: ['hook'] })));
    const ref = { businessId, endpointId: 'hook', eventId: earlier };
    const failed = { status: 'pending', dueInSeconds: 3600, responseStatus: 500, error: null } as const;
    expect(await storage.takeDueDeliveries(10, 60)).toMatchObject([{ eventId: earlier }]);
    await storage.finishDelivery({ ...ref, expectedAttempts: 1, ...failed });
    expect(await looked()).toEqual([]);
    // Tried again at once, and answered.
    await storage.resendDelivery(businessId, 'hook', earlier);
    expect(await storage.takeDueDeliveries(10, 60)).toMatchObject([{ eventId: earlier }]);
    await storage.finishDelivery({ ...ref, expectedAttempts: 1, ...failed, status: 'succeeded' });
    expect(await looked()).toEqual([later]);
    expect(await storage.takeDueDeliveries(10, 60)).toMatchObject([{ eventId: later }]);
  });

  it("and events of the host's transaction go with it", async () => {
    const { schema, storage, pool } = await opened();
    const client = await pool.connect();
    const mine = postgresStorage({ pool, schema }).within(client);
    await client.query('BEGIN');
    await mine.applyTransfers([{ ...withdrawalItem('w_3'), recordEvents: true }]);
    expect(await mine.listUndispatchedEvents(10)).toHaveLength(3);
    await mine.dispatchEvents([first, second].flatMap((event) => event ?? []));
    expect(await mine.takeDueDeliveries(1, 60)).toHaveLength(1);
    await mine.insertWebhookEndpoint(endpoint('another'));
    await client.query('ROLLBACK');
    client.release();
    expect(await storage.listUndispatchedEvents(10)).toHaveLength(2);
    expect(await storage.listDeliveries(everything)).toEqual([]);
    expect((await storage.listWebhookEndpoints(businessId)).map(({ id }) => id)).toEqual(['hook']);
  });
});

describe('events in PostgreSQL', () => {
  it('of a subject are told by place where the clock of the server went back', async () => {
    const { schema, storage } = await opened();
    const later = (id: string, place: number, time: number): string =>
      `('biz_1', '${id}', 'withdrawal.processing', 'w_1', ${place}, NULL, ${time})`;
    await sql(
      server.url,
      `INSERT INTO ${schema}.bursar_events VALUES ${later('early', 1, 1)}, ${later('earlier', 2, 0)}`,
    );
    const told: string[] = [];
    for (;;) {
      const [event] = await storage.listUndispatchedEvents(1);
      if (event === undefined) break;
      told.push(event.id);
      await storage.dispatchEvents([{ businessId, id: event.id, endpointIds: [] }]);
    }
    expect(told.filter((id) => id !== second?.id)).toEqual([first?.id, 'early', 'earlier']);
  });
});

describe('the tables of webhooks, as a second guard', () => {
  it.each([
    ['a delivery of no event', `UPDATE bursar_deliveries SET event_id = 'none'`],
    ['a pending delivery that is never due', 'UPDATE bursar_deliveries SET due_at = NULL'],
    ['a delivery that is due after its end', `UPDATE bursar_deliveries SET status = 'failed'`],
    ['an endpoint of no business', `UPDATE bursar_webhook_endpoints SET business_id = 'none'`],
  ])('refuse %s, whoever writes it', async (_case, statement) => {
    const { schema, storage } = await opened();
    await storage.dispatchEvents([first ?? { businessId, id: '', endpointIds: [] }]);
    await expect(sql(server.url, `SET search_path = ${schema}; ${statement}`)).rejects.toThrow(/constraint/);
  });
});
