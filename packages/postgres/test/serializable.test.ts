import type { BursarStorage } from '@bursar/payouts/storage';
import { testStorage } from '@bursar/storage-testkit';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStorage } from '../src/index.js';
import { freshSchema, type Server, sql, startServer } from './server.js';

let server: Server;
beforeAll(async () => {
  server = await startServer();
  // A role like this keeps the fast statement from being used: the exact path alone has to keep every promise.
  await sql(server.url, `ALTER ROLE owner SET default_transaction_isolation = 'serializable'`);
}, 60_000);
// After so many schemas there is much to write out.
afterAll(() => server.stop(), 60_000);

const schemas = new Map<BursarStorage, string>();

async function opened(schema: string, now: () => number): Promise<BursarStorage> {
  const storage = await openPostgresStorage({ connectionString: server.url, schema, now });
  schemas.set(storage, schema);
  return storage;
}

testStorage({
  name: 'under a role whose transactions are serializable unless they say otherwise',
  create: ({ now }) => opened(freshSchema(), now),
  async destroy(storage) {
    await storage.close();
    await sql(server.url, `DROP SCHEMA ${schemas.get(storage)} CASCADE`);
  },
  async reopen(storage, { now }) {
    await storage.close();
    return opened(schemas.get(storage) ?? '', now);
  },
  share: (storage, { now }) => opened(schemas.get(storage) ?? '', now),
});
