import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freshSchema, poolAt, type Server, sql, startServer, waitsForLock } from '../test/server.js';
import { openPostgresStorage } from './index.js';

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
  return { schema, storage, client: await pool.connect() };
}

const ref = { owner: 'biz_1', collection: 'sessions', id: 'one' };
const put = { ...ref, expectedVersion: null, body: { made: true }, expiresInSeconds: 3600 };

describe('documents in PostgreSQL', () => {
  it("expire by the database's clock where no other is given", async () => {
    const { schema, storage, client } = await opened();
    client.release();
    const before = Date.now();
    const made = await storage.putDocument(put);
    const expiresAt = made.document?.expiresAt ?? 0;
    // The server runs on this machine.
    expect(expiresAt).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(await storage.findDocuments([ref])).toEqual([made.document]);
    expect(await storage.deleteExpiredDocuments(10)).toBe(0);
    await sql(server.url, `UPDATE ${schema}.bursar_documents SET expires_at = ${before - 1}`);
    expect(await storage.findDocuments([ref])).toEqual([undefined]);
    expect(await storage.listDocuments({ ...ref, after: null, limit: 10 })).toEqual([]);
    expect(await storage.deleteDocument(ref, 0)).toBe(false);
    expect(await storage.deleteExpiredDocuments(10)).toBe(1);
    expect(await sql(server.url, `SELECT FROM ${schema}.bursar_documents`)).toEqual([]);
  });

  it.each([
    ['made', null],
    ['changed', 0],
  ])('that a neighbour has %s are waited for, and then are there', async (_what, expectedVersion) => {
    const { storage, client } = await opened();
    if (expectedVersion !== null) await storage.putDocument(put);
    await client.query('BEGIN');
    const mine = await storage.within(client).putDocument({ ...put, expectedVersion });
    const late = storage.putDocument({ ...put, expectedVersion, body: { late: true } });
    await waitsForLock(client);
    await client.query('COMMIT');
    client.release();
    expect(mine.status).toBe('kept');
    expect(await late).toEqual({ status: 'version_changed', document: mine.document });
  });

  it("change within the host's transaction, or not at all", async () => {
    const { storage, client } = await opened();
    const { document } = await storage.putDocument(put);
    const mine = storage.within(client);
    await client.query('BEGIN');
    expect(await mine.putDocument({ ...put, expectedVersion: 0 })).toMatchObject({ status: 'kept' });
    expect(await mine.deleteDocument(ref, 1)).toBe(true);
    expect(await mine.findDocuments([ref])).toEqual([undefined]);
    await client.query('ROLLBACK');
    client.release();
    expect(await storage.findDocuments([ref])).toEqual([document]);
  });
});
