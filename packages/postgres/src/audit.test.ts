import type { BusinessId } from '@bursar/core/storage';
import { chainAuditEntry } from '@bursar/payouts/storage';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { auditEntry, businessId } from '../test/sample.js';
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
  const pool = poolAt(server.url, { max: 1 });
  onTestFinished(async () => {
    await pool.end();
    await storage.close();
  });
  return { schema, storage, pool };
}

const whole = { businessId, order: 'ascending', from: null, limit: 1000 } as const;

describe('the audit log in PostgreSQL', () => {
  it.each([
    ['the first entry of a business', []],
    ['a later one', [auditEntry('a_0')]],
  ])('a neighbour that adds %s is waited for, and then followed', async (_case, before) => {
    const { schema, storage, pool } = await opened();
    await storage.appendAudit(before);
    const neighbour = await pool.connect();
    await neighbour.query('BEGIN');
    const mine = postgresStorage({ pool, schema }).within(neighbour);
    await mine.appendAudit([auditEntry('a_1')]);
    const added = storage.appendAudit([auditEntry('a_2')]);
    await waitsForLock(neighbour);
    await neighbour.query('COMMIT');
    neighbour.release();
    const [last] = await added;
    const entries = await storage.listAudit(whole);
    expect(entries.at(-1)).toEqual(last);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
    expect(entries).toEqual(
      entries.map((entry, index) => chainAuditEntry(entries[index - 1] ?? null, entry, entry.createdAt)),
    );
  });

  it("what the host's transaction adds goes with it, and leaves no gap", async () => {
    const { schema, storage, pool } = await opened();
    const client = await pool.connect();
    await client.query('BEGIN');
    await postgresStorage({ pool, schema })
      .within(client)
      .appendAudit([auditEntry('a_1')]);
    await client.query('ROLLBACK');
    client.release();
    expect(await storage.appendAudit([auditEntry('a_2')])).toMatchObject([{ sequence: 1 }]);
  });

  it('processes that add to the same businesses in other orders never wait in a circle', async () => {
    const { storage } = await opened();
    const ids = ['biz_1', 'biz_2', 'biz_3'] as BusinessId[];
    const entries = (round: number) => ids.map((id) => auditEntry(`a_${round}`, { businessId: id }));
    const rounds = Array.from({ length: 8 }, (_, round) =>
      round % 2 === 0 ? entries(round) : entries(round).reverse(),
    );
    await Promise.all(rounds.map((round) => storage.appendAudit(round)));
    for (const id of ids)
      expect((await storage.listAudit({ ...whole, businessId: id })).map(({ sequence }) => sequence)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8,
      ]);
  });

  it('a text that PostgreSQL cannot keep spoils neither the entries beside it nor the chain', async () => {
    const { storage } = await opened();
    const odd = { target: 'a\0b\uD83D', details: { note: '\0\uD83D' } };
    const kept = await storage.appendAudit([auditEntry('a_1', odd), auditEntry('a_2')]);
    expect(await storage.listAudit(whole)).toEqual(kept);
  });

  it('the tables refuse an entry at a place that is taken, whoever writes it', async () => {
    const { schema, storage } = await opened();
    await storage.appendAudit([auditEntry('a_1')]);
    const again = `INSERT INTO ${schema}.bursar_audit_log SELECT business_id, sequence, 'a_2', actor_type, actor_id, action,
      target, address, request_id, outcome, details, created_at, previous_hash, hash FROM ${schema}.bursar_audit_log`;
    await expect(sql(server.url, again)).rejects.toThrow('bursar_audit_log_pkey');
  });
});
