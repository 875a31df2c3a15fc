/** A PostgreSQL server for the fault programs. */
import type { BursarStorage } from '@bursar/payouts/storage';
import { openPostgresStorage } from '@bursar/postgres';
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
): Promise<Result> {
  const storage = await openPostgresStorage({ connectionString });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

/** Books in the same storage before a kill and after it; the storage is opened anew only for another clock. */
export function booksOf(storage: BursarStorage, connectionString: string, problems: Problems): Promise<KilledBooks> {
  const another = opening((now) => openPostgresStorage({ connectionString, ...(now === undefined ? {} : { now }) }));
  const handOver: HandOver = (work, now) => (now === undefined ? work(storage) : another(work, now));
  return KilledBooks.open(handOver, problems);
}

/** Opens a storage with nothing in it, on one server, one after the other. */
export function emptied(url: string): OpenStorage {
  return async (now) => {
    const storage = await openPostgresStorage({ connectionString: url, maxConnections: 2, now });
    await empty(url);
    return storage;
  };
}

/** Takes all rows away. */
export async function empty(url: string): Promise<void> {
  const tables = await sql<{ name: string }>(
    url,
    `SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'bursar_%' AND tablename <> 'bursar_migrations'`,
  );
  if (tables.length > 0) await sql(url, `TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
}
