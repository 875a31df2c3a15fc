import { chance } from '../faults/chance.js';
import { largestT, THRESHOLD } from './welch.js';

/**
 * What is to take the same time, whether its input is near to what it knows or not.
 *
 * It is set up twice, each time with another secret, and gets the same inputs: those that are near to the one are far from the
 * other. So nothing differs between what is compared but how near they are. (What is near to one secret alone is also alike
 * among itself; a processor learns that, and is quicker at it, though nothing leaks.)
 */
export interface TimedCase {
  readonly name: string;
  readonly setUps: readonly [SetUp, SetUp];
}

/** One of the two. */
export interface SetUp {
  run(input: unknown): unknown;
  /** As many as the other has, and of one form in memory. */
  readonly near: readonly unknown[];
}

/** How a case is measured. */
export interface MeasureOptions {
  /** How many times are taken of each sort of input: near, and far. */
  readonly samples: number;
  /** Decides which input comes next. */
  readonly seed: number;
  /** Runs that are not counted, so that what is measured has been compiled. @default a tenth, 20,000 at least */
  readonly warmUp?: number;
  /** In nanoseconds. @default the runtime's */
  readonly now?: () => number;
}

/** What came of it. */
export interface Measured {
  readonly line: string;
  readonly t: number;
}

const runtime = (): number => performance.now() * 1e6;

/** Takes the times of both sorts, in an order that chance decides, and compares them. */
export async function measure({ name, setUps }: TimedCase, options: MeasureOptions): Promise<Measured> {
  const { samples, seed, now = runtime, warmUp = Math.max(20_000, samples / 10) } = options;
  const random = chance(seed);
  const times = [new Float64Array(samples), new Float64Array(samples)] as const;
  const counts = [0, 0];
  for (let taken = -warmUp; counts[0] !== samples || counts[1] !== samples; taken++) {
    const [setUp, sort] = [random() < 0.5 ? 0 : 1, random() < 0.5 ? 0 : 1];
    const { run } = setUps[setUp];
    const { near } = setUps[setUp ^ sort] as SetUp;
    const input = near[Math.floor(random() * near.length)];
    const began = now();
    const answer = run(input);
    if (answer instanceof Promise) await answer;
    const took = now() - began;
    const count = counts[sort] as number;
    if (taken < 0 || count === samples) continue;
    times[sort][count] = took;
    counts[sort] = count + 1;
  }
  const t = largestT(...times);
  const [near, far] = times.map((all) => Math.round(all.sort()[samples >> 1] ?? Number.NaN));
  const verdict = Math.abs(t) < THRESHOLD ? 'no difference' : 'A DIFFERENCE';
  const line = `${name}: |t| = ${Math.abs(t).toFixed(2)}, ${verdict} (${samples} samples of each, medians ${near} and ${far} ns, seed ${seed})`;
  return { t, line };
}
