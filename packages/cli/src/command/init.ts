import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.js';
import { CliError } from '../exit.js';
import { databaseOf, ENV_FILE, shownName } from '../settings.js';

/** Makes a secret that nobody sees. */
export const init: Command = {
  name: 'init',
  about: `Makes ${ENV_FILE} with a new secret, which is not shown. One that is there stays as it is.`,
  operands: [],
  options: {},
  async run({ io, text }) {
    const database = databaseOf(text('database') ?? 'bursar.db', {});
    if (/[\r\n"'`\\]/.test(database)) throw new CliError('usage', '--database must not have quotes or line breaks.');
    const file = join(io.directory, ENV_FILE);
    const secret = randomBytes(32).toString('hex');
    try {
      // Never over another one: its secret is what every payout hash came from. Nobody else on the machine may read it.
      writeFileSync(file, `BURSAR_SECRET=${secret}\nBURSAR_DATABASE="${database}"\n`, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new CliError('unavailable', `${file} cannot be written.`, { cause: error });
      }
      throw new CliError(
        'refused',
        `${file} is there already, and was not changed. To add a secret by hand: openssl rand -hex 32`,
      );
    }
    return {
      json: { file, database: shownName(database) },
      text: `${file} is made, with a new secret. Back it up: without it no payout hash can be made again. Keep it out of version control.\nNext: bursar migrate\n`,
    };
  },
};
