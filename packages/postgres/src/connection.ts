import { createHash } from 'node:crypto';
import { asLost, failureOf, NOTHING_CHANGED, PostgresStorageError } from './failure.js';
import type { ClientLike, PoolClientLike, PoolLike, StatementLike } from './options.js';
import { type Pauses, pauses, type RetryRules, retrying } from './retry.js';
import { settingsFor, settingsOf, type TimeLimits } from './settings.js';

/** What is bound to a statement. */
export type SqlValue = string | number | boolean | null;

/** Runs statements one after the other. Rows are objects by column name; every value is a text or `null`. */
export interface Session {
  query<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]>;
}

/** How the storage asks its database. */
export interface Connection {
  /** One statement that changes nothing. */
  read<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]>;
  /**
   * `settings AS MATERIALIZED (…)`: what every statement given to `write` has as its first common table expression, and
   * reads, so that its commit is durable.
   */
  readonly settings: string;
  /** One statement that changes rows, and that can be sent again. */
  write<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]>;
  /** One transaction at READ COMMITTED: each statement sees what was committed before it. */
  transaction<T>(work: (session: Session) => Promise<T>, rules: RetryRules): Promise<T>;
}

/** A pool's connection can also be asked to look at the server before the first write. */
export interface ConnectionOptions extends TimeLimits {
  readonly pool: PoolLike;
  readonly maxWaiting: number;
  /** Throws where the server may not be written to. Asked before the first write, and again until it has succeeded. */
  readonly check: (session: Session) => Promise<void>;
  readonly preparedStatements: boolean;
  readonly pauses?: Pauses;
}

/** Makes the connection of one storage on a pool. */
export function pooledConnection(options: ConnectionOptions): Connection {
  const { pool, maxWaiting, check, statementTimeoutMs } = options;
  const wait = options.pauses ?? pauses;
  const nameOf = options.preparedStatements ? statementNames() : undefined;
  const begin = `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT ${settingsFor(options)}`;
  let checked: Promise<void> | undefined;

  async function borrow<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (pool.waitingCount >= maxWaiting) {
      throw new PostgresStorageError(`${maxWaiting} calls wait for PostgreSQL already (${NOTHING_CHANGED})`, undefined);
    }
    const client = await pool.connect().catch((error: unknown) => {
      throw asLost(error);
    });
    return lent(client, () => work(sessionOn(client, 2 * statementTimeoutMs, nameOf)));
  }
  async function checkOnce(): Promise<void> {
    checked ??= borrow(check);
    await checked.catch((error: unknown) => {
      checked = undefined;
      throw error;
    });
  }
  return {
    settings: settingsOf(options),
    read: (text, values) => retrying(() => borrow(({ query }) => query(text, values)), { repeatable: true }, wait),
    write: (text, values) =>
      retrying(
        async (progress) => {
          await checkOnce();
          return borrow(({ query }) => {
            progress.mayHaveChanged = true;
            return query(text, values);
          });
        },
        { repeatable: true },
        wait,
      ),
    transaction: (work, rules) =>
      retrying(
        async (progress) => {
          await checkOnce();
          return borrow(async (session) => {
            await session.query(begin, []);
            const result = await orRollBack(session, () => work(session));
            progress.mayHaveChanged = true;
            await session.query('COMMIT', []);
            return result;
          });
        },
        rules,
        wait,
      ),
  };
}

/** Makes a connection on a client that the host has begun a transaction on: no BEGIN, no COMMIT, nothing sent again. */
export function hostConnection(client: ClientLike, limits: TimeLimits): Connection {
  const session = sessionOn(client, 2 * limits.statementTimeoutMs);
  const once: RetryRules = { repeatable: false };
  let last: Promise<unknown> = Promise.resolve();
  // One after the other: two batches that take turns on one client would both read before either writes.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(() => retrying(work, once, pauses));
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    // A limit for locks would stay for the host's own statements.
    settings: settingsOf(),
    read: (text, values) => inTurn(() => session.query(text, values)),
    write: (text, values) => inTurn(() => session.query(text, values)),
    transaction: (work) =>
      inTurn(async () => {
        await session.query(`WITH ${settingsOf()} SELECT FROM settings`, []);
        return work(session);
      }),
  };
}

async function lent<T>(client: PoolClientLike, work: () => Promise<T>): Promise<T> {
  let isBroken = false;
  // A connection that ends between two statements is told by an event, and nobody else listens while it is on loan.
  const onError = (): void => {
    isBroken = true;
  };
  client.on('error', onError);
  try {
    return await work();
  } catch (error) {
    isBroken ||= failureOf(error) === 'lost';
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(isBroken);
  }
}

async function orRollBack<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Where this fails too, the connection is closed, and the server rolls back; the first error is the one to tell.
    await session.query('ROLLBACK', []).catch(() => undefined);
    throw error;
  }
}

// By content: two storages on one pool, for two schemas, never give one name to two texts.
function statementNames(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text) ?? `bursar_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
    names.set(text, name);
    return name;
  };
}

function sessionOn(client: ClientLike, timeoutMs: number, nameOf?: (text: string) => string): Session {
  return {
    async query<Row>(text: string, values: readonly SqlValue[]) {
      const statement: StatementLike = {
        text,
        types: AS_TEXT,
        query_timeout: timeoutMs,
        // Without values `pg` sends a simple query, the only kind that may hold several statements.
        ...(values.length > 0 && { values: values as unknown[], ...(nameOf && { name: nameOf(text) }) }),
      };
      try {
        return (await client.query(statement)).rows as Row[];
      } catch (error) {
        throw asLost(error);
      }
    },
  };
}

// The host may have told `pg` to make numbers of int8, or dates of texts; what is stored here is read by our own rules.
const AS_TEXT: StatementLike['types'] = {
  getTypeParser: (_oid, format) => (format === 'binary' ? refuseBinary : asIs),
};

const asIs = (value: string): string => value;

function refuseBinary(): never {
  throw new TypeError('give Bursar a pool whose clients do not have the option "binary"');
}
