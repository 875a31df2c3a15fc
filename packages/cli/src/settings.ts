import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { NamedSecret } from '@bursar/core';
import { CliError } from './exit.js';
import type { Io } from './io.js';

/** The file that `bursar init` makes, and every command reads. */
export const ENV_FILE = '.env';

/** The environment; what it lacks comes from the `.env` of the directory. */
export function environmentOf({ environment, directory }: Io): Io['environment'] {
  let text: string;
  try {
    text = readFileSync(join(directory, ENV_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return environment;
    throw new CliError('unavailable', `${ENV_FILE} cannot be read.`, { cause: error });
  }
  return { ...parseEnv(text), ...environment };
}

/** Whether this names a PostgreSQL database, and no file. */
export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//.test(database);
}

/**
 * The database that the command line names, or `BURSAR_DATABASE`.
 *
 * @throws {CliError} where there is none; and for a password on the command line, which every user of the machine sees.
 */
export function databaseOf(option: string | undefined, environment: Io['environment']): string {
  if (option !== undefined) {
    if (isPostgres(option) && mayHavePassword(option)) {
      throw new CliError(
        'usage',
        '--database must not have a password, which others see there. Give the URL as BURSAR_DATABASE, or the password as PGPASSWORD.',
      );
    }
    return option;
  }
  const { BURSAR_DATABASE } = environment;
  if (BURSAR_DATABASE) return BURSAR_DATABASE;
  throw new CliError('unavailable', 'There is no database: give --database, or BURSAR_DATABASE ("bursar init").');
}

function mayHavePassword(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { password, searchParams } = new URL(url);
  return password !== '' || searchParams.has('password') || searchParams.has('sslpassword');
}

/** The database's name for a log: of a PostgreSQL URL, only where it is. A password can stand in two places of it. */
export function shownName(database: string): string {
  if (!isPostgres(database)) return database;
  if (!URL.canParse(database)) return 'PostgreSQL';
  const { host, pathname } = new URL(database);
  // A password with a slash in it that was not encoded makes all before the slash the host, and the rest the path.
  return /^\/[\w-]*$/.test(pathname) ? `PostgreSQL (${host}${pathname})` : 'PostgreSQL';
}

/** The secret, as `createPayouts` takes it: `BURSAR_SECRET`, or `BURSAR_SECRETS` for several. @throws {CliError} */
export function secretsOf({
  BURSAR_SECRET,
  BURSAR_SECRETS,
}: Io['environment']): { readonly secret: string } | { readonly secrets: readonly NamedSecret[] } {
  if (BURSAR_SECRETS) return { secrets: secretList(BURSAR_SECRETS) };
  if (BURSAR_SECRET) return { secret: BURSAR_SECRET };
  throw new CliError('unavailable', 'BURSAR_SECRET is not set: "bursar init" makes one, for a new database.');
}

function secretList(json: string): readonly NamedSecret[] {
  try {
    const list: unknown = JSON.parse(json);
    // What is in it, core checks.
    if (Array.isArray(list)) return list as readonly NamedSecret[];
  } catch {
    // The parser's own message would repeat a part of it.
  }
  throw new CliError(
    'unavailable',
    'BURSAR_SECRETS must be JSON: [{"id":"2026","secret":"…"}], the current one first.',
  );
}
