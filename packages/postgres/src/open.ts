import type { OpenPostgresStorageOptions, PoolClientLike, PoolLike } from './options.js';
import { type PostgresStorage, storageOn } from './storage.js';

/** A pool that is made here is ended here. */
interface OwnedPool extends PoolLike {
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'connect', listener: (client: PoolClientLike) => void): unknown;
}

/**
 * Connects to PostgreSQL with `pg`, which the team installs beside this package; makes the tables or brings them up to
 * date; and checks that the server keeps what it acknowledges. Otherwise as `postgresStorage`; `close()` ends the
 * connections.
 *
 * @example
 * const storage = await openPostgresStorage({ connectionString: process.env.DATABASE_URL });
 *
 * @throws where the server cannot be reached, is not durable or is older than version 14, or the tables are of another
 *   version. The message says what to do.
 */
export async function openPostgresStorage(options: OpenPostgresStorageOptions): Promise<PostgresStorage> {
  const { connectionString, maxConnections = 10, connectTimeoutMs = 10_000 } = options;
  if (typeof connectionString !== 'string' || connectionString === '') {
    throw new TypeError('connectionString must be "postgres://user:password@host:port/database"');
  }
  const { default: pg } = await import('pg');
  const pool: OwnedPool = new pg.Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: 'bursar',
  });
  // A connection that ends while nobody uses it is replaced by the pool; without a listener it would end the process.
  pool.on('error', ignore);
  // So would one that the server ends while the pool is closing it.
  pool.on('connect', (client) => client.on('error', ignore));
  try {
    const storage = storageOn(pool, options, () => pool.end());
    if (options.migrate ?? true) await storage.migrate();
    await storage.checkHealth();
    return storage;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function ignore(): void {
  // Whoever uses the connection hears of it by the failure of a statement.
}
