import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPostgres } from './database.js';

/** What the environment says. */
export interface Settings {
  readonly port: number;
  /** Where the metrics are served; `null` for nowhere. */
  readonly metricsPort: number | null;
  /** The least level of a line of the log. */
  readonly logLevel: string;
  /** The path of a SQLite file, `:memory:`, or the URL of a PostgreSQL database. */
  readonly database: string;
  readonly secret: string;
  /** Where the secret is kept that was made for development; `null` where the environment gave one. */
  readonly developmentSecret: string | null;
}

const DEFAULT_PORT = 8787;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/**
 * Reads `PORT`, `BURSAR_METRICS_PORT`, `BURSAR_LOG_LEVEL`, `BURSAR_DATABASE` and `BURSAR_SECRET`.
 *
 * @param folder Where the database is without `BURSAR_DATABASE`.
 * @throws {Error} whose message names the variable and its rule.
 */
export function readSettings(environment: NodeJS.ProcessEnv, folder: string): Settings {
  const { PORT, BURSAR_METRICS_PORT, BURSAR_LOG_LEVEL = 'warn', BURSAR_DATABASE, BURSAR_SECRET } = environment;
  const port = PORT ? portIn('PORT', PORT) : DEFAULT_PORT;
  const metricsPort = BURSAR_METRICS_PORT ? portIn('BURSAR_METRICS_PORT', BURSAR_METRICS_PORT) : null;
  if (!LOG_LEVELS.includes(BURSAR_LOG_LEVEL))
    throw new Error(`BURSAR_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`);
  if (BURSAR_SECRET !== undefined && Buffer.byteLength(BURSAR_SECRET) < 32) {
    throw new Error('BURSAR_SECRET must be at least 32 bytes; `openssl rand -hex 32` makes one.');
  }
  const database = BURSAR_DATABASE || join(folder, 'bursar.db');
  const read = { port, metricsPort, logLevel: BURSAR_LOG_LEVEL, database };
  // A development secret stays with the file; for a server's database it stays in the example's own folder.
  const kept = isPostgres(database) ? folder : dirname(database);
  if (database !== ':memory:') mkdirSync(kept, { recursive: true });
  if (BURSAR_SECRET !== undefined) return { ...read, secret: BURSAR_SECRET, developmentSecret: null };
  if (database === ':memory:') {
    return { ...read, secret: newSecret(), developmentSecret: 'the memory of this process' };
  }
  const file = join(kept, 'development-secret');
  return { ...read, secret: keptSecret(file), developmentSecret: file };
}

function portIn(variable: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${variable} must be a number from 0 to 65535.`);
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
