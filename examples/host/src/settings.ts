import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPostgres } from './database.js';

/** What the environment says. */
export interface Settings {
  readonly port: number;
  /** The path of a SQLite file, `:memory:`, or the URL of a PostgreSQL database. */
  readonly database: string;
  readonly secret: string;
  /** Where the secret is kept that was made for development; `null` where the environment gave one. */
  readonly developmentSecret: string | null;
  /** Where browsers reach the server, for the dashboard; `null` for this machine. */
  readonly origin: string | null;
  /** Where metrics are scraped, on the loopback address alone. */
  readonly metricsPort: number;
  /** Whether requests are limited; `BURSAR_RATE_LIMIT=off` is for load tests. */
  readonly rateLimit: boolean;
  /** The least level of a log line that is written: one of pino's. */
  readonly logLevel: string;
  /** Where the demo business is told of events; on this machine too. `null` for nowhere. */
  readonly webhookUrl: string | null;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const DEFAULT_PORT = 8787;

/**
 * Reads `PORT`, `BURSAR_METRICS_PORT`, `BURSAR_DATABASE`, `BURSAR_SECRET`, `BURSAR_RATE_LIMIT`, `BURSAR_LOG_LEVEL`,
 * `BURSAR_WEBHOOK_URL` and `BURSAR_ORIGIN`.
 *
 * @param folder Where the database is without `BURSAR_DATABASE`.
 * @throws {Error} whose message names the variable and its rule.
 */
export function readSettings(environment: NodeJS.ProcessEnv, folder: string): Settings {
  const { BURSAR_DATABASE, BURSAR_SECRET } = environment;
  const port = portOf(environment, 'PORT', DEFAULT_PORT);
  const others = {
    port,
    metricsPort: portOf(environment, 'BURSAR_METRICS_PORT', port === 0 || port === 65_535 ? 0 : port + 1),
    rateLimit: oneOf(environment, 'BURSAR_RATE_LIMIT', ['on', 'off']) === 'on',
    logLevel: oneOf(environment, 'BURSAR_LOG_LEVEL', ['info', ...LOG_LEVELS]),
    webhookUrl: environment.BURSAR_WEBHOOK_URL || null,
    origin: environment.BURSAR_ORIGIN || null,
  };
  if (BURSAR_SECRET !== undefined && Buffer.byteLength(BURSAR_SECRET) < 32) {
    throw new Error('BURSAR_SECRET must be at least 32 bytes; `openssl rand -hex 32` makes one.');
  }
  const database = BURSAR_DATABASE || join(folder, 'bursar.db');
  // A development secret stays with the file; for a server's database it stays in the example's own folder.
  const kept = isPostgres(database) ? folder : dirname(database);
  if (database !== ':memory:') mkdirSync(kept, { recursive: true });
  if (BURSAR_SECRET !== undefined) return { ...others, database, secret: BURSAR_SECRET, developmentSecret: null };
  if (database === ':memory:') {
    return { ...others, database, secret: newSecret(), developmentSecret: 'the memory of this process' };
  }
  const file = join(kept, 'development-secret');
  return { ...others, database, secret: keptSecret(file), developmentSecret: file };
}

function portOf(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const port = environment[name] ? Number(environment[name]) : fallback;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${name} must be a number from 0 to 65535.`);
  return port;
}

/** The first of the values is the one without the variable. */
function oneOf(environment: NodeJS.ProcessEnv, name: string, values: readonly [string, ...string[]]): string {
  const value = environment[name] || values[0];
  if (!values.includes(value)) throw new Error(`${name} must be one of: ${[...new Set(values)].join(', ')}.`);
  return value;
}

function newSecret(): string {
  return randomBytes(32).toString('hex');
}

// Of two processes that start at once, one makes it and both read it.
function keptSecret(file: string): string {
  try {
    writeFileSync(file, newSecret(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
