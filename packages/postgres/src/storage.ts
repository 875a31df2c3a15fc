import { type BursarStorage, closable } from '@bursar/payouts/storage';
import { postgresAudit } from './audit.js';
import { type Connection, hostConnection, pooledConnection, type Session } from './connection.js';
import { postgresCredentials } from './credentials.js';
import { postgresDeliveries } from './deliveries.js';
import { postgresDocuments } from './documents.js';
import { postgresEndpoints } from './endpoints.js';
import { postgresEvents } from './events.js';
import { type LedgerOptions, postgresLedger } from './ledger.js';
import { assertUpToDate, migrate } from './migrate.js';
import type { ClientLike, PoolLike, PostgresOptions, PostgresStorageOptions } from './options.js';
import { assertServer, type TimeLimits } from './settings.js';
import { type Tables, tablesIn } from './tables.js';
import { postgresUsage } from './usage.js';
import { postgresWithdrawals } from './withdrawals.js';

/** A Bursar storage in PostgreSQL. */
export interface PostgresStorage extends BursarStorage {
  /**
   * Makes the tables or brings them up to date, in one transaction: of two processes at the same time, one does it and
   * the other waits. Needs a role that may change the schema.
   *
   * @throws where the schema is of a newer version or of one too old, or the server is not durable. The message says
   *   what to do.
   */
  migrate(): Promise<void>;
  /**
   * The same storage inside a transaction of the host: on a client on which the host has said BEGIN, and will say COMMIT
   * or ROLLBACK. An answer is durable when the host has committed. It is the slower way: nothing is gathered with other
   * callers, the accounts stay locked until the host commits, and nothing is tried again: when a call throws, roll back.
   *
   * @example
   * await client.query('BEGIN');
   * await storage.within(client).applyTransfers(items);
   * await client.query("UPDATE orders SET state = 'paid' WHERE id = $1", [order.id]);
   * await client.query('COMMIT');
   */
  within(client: ClientLike): BursarStorage;
}

/**
 * Keeps everything in PostgreSQL 14 or newer, through a pool of `pg` that the caller has made. Call `migrate()` once, in
 * the deployment or at the start. Any number of processes may use the same database.
 *
 * An answered write is on the disk: `synchronous_commit` is set for each transaction, whatever the session says, and the
 * server's own settings are looked at before the first write. It works through PgBouncer in transaction mode.
 *
 * @example
 * import { Pool } from 'pg';
 * const storage = postgresStorage({ pool: new Pool({ connectionString: process.env.DATABASE_URL }) });
 * await storage.migrate();
 *
 * @throws {TypeError} for options of a wrong form.
 */
export function postgresStorage(options: PostgresStorageOptions): PostgresStorage {
  const { pool } = options;
  if (typeof pool?.connect !== 'function') {
    throw new TypeError('pool must be a pool of pg; for a connection string, call openPostgresStorage');
  }
  return storageOn(pool, options);
}

/** The storage on a pool. `end` ends what was opened for it. */
export function storageOn(pool: PoolLike, options: PostgresOptions, end?: () => Promise<void>): PostgresStorage {
  const tables = tablesIn(options.schema ?? 'public');
  const limits = checkedLimits(options);
  const { requireDurability = true, preparedStatements = false, now } = options;
  const check = (session: Session): Promise<void> => assertServer(session, requireDurability);
  const connection = pooledConnection({
    ...limits,
    pool,
    check,
    preparedStatements,
    maxWaiting: checkedWaiting(options),
  });
  const checkHealth = (): Promise<void> =>
    connection.transaction(
      async (session) => {
        await check(session);
        await assertUpToDate(session, tables);
      },
      { repeatable: true },
    );
  const methods = methodsOn(connection, tables, { now, fast: true });
  const storage = closable('PostgreSQL', { ...methods, checkHealth }, end);
  return {
    ...storage,
    migrate: () => connection.transaction((session) => migrate(session, tables), { repeatable: true }),
    within(client) {
      const host = hostConnection(client, limits);
      return closable('PostgreSQL', {
        ...methodsOn(host, tables, { now, fast: false }),
        checkHealth: () => host.transaction((session) => assertUpToDate(session, tables), { repeatable: false }),
      });
    },
  };
}

function methodsOn(
  connection: Connection,
  tables: Tables,
  ledger: LedgerOptions,
): Omit<BursarStorage, 'close' | 'checkHealth'> {
  return {
    ...postgresCredentials(connection, tables),
    ...postgresLedger(connection, tables, ledger),
    ...postgresWithdrawals(connection, tables, ledger.now),
    ...postgresEvents(connection, tables),
    ...postgresEndpoints(connection, tables, ledger.now),
    ...postgresDeliveries(connection, tables, ledger.now),
    ...postgresAudit(connection, tables, ledger.now),
    ...postgresUsage(connection, tables),
    ...postgresDocuments(connection, tables, ledger.now),
  };
}

function checkedLimits({ lockTimeoutMs = 5000, statementTimeoutMs = 15_000 }: PostgresOptions): TimeLimits {
  for (const [name, value] of Object.entries({ lockTimeoutMs, statementTimeoutMs })) {
    // PostgreSQL's own bound is an int4; 0 would mean for ever.
    if (!Number.isInteger(value) || value < 1 || value > 1_000_000_000) {
      throw new TypeError(`${name} must be a whole number of milliseconds, 1 or more`);
    }
  }
  return { lockTimeoutMs, statementTimeoutMs };
}

function checkedWaiting({ maxWaiting = 1000 }: PostgresOptions): number {
  if (!Number.isInteger(maxWaiting) || maxWaiting < 1) {
    throw new TypeError('maxWaiting must be a whole number, 1 or more');
  }
  return maxWaiting;
}
