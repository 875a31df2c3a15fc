import { parseArgs } from 'node:util';
import type { Command, Given, Option } from './command.js';
import { CliError } from './exit.js';

/** Options that every command has. */
export const COMMON: Readonly<Record<string, Option>> = {
  database: { value: '<path|url>', about: 'a SQLite file, or postgres://host/name without a password' },
  operator: { value: '<name>', about: 'who is at work, for the audit log' },
  json: { about: 'answer in JSON' },
  yes: { about: 'do not ask before what cannot be undone' },
  help: { about: 'say what there is' },
};

/** What is to be run. */
export interface Invocation {
  readonly command: Command;
  readonly operands: readonly string[];
  readonly given: Given;
}

/** Finds the command that the first words name; `undefined` for none. */
export function commandOf(commands: readonly Command[], words: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
}

/** Reads what stands behind the command's name. @throws {CliError} which says what is wrong, and repeats no value. */
export function invocationOf(command: Command, words: readonly string[]): Invocation {
  const options: Readonly<Record<string, Option>> = { ...command.options, ...COMMON };
  const { values, positionals } = parsed(options, words);
  for (const [name, { required = false }] of Object.entries(options)) {
    if (required && values[name] === undefined && values.help !== true) throw usage(`--${name} is missing`, command);
    if (values[name] === '') throw usage(`--${name} must not be empty`, command);
  }
  const operands = positionals.slice(command.name.split(' ').length);
  if (values.help !== true && operands.length !== command.operands.length) {
    const wanted = command.operands.length === 0 ? 'takes no operand' : `takes ${command.operands.join(' ')}`;
    throw usage(`it ${wanted}`, command);
  }
  return { command, operands, given: values };
}

function parsed(options: Readonly<Record<string, Option>>, words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries(
        Object.entries(options).map(([name, { value, multiple = false }]) => [
          name,
          { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple },
        ]),
      ),
    });
  } catch (error) {
    // Node's sentence names the option, and never its value.
    throw new CliError('usage', error instanceof Error ? error.message : 'The options cannot be read.', {
      cause: error,
    });
  }
}

function usage(problem: string, { name }: Command): CliError {
  return new CliError('usage', `bursar ${name}: ${problem}. "bursar ${name} --help" says what there is.`);
}
