import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DatabaseLike, sqliteStorage } from '../src/index.js';
import { auditEntry, business, businessId, changeItem, endpoint, item, withdrawalItem } from './sample.js';
import { temporaryFile } from './temporary.js';

/** A storage, its database, and each statement that it prepares. */
function opened() {
  let time = 1000;
  const database = new Database(temporaryFile());
  onTestFinished(() => {
    database.close();
  });
  const prepared = new Set<string>();
  const recording: DatabaseLike = {
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      prepared.add(sql);
      return database.prepare(sql);
    },
  };
  const storage = sqliteStorage({ database: recording, now: () => time });
  return { database, prepared, storage, setTime: (now: number) => (time = now) };
}

type Opened = ReturnType<typeof opened>;

const usage = { businessId, day: '2026-01-01', credential: 'key_1', route: 'GET /balance', status: 200, requests: 1 };
const deliveries = { businessId, endpointId: null, status: null, before: null, limit: 10 };
const [eventId, endpointId] = ['evt_wd_w_1_0', 'hook'];

/** Asks for everything that webhooks, audit, usage, documents and forgetting have, on rows that are there. */
async function useAll({ storage }: Opened): Promise<void> {
  await storage.createBusiness(business);
  await storage.insertWebhookEndpoint(endpoint(endpointId));
  await storage.changeWebhookEndpoint({ businessId, id: endpointId, expectedVersion: 0, description: 'Ours' });
  await storage.applyTransfers([item('t_1'), { ...withdrawalItem('w_1'), recordEvents: true }]);
  await storage.applyTransfers([changeItem('w_1', 0, { status: 'failed' })]);
  await storage.findEvents([{ businessId, id: eventId }]);
  await storage.listEvents({ businessId, before: null, limit: 10 });
  await storage.listUndispatchedEvents(10);
  await storage.dispatchEvents([{ businessId, id: eventId, endpointIds: [endpointId] }]);
  await storage.takeDueDeliveries(10, 60);
  const ended = { status: 'failed', dueInSeconds: null, responseStatus: 500, error: 'no' } as const;
  await storage.finishDelivery({ businessId, endpointId, eventId, expectedAttempts: 1, ...ended });
  await storage.resendDelivery(businessId, endpointId, eventId);
  for (const filter of [{}, { endpointId }, { status: 'pending' }] as const)
    await storage.listDeliveries({ ...deliveries, ...filter });
  await storage.listWebhookEndpoints(businessId);
  await storage.appendAudit([auditEntry('a_1'), auditEntry('a_2')]);
  for (const order of ['ascending', 'descending'] as const)
    await storage.listAudit({ businessId, order, from: null, limit: 10 });
  await storage.addUsage([usage, usage]);
  await storage.listUsage(businessId, '2026-01-01', '2026-01-31');
  await storage.sumUsage(businessId, '2026-01-01', '2026-01-31');
  const document = { owner: businessId, collection: 'a', id: 'd_1' };
  await storage.putDocument({ ...document, expectedVersion: null, body: {}, expiresInSeconds: 1 });
  await storage.findDocuments([document]);
  await storage.listDocuments({ ...document, after: null, limit: 10 });
  await storage.deleteDocument(document, 0);
  await storage.deleteExpiredDocuments(10);
  await storage.listDestinationSecretIds();
  await storage.listWebhookSecretIds();
  await storage.forgetDestinations(0, 10);
  await storage.deleteWebhookEndpoint(businessId, endpointId);
}

describe('the statements about webhooks, audit, usage, documents and forgetting', () => {
  it('find their rows by an index, and in its order', async () => {
    const all = opened();
    await useAll(all);
    const asked = [...all.prepared].filter((sql) =>
      /^(SELECT|UPDATE|DELETE|INSERT|WITH).*bursar_(event|delivery|deliveries|webhook|audit|usage|document|withdrawal)/s.test(
        sql,
      ),
    );
    expect(asked.length).toBeGreaterThan(25);
    for (const sql of asked) {
      const nothing = Array.from(sql.matchAll(/\?/g), () => null);
      const plan = all.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...nothing) as { readonly detail: string }[];
      const read = plan
        .map(({ detail }) => detail)
        .filter((detail) => /\bSCAN\b(?! ids|.CONSTANT)|TEMP B-TREE/.test(detail));
      expect({ sql, read }).toEqual({ sql, read: [] });
    }
  });

  it('refuse a count below one, and a sum beyond 2^53 - 1, with all that came with it', async () => {
    const { storage } = opened();
    const most = { ...usage, requests: Number.MAX_SAFE_INTEGER };
    for (const wrong of [0, -1, 0.5, Number.NaN])
      expect(() => storage.addUsage([usage, { ...usage, requests: wrong }])).toThrow('nothing was added');
    expect(() => storage.addUsage([usage, most])).toThrow('nothing was changed');
    expect(await storage.listUsage(businessId, '', '9')).toEqual([]);
  });
});

