/** What reads what comes from outside, and is not public: for `scripts/fuzz.mjs`. */
export { commandOf, invocationOf } from '../src/arguments.js';
export { COMMANDS } from '../src/commands.js';
export { CliError } from '../src/exit.js';
export { importFileOf } from '../src/import-file.js';
export { databaseOf, secretsOf, shownName } from '../src/settings.js';
