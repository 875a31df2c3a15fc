import { chance } from '../faults/chance.js';
import { largestT, THRESHOLD } from './welch.js';

/**
 * What is to take the same time, whether its input is near to what it knows or not.
 *
 * It is set up in pairs that know different secrets and get the same inputs: those that are near to the one are far from the
 * other. So nothing differs between what is compared but how near they are. (What is near to one secret alone is also alike
 * among itself; a processor learns that, and is quicker at it, though nothing leaks.) There is a new pair for each few
 * thousand runs, since where a digest falls in a hash table takes its time too, the same for all who ask with it.
 */
export interface TimedCase {
  readonly name: string;
  pair(): Pair | Promise<Pair>;
}

/** Two that know different secrets. */
type Pair = readonly [SetUp, SetUp];

/** One of the two. */
export interface SetUp {
  run(input: unknown): unknown;
  /** Of one form in memory. */
  readonly near: readonly unknown[];
}

/** How a case is measured. */
export interface MeasureOptions {
  /** How many times are taken of each sort of input: near, and far. */
  readonly samples: number;
  /** Decides which input comes next. */
  readonly seed: number;
  /** In nanoseconds. @default the runtime's */
  readonly now?: () => number;
}

/** What came of it. */
export interface Measured {
  readonly line: string;
  readonly t: number;
  /** By how much the medians differ, in nanoseconds. */
  readonly apart: number;
}

const PER_PAIR = 4000;
/** Runs of a pair that are not counted: the first ones find nothing in the caches. */
const WARM_UP = 400;
/** Pairs that are not counted, so that all has been compiled. */
const WARM_UP_PAIRS = 5;

const runtime = (): number => performance.now() * 1e6;

/** Takes the times of both sorts, in an order that chance decides, and compares them. */
export async function measure(timed: TimedCase, options: MeasureOptions): Promise<Measured> {
  const { samples, seed, now = runtime } = options;
  const random = chance(seed);
  const near = { times: new Float64Array(samples), count: 0 };
  const far = { times: new Float64Array(samples), count: 0 };
  const took = new Float64Array(PER_PAIR);
  for (let pairs = 0; near.count < samples || far.count < samples; pairs++) {
    const plan = planOf(await timed.pair(), random);
    for (const [index, { run, input }] of plan.entries()) {
      const began = now();
      const answer = run(input);
      if (answer instanceof Promise) await answer;
      took[index] = now() - began;
    }
    if (pairs < WARM_UP_PAIRS) continue;
    for (const [index, { isNear }] of plan.entries()) {
      const sort = isNear ? near : far;
      if (index >= WARM_UP && sort.count < samples) sort.times[sort.count++] = took[index] ?? Number.NaN;
    }
  }
  return compared(timed.name, near.times, far.times, options);
}

interface Planned extends Pick<SetUp, 'run'> {
  readonly input: unknown;
  readonly isNear: boolean;
}

// Drawn before anything is timed: a choice between near and far just before it is a branch that the processor guesses, and
// what it takes to guess wrong is in the time.
function planOf([one, other]: Pair, random: () => number): readonly Planned[] {
  return Array.from({ length: PER_PAIR }, () => {
    const asked = random() < 0.5 ? one : other;
    const isNear = random() < 0.5;
    const inputs = (isNear ? asked : asked === one ? other : one).near;
    return { run: asked.run, input: inputs[Math.floor(random() * inputs.length)], isNear };
  });
}

function compared(name: string, near: Float64Array, far: Float64Array, { samples, seed }: MeasureOptions): Measured {
  const t = largestT(near, far);
  const [ofNear, ofFar] = [medianOf(near), medianOf(far)];
  const line = `${name}: |t| = ${Math.abs(t).toFixed(2)}, ${Math.abs(t) < THRESHOLD ? 'no difference' : 'a difference'} (medians ${ofNear} and ${ofFar} ns; ${samples} samples of each, seed ${seed})`;
  return { t, apart: Math.abs(ofNear - ofFar), line };
}

function medianOf(times: Float64Array): number {
  return Math.round(times.slice().sort()[times.length >> 1] ?? Number.NaN);
}
