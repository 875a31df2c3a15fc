/** The lists of `lists.ts` on PostgreSQL, as it is installed. `BENCH_USERS` makes it smaller. */
import pg from 'pg';
import { startServer } from '../packages/postgres/test/server.js';
import { LARGE } from './side-by-side/growth.js';
import { fillLists } from './side-by-side/list-rows.js';
import { measureLists } from './side-by-side/lists.js';
import { grownSchema } from './side-by-side/postgres-growth.js';

const SCHEMA = 'lists';

const server = await startServer();
try {
  const grown = await grownSchema(server.url, SCHEMA, LARGE);
  const options = `-c search_path=${SCHEMA} -c synchronous_commit=off`;
  const client = new pg.Client({ connectionString: server.url, options });
  await client.connect();
  await fillLists(grown, {
    run: async (sql) => void (await client.query(sql)),
    withdrawal: { columns: ', destination_end', values: ", 'sealed'" },
  });
  // As autovacuum does after so many rows.
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
  await client.end();
  await measureLists(grown);
  await grown.payouts.close();
  await grown.storage.close();
} finally {
  await server.stop();
}
