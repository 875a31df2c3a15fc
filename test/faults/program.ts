import type { FaultReport } from './report.js';

/** Numbers that a program is told, by the name of their option. */
type Numbers = Readonly<Record<string, number>>;

/** Where a program runs. */
export interface Place {
  /** The bundle of `child.ts`. */
  readonly script: string;
  /** Where the repository is. */
  readonly root: string;
}

/** A fault program. */
export interface Program {
  /** What the command runs with, where it is not told otherwise. */
  readonly full: Numbers;
  /** What the test runs with. */
  readonly short: Numbers;
  run(numbers: Numbers, place: Place): Promise<readonly FaultReport[]>;
}

/** A program whose numbers have names of their own. */
export function program<Own extends Numbers>(
  full: Own,
  short: Own,
  run: (numbers: Own, place: Place) => Promise<readonly FaultReport[]>,
): Program {
  return { full, short, run: (numbers, place) => run({ ...full, ...numbers }, place) };
}

/** A seed that chance gives, for what is to be another run each time. It stands in the line. */
export const ANY_SEED = 0;
