/** What is known of the write that failed. */
export type Effect = 'nothing was changed' | 'whether it was done is not known; sending the same again is safe';

export const NOTHING_CHANGED = 'nothing was changed' satisfies Effect;
export const NOT_KNOWN = 'whether it was done is not known; sending the same again is safe' satisfies Effect;

/**
 * What a failed statement means for whoever sent it.
 *
 * - `conflict`: the server undid it because of another transaction; the same again will do.
 * - `duplicate`: a unique index refused a row; what stands has to be read.
 * - `lost`: the connection is gone, and with it the answer.
 * - `refused`: anything else that the server or the client refused. Nothing was changed.
 */
export type Failure = 'conflict' | 'duplicate' | 'lost' | 'refused';

/** Classes and codes of SQLSTATE. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CONFLICTS = new Set(['40001', '40P01']);
const DUPLICATE = '23505';
// The connection was ended by the server: by an administrator, by a crash, while it starts, by its idle time-out.
const ENDED = new Set(['57P01', '57P02', '57P03', '25P03', '57P05']);
const CONNECTION_CLASS = '08';

/** What the server said; `undefined` where the error is not the server's. */
function sqlState(error: unknown): string | undefined {
  const { code, severity } = Object(error) as { code?: unknown; severity?: unknown };
  // A system error has a code as well (`EPIPE`), but no severity.
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined;
}

/** The name of the constraint or index that refused a row. */
export function constraintOf(error: unknown): string | undefined {
  const { constraint } = Object(error) as { constraint?: unknown };
  return typeof constraint === 'string' ? constraint : undefined;
}

/** The connection ended, or never came to be, or did not answer in time. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';

  constructor(reason: unknown) {
    super(reason instanceof Error && reason.message !== '' ? reason.message : 'no reason was given');
  }
}

/** A neighbour's row came to be while this transaction waited: it has to begin anew, so that it sees the row. */
export class MustApplyAgain extends Error {
  override readonly name = 'MustApplyAgain';
}

/** What a driver's error is, outside of what the server says: a lost connection, unless a value could not be sent. */
export function asLost(error: unknown): unknown {
  const isOurs = error instanceof TypeError || error instanceof RangeError;
  return isOurs || sqlState(error) !== undefined ? error : new ConnectionLost(error);
}

/** Says what a failure means. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ConnectionLost) return 'lost';
  if (error instanceof MustApplyAgain) return 'duplicate';
  const state = sqlState(error);
  if (state === undefined) return 'refused';
  if (CONFLICTS.has(state)) return 'conflict';
  if (state === DUPLICATE) return 'duplicate';
  return ENDED.has(state) || state.startsWith(CONNECTION_CLASS) ? 'lost' : 'refused';
}

const ADVICE: readonly (readonly [state: string, advice: string])[] = [
  ['55P03', 'a row was locked by another transaction for longer than lockTimeoutMs: look for a transaction left open'],
  ['57014', 'a statement took longer than statementTimeoutMs: look at the load of the PostgreSQL server'],
  ['53', 'the PostgreSQL server is short of memory, disk space or connections'],
  ['42P01', 'a table of Bursar is missing: call migrate(), and check the option "schema"'],
  ['42501', 'the PostgreSQL role lacks a right: grant it as docs/guides/postgres.md says'],
  ['25006', 'the PostgreSQL server is read-only, perhaps a standby: connect to the primary one'],
  ['28', 'PostgreSQL refused the role or its password'],
  ['3D000', 'the PostgreSQL database does not exist'],
  ['23', 'a constraint of the PostgreSQL database refused the write, which is a mistake of the caller or of Bursar'],
  ['22', 'PostgreSQL refused a value, which is a mistake of the caller or of Bursar'],
  ['40', 'PostgreSQL undid the transaction ten times because of others'],
];

/**
 * Makes an error that says what to do out of a driver's. The server's `detail` holds values of the row, so it is left
 * out, and the driver's error is not passed on as a cause: no digest and no address gets into a log.
 */
export function explained(error: unknown, effect: Effect): unknown {
  if (error instanceof ConnectionLost) {
    return new PostgresStorageError(`the connection to PostgreSQL was lost: ${error.message} (${effect})`, undefined);
  }
  const state = sqlState(error);
  if (state === undefined) return error;
  const advice = ADVICE.find(([start]) => state.startsWith(start))?.[1] ?? 'PostgreSQL refused the statement';
  const constraint = constraintOf(error);
  const said = constraint === undefined ? state : `${state}, ${constraint}`;
  return new PostgresStorageError(`${advice} (${effect}; PostgreSQL says: ${said})`, state);
}

/** What PostgreSQL or the connection to it refused, with what to do, and without any value of a row. */
export class PostgresStorageError extends Error {
  override readonly name = 'PostgresStorageError';

  constructor(
    message: string,
    /** SQLSTATE, where the server said one. */
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

/** Whether a call ended with this SQLSTATE, after all its tries. */
export function failedWith(error: unknown, code: string): boolean {
  return error instanceof PostgresStorageError && error.code === code;
}
