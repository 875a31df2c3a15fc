/** Random commands against the model: thousands of runs, and of a run that fails the fewest commands that still fail. */
import fc from 'fast-check';
import { type FaultReport, secondsSince } from '../faults/report.js';
import { anyCommand, funding } from './commands.js';
import { Model, type OpenStorage, World } from './world.js';

/** What is run. */
export interface ModelOptions {
  readonly open: OpenStorage;
  readonly runs: number;
  /** @default by chance; the line and a failure name it */
  readonly seed?: number | undefined;
  /** For the line. */
  readonly where: string;
}

const MOST_COMMANDS = 60;

/** Runs them. A problem names the seed, and has the shrunk commands. */
export async function modelRuns({ open, runs, seed, where }: ModelOptions): Promise<FaultReport> {
  const began = performance.now();
  const sums = { commands: 0, transfers: 0 };
  const property = fc.asyncProperty(
    fc.boolean(),
    fc.commands(anyCommand, { maxCommands: MOST_COMMANDS, size: 'max' }),
    async (isFunded, commands) => {
      const world = await World.open(open);
      const model = new Model();
      if (isFunded) for (const first of funding) await first.run(model, world);
      await fc.asyncModelRun(() => ({ model, real: world }), commands);
      await world.prove(model);
      await world.storage.close();
      sums.commands += world.compared;
      sums.transfers += model.balances.transfers;
    },
  );
  const details = await fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  const state = details.failed ? 'WRONG' : 'the books are those of the model';
  const line = `model (${where}): ${runs} runs of up to ${MOST_COMMANDS} commands (${sums.commands} in all, ${sums.transfers} transfers), seed ${details.seed}: ${state} (${secondsSince(began)})`;
  return { line, problems: details.failed ? [`${details.errorInstance}\n${fc.defaultReportMessage(details)}`] : [] };
}
