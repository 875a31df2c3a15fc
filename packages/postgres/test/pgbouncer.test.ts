import type { BursarStorage } from '@bursar/payouts/storage';
import { testStorage } from '@bursar/storage-testkit';
import { afterAll, beforeAll, it } from 'vitest';
import { openPostgresStorage } from '../src/index.js';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from './pgbouncer.js';
import { freshSchema, type Server, sql, startServer } from './server.js';

let server: Server;
let bouncer: PgBouncer;
const schemas = new Map<BursarStorage, string>();

async function opened(schema: string, now: () => number): Promise<BursarStorage> {
  const storage = await openPostgresStorage({ connectionString: bouncer.url, schema, now });
  schemas.set(storage, schema);
  return storage;
}

function testThroughPgBouncer(): void {
  beforeAll(async () => {
    server = await startServer();
    // Fewer connections than the clients have, so that each transaction gets another one.
    bouncer = await startPgBouncer(server, 4);
  }, 60_000);
  afterAll(async () => {
    await bouncer.stop();
    await server.stop();
  }, 60_000);

  testStorage({
    name: 'through PgBouncer in transaction mode',
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
}

if (hasPgBouncer) testThroughPgBouncer();
else {
  it('passes the whole suite through PgBouncer in transaction mode', (context) => {
    context.skip(
      'PgBouncer is not installed: to have this run, "apt-get install pgbouncer" or "brew install pgbouncer"',
    );
  });
}
