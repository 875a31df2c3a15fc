/**
 * The operations of `growth.ts` on PostgreSQL, as it is installed: a million users and five million transfers in one schema,
 * ten thousand and fifty thousand in another one of the same server. `BENCH_USERS` makes the large one smaller.
 */
import { startServer } from '../packages/postgres/test/server.js';
import { compareGrown, LARGE, SMALL } from './side-by-side/growth.js';
import { grownSchema } from './side-by-side/postgres-growth.js';

const server = await startServer();
try {
  const large = await grownSchema(server.url, 'large', LARGE);
  const small = await grownSchema(server.url, 'small', SMALL);
  await compareGrown(large, small);
  await large.storage.close();
  await small.storage.close();
} finally {
  await server.stop();
}
