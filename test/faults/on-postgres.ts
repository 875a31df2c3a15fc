/** A PostgreSQL server for the fault programs. */
import type { BursarStorage } from '@bursar/payouts/storage';
import { openPostgresStorage } from '@bursar/postgres';
import { startProxy } from '../../packages/postgres/test/proxy.js';
import { type Server, sql, startServer } from '../../packages/postgres/test/server.js';
import type { OpenStorage } from '../model/world.js';
import { type HandOver, KilledBooks, opening } from './killed-books.js';
import type { Shared } from './on-adapters.js';
import type { Problems } from './report.js';

/** Stops the server whatever happens. */
export async function withServer<Result, Started extends Server = Server>(
  starting: Promise<Started>,
  work: (server: Started) => Promise<Result>,
): Promise<Result> {
  const server = await starting;
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** What `startProxy` gives. */
export type Proxied = Awaited<ReturnType<typeof startProxy>>;

/** A new database that this process and its children have open. */
export function withDatabase<Result>(work: (shared: Shared) => Promise<Result>): Promise<Result> {
  return withServer(startServer(), ({ url }) =>
    withStorage(url, (storage) => work({ database: url, storage, where: 'PostgreSQL, two processes' })),
  );
}

/** A storage that is closed whatever happens. */
export async function withStorage<Result>(
  connectionString: string,
  work: (storage: BursarStorage) => Promise<Result>,
  options: { readonly maxWaiting?: number } = {},
): Promise<Result> {
  const storage = await openPostgresStorage({ connectionString, ...options });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

/** A proxy before the server, which goes whatever happens. */
export async function withProxy<Result>(url: string, work: (proxy: Proxied) => Promise<Result>): Promise<Result> {
  const proxy = await startProxy(url);
  try {
    return await work(proxy);
  } finally {
    await proxy.close();
  }
}

/** Books in the same storage before a kill and after it; the storage is opened anew only for another clock. */
export function booksOf(storage: BursarStorage, connectionString: string, problems: Problems): Promise<KilledBooks> {
  const another = opening((now) => openPostgresStorage({ connectionString, ...(now === undefined ? {} : { now }) }));
  const handOver: HandOver = (work, now) => (now === undefined ? work(storage) : another(work, now));
  return KilledBooks.open(handOver, problems);
}

/** Runs with a storage that has nothing in it each time that it is opened: one after the other, since it is one server. */
export function withEmptied<Result>(work: (open: OpenStorage) => Promise<Result>): Promise<Result> {
  let clock = Date.now;
  return withServer(startServer(), async ({ url }) => {
    const storage = await openPostgresStorage({ connectionString: url, maxConnections: 2, now: () => clock() });
    const result = await work(async (now) => {
      clock = now;
      await empty(url);
      return { ...storage, close: async () => undefined };
    });
    await storage.close();
    return result;
  });
}

/** Takes all rows away. */
export async function empty(url: string): Promise<void> {
  const tables = await sql<{ name: string }>(
    url,
    `SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'bursar_%' AND tablename <> 'bursar_migrations'`,
  );
  const deletions = tables.map(({ name }) => `DELETE FROM ${name}`);
  // As a replica it does not look at foreign keys, so the order of the tables does not matter.
  await sql(url, ['SET session_replication_role = replica', ...deletions].join('; '));
}
