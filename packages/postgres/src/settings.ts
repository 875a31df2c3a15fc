import type { Session } from './connection.js';
import { PostgresStorageError } from './failure.js';

/** How long to wait. */
export interface TimeLimits {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/**
 * The expression that makes the commit of its own transaction durable, whatever the session or role says. It ends with
 * the transaction, so a pooler loses nothing, and the host's own statements keep their settings. `remote_apply` waits
 * for more than `on` does, and stays.
 */
const SYNCHRONOUS_COMMIT = `set_config('synchronous_commit',
  CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)`;

function lockTimeout({ lockTimeoutMs }: Pick<TimeLimits, 'lockTimeoutMs'>): string {
  return `set_config('lock_timeout', '${lockTimeoutMs}ms', true)`;
}

/**
 * The common table expression for a statement that is a transaction of its own: makes its commit durable, bounds its
 * waits where there is a limit, and tells whether its isolation is the one that the ledger is made for.
 */
export function settingsOf(limits?: Pick<TimeLimits, 'lockTimeoutMs'>): string {
  const expressions = [
    `current_setting('transaction_isolation') = 'read committed' AS is_read_committed`,
    SYNCHRONOUS_COMMIT,
    ...(limits === undefined ? [] : [lockTimeout(limits)]),
  ];
  return `settings AS MATERIALIZED (SELECT ${expressions.join(', ')})`;
}

/** The expressions that set everything for one transaction. The limits are numbers, checked when the storage is made. */
export function settingsFor(limits: TimeLimits): string {
  return [
    SYNCHRONOUS_COMMIT,
    lockTimeout(limits),
    `set_config('statement_timeout', '${limits.statementTimeoutMs}ms', true)`,
    // A process that stops in the middle would keep its locks.
    `set_config('idle_in_transaction_session_timeout', '${2 * limits.statementTimeoutMs}ms', true)`,
  ].join(', ');
}

const OLDEST_VERSION = 140000;

interface ServerRow {
  readonly version: string | null;
  readonly fsync: string | null;
  readonly full_page_writes: string | null;
  readonly synchronous_commit: string | null;
  readonly read_only: string | null;
}

/**
 * Reads back the settings that durability stands on.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-wal.html
 * @throws where an acknowledged write could be lost, or cannot be written at all.
 */
export async function assertServer({ query }: Session, requireDurability: boolean): Promise<void> {
  // `true` gives NULL for a setting that a server like PostgreSQL does not have.
  const [row] = await query<ServerRow>(
    `SELECT current_setting('server_version_num', true) AS version, current_setting('fsync', true) AS fsync,
       current_setting('full_page_writes', true) AS full_page_writes,
       current_setting('transaction_read_only', true) AS read_only, ${SYNCHRONOUS_COMMIT} AS synchronous_commit`,
    [],
  );
  if (row === undefined) throw new PostgresStorageError('the PostgreSQL server does not tell its settings', undefined);
  if (row.version !== null && Number(row.version) < OLDEST_VERSION) {
    throw new PostgresStorageError('the PostgreSQL server is older than version 14: upgrade it', undefined);
  }
  if (row.read_only === 'on') {
    const advice = 'connect to the primary server, with a role that may write';
    throw new PostgresStorageError(`the PostgreSQL server is read-only: ${advice}`, undefined);
  }
  const { synchronous_commit: synchronousCommit } = row;
  if (synchronousCommit !== null && !['on', 'remote_apply'].includes(synchronousCommit)) {
    throw refusedSetting('synchronous_commit', synchronousCommit);
  }
  if (!requireDurability) return;
  for (const setting of ['fsync', 'full_page_writes'] as const) {
    const value = row[setting];
    if (value !== null && value !== 'on') throw refusedSetting(setting, value);
  }
}

function refusedSetting(setting: string, value: string): PostgresStorageError {
  const consequence = `an answered write could be lost: set ${setting} = on in the PostgreSQL server`;
  return new PostgresStorageError(`${setting} is ${value}, so ${consequence}`, undefined);
}
