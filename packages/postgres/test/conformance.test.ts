import type { BursarStorage } from '@bursar/payouts/storage';
import { testStorage } from '@bursar/storage-testkit';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStorage } from '../src/index.js';
import { freshSchema, type Server, sql, startServer } from './server.js';

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

const schemas = new Map<BursarStorage, string>();

async function opened(schema: string, now: () => number): Promise<BursarStorage> {
  const storage = await openPostgresStorage({ connectionString: server.url, schema, now });
  schemas.set(storage, schema);
  return storage;
}

function schemaOf(storage: BursarStorage): string {
  const schema = schemas.get(storage);
  if (schema === undefined) throw new Error('this storage was not opened here');
  return schema;
}

testStorage({
  name: 'openPostgresStorage',
  create: ({ now }) => opened(freshSchema(), now),
  async destroy(storage) {
    await storage.close();
    await sql(server.url, `DROP SCHEMA ${schemaOf(storage)} CASCADE`);
  },
  async reopen(storage, { now }) {
    await storage.close();
    return opened(schemaOf(storage), now);
  },
  share: (storage, { now }) => opened(schemaOf(storage), now),
});
