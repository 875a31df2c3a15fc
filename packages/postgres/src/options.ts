import type { Timestamp } from '@bursar/core/storage';

/** A statement as it is handed to a client: `pg` knows this form as a query configuration. */
export interface StatementLike {
  readonly text: string;
  /** Where it is given, the statement is prepared once a connection under this name. */
  readonly name?: string;
  readonly values?: unknown[];
  /** Rows arrive as text, whatever the host has told `pg` to make of a type. */
  readonly types: { getTypeParser(oid: number, format?: string): (value: string) => string };
  /** After so many milliseconds without an answer, the client gives up. */
  readonly query_timeout?: number;
}

/** A connected client: what `pg`'s `Client` and `PoolClient` have in common, and all that is asked of them. */
export interface ClientLike {
  query(statement: StatementLike): Promise<{ readonly rows: unknown[] }>;
}

/** A client on loan from a pool. */
export interface PoolClientLike extends ClientLike {
  /** Gives the client back; with `true` it is closed instead. */
  release(destroy?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

/** A pool of connections: `pg`'s `Pool`, or one with the same methods. */
export interface PoolLike {
  connect(): Promise<PoolClientLike>;
  /** How many callers wait for a connection. */
  readonly waitingCount: number;
}

/** Options of every PostgreSQL storage. */
export interface PostgresOptions {
  /**
   * The schema of Bursar's tables, which is made where it does not exist. All names in it begin with `bursar_`.
   *
   * @default 'public'
   */
  readonly schema?: string;
  /**
   * Storage's own clock, in milliseconds since 1970-01-01T00:00:00Z. It dates accounts and transfers, and decides when a
   * pending transfer has expired. Tests inject one.
   *
   * @default the database's clock, which is the same for every process.
   */
  readonly now?: () => Timestamp;
  /**
   * How long to wait, in milliseconds, for a row that another transaction has locked. When it is over, the call throws
   * and nothing was changed.
   *
   * @default 5000
   */
  readonly lockTimeoutMs?: number;
  /**
   * How long a statement may take, in milliseconds. The server ends it where it can; after as long again without an
   * answer the connection is taken for lost.
   *
   * @default 15000
   */
  readonly statementTimeoutMs?: number;
  /**
   * How many calls may wait for a connection of the pool; one more throws at once.
   *
   * @default 1000
   */
  readonly maxWaiting?: number;
  /**
   * Whether statements are prepared once a connection and kept there, which saves the server the planning. Not for
   * PgBouncer in transaction mode before 1.21, or with `max_prepared_statements = 0`: it does not know of them.
   *
   * @default false
   */
  readonly preparedStatements?: boolean;
  /**
   * Whether a server that can lose what it has acknowledged (`fsync` or `full_page_writes` switched off) is refused. Only
   * for tests is there a reason to say `false`.
   *
   * @default true
   */
  readonly requireDurability?: boolean;
}

/** Options of `postgresStorage`. */
export interface PostgresStorageOptions extends PostgresOptions {
  /**
   * The pool. It stays the caller's: `close()` leaves it open. The host's own queries may use it as well; no setting of
   * a session is changed.
   */
  readonly pool: PoolLike;
}

/** Options of `openPostgresStorage`. */
export interface OpenPostgresStorageOptions extends PostgresOptions {
  /** `postgres://user:password@host:port/database`, with what `pg` reads of it, for example `?sslmode=verify-full`. */
  readonly connectionString: string;
  /**
   * The most connections.
   *
   * @default 10
   */
  readonly maxConnections?: number;
  /**
   * How long to wait for a connection, in milliseconds.
   *
   * @default 10000
   */
  readonly connectTimeoutMs?: number;
  /**
   * Whether tables are made or brought up to date when the storage is opened. With `false`, a database that is not up to
   * date is refused: for a deployment that migrates in a step, and by a role, of its own.
   *
   * @default true
   */
  readonly migrate?: boolean;
}
