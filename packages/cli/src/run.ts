import { redactText, StorageUnavailableError } from '@bursar/core';
import { commandOf, invocationOf } from './arguments.js';
import { callOf } from './call.js';
import { COMMANDS } from './commands.js';
import { causesOf } from './database.js';
import { CliError, EXIT } from './exit.js';
import { helpOf, overview } from './help.js';
import type { Io } from './io.js';

/**
 * Runs one command.
 *
 * @param words What stands behind the program's name.
 * @returns The exit code: see {@link EXIT}.
 */
export async function runCli(words: readonly string[], io: Io): Promise<number> {
  try {
    return await run(words, io);
  } catch (error) {
    return failed(error, words.includes('--json'), io);
  }
}

async function run(words: readonly string[], io: Io): Promise<number> {
  const command = commandOf(COMMANDS, words);
  if (command === undefined) {
    const asked = words.length === 0 || words.includes('--help') || words[0] === 'help';
    if (!asked) throw new CliError('usage', 'There is no such command; "bursar --help" says what there is.');
    await io.write(overview(COMMANDS));
    return EXIT.ok;
  }
  const invocation = invocationOf(command, words);
  if (invocation.given.help === true) {
    await io.write(helpOf(command));
    return EXIT.ok;
  }
  const { call, end } = callOf(invocation, io);
  try {
    const answer = await command.run(call);
    if (answer === null) return EXIT.ok;
    await io.write(call.has('json') ? `${JSON.stringify(answer.json)}\n` : answer.text);
    return answer.exitCode ?? EXIT.ok;
  } finally {
    await end();
  }
}

function failed(error: unknown, json: boolean, io: Io): number {
  const [exitCode, message] = explained(error);
  const shown = redactText(message);
  io.tell(json ? `${JSON.stringify({ error: shown })}\n` : `${shown}\n`);
  return exitCode;
}

function explained(error: unknown): readonly [exitCode: number, message: string] {
  if (error instanceof CliError) return [error.exitCode, error.message];
  if (error instanceof StorageUnavailableError) {
    return [
      EXIT.unavailable,
      `The database does not answer: ${causesOf(error.cause)}. What was under way may or may not be done; the same command again is safe where it says so.`,
    ];
  }
  return [EXIT.fault, `This is a fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
}