describe('the tables of webhooks and audit, as a second guard', () => {
  it.each([
    ['a changed event', `UPDATE bursar_events SET subject_id = 'nobody'`],
    ['an event that is dispatched again', 'UPDATE bursar_events SET dispatched = 1'],
    ['an event that was never dispatched', 'UPDATE bursar_events SET dispatched = 0'],
    ['a deleted event', 'DELETE FROM bursar_events'],
    ['a changed entry of the audit log', `UPDATE bursar_audit_log SET outcome = 'ok'`],
    ['a deleted entry of the audit log', 'DELETE FROM bursar_audit_log'],
    ['a delivery of no event', `UPDATE bursar_deliveries SET event_id = 'none'`],
    ['a delivery that is due after its end', 'UPDATE bursar_deliveries SET due_at = 1'],
    ['an endpoint of no business', `UPDATE bursar_webhook_endpoints SET business_id = 'none'`],
    ['another destination', `UPDATE bursar_withdrawals SET destination = 'elsewhere'`],
    ['another secret', `UPDATE bursar_withdrawals SET destination_secret_id = 'another'`],
  ])('refuse %s, whoever writes it', async (_case, sql) => {
    const all = opened();
    await useAll(all);
    await all.storage.insertWebhookEndpoint(endpoint('another'));
    expect(() => all.database.exec(sql)).toThrow();
  });

  it('refuse to forget the destination of a withdrawal that is open', async () => {
    const { database, storage } = opened();
    await storage.applyTransfers([item('t_1'), withdrawalItem('w_1')]);
    expect(() => database.exec(`UPDATE bursar_withdrawals SET destination = ''`)).toThrow('only when');
    expect(await storage.findWithdrawals([{ businessId, id: 'w_1' }])).toMatchObject([{ destination: 'sealed' }]);
  });
});

describe('a worker that looks for what is due', () => {
  it('does not step over what waits for an earlier delivery or for its endpoint', async () => {
    const { database, storage, setTime } = opened();
    const looked = () =>
      database.prepare('SELECT event_id FROM bursar_deliveries WHERE take_at <= ? ORDER BY take_at').pluck();
    const told = (item: ReturnType<typeof withdrawalItem>) => ({ ...item, recordEvents: true });
    await storage.createBusiness(business);
    await storage.insertWebhookEndpoint(endpoint('hook'));
    await storage.applyTransfers([item('t_1'), told(withdrawalItem('w_1'))]);
    await storage.applyTransfers([told(changeItem('w_1', 0, { status: 'processing' }))]);
    const [first, second] = (await storage.listUndispatchedEvents(10)).map(({ id }) => id);
    const dispatches = [first, second].map((id = '') => ({ businessId, id, endpointIds: ['hook'] }));
    await storage.dispatchEvents(dispatches);
    expect(await storage.takeDueDeliveries(10, 60)).toMatchObject([{ eventId: first }]);
    const ref = { businessId, endpointId: 'hook', eventId: first ?? '' };
    const failed = { status: 'pending', dueInSeconds: 600, responseStatus: 500, error: null } as const;
    await storage.finishDelivery({ ...ref, expectedAttempts: 1, ...failed });
    expect(looked().all(1000)).toEqual([]);
    const change = { businessId, id: 'hook' };
    await storage.changeWebhookEndpoint({ ...change, expectedVersion: 0, status: 'disabled' });
    setTime(10_000_000);
    expect(looked().all(10_000_000)).toEqual([]);
    await storage.changeWebhookEndpoint({ ...change, expectedVersion: 1, status: 'enabled' });
    expect(await storage.takeDueDeliveries(10, 60)).toMatchObject([{ eventId: first }]);
    await storage.finishDelivery({ ...ref, expectedAttempts: 2, ...failed, status: 'succeeded' });
    expect(looked().all(10_000_000)).toEqual([second]);
    expect(await storage.takeDueDeliveries(10, 60)).toMatchObject([{ eventId: second, dueAt: 10_060_000 }]);
  });
});

describe('events in SQLite', () => {
  it('are told in the order in which they were written where the clock went back', async () => {
    const { storage, setTime } = opened();
    const told = (item: ReturnType<typeof withdrawalItem>) => ({ ...item, recordEvents: true });
    await storage.applyTransfers([item('t_1'), told(withdrawalItem('w_1'))]);
    setTime(10);
    await storage.applyTransfers([told(changeItem('w_1', 0, { status: 'processing' }))]);
    expect((await storage.listUndispatchedEvents(10)).map(({ place }) => place)).toEqual([0, 1]);
  });
});
