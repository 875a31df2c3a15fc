import { inPairs, quantile, type Way } from '../side-by-side/compare.js';

/** What one way does of a task. */
export type Call = () => Promise<void> | void;

/** What is to be done: the same for us and for a peer. */
export interface Task {
  /** What it is a case of. */
  readonly group: string;
  readonly name: string;
  /** How many callers there are at once, each with one call after the other. */
  readonly callers: number;
}

/** A task, done in turns by us and by a peer. Times are microseconds a call, the middle of all rounds. */
export interface Measurement {
  readonly task: Task;
  readonly peer: string;
  /** Theirs / ours in the same round: the middle, and the middle half. Below 1 they are ahead. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly ours: number;
  readonly theirs: number;
}

/** Each caller calls so many times. */
const fromCallers =
  (call: Call, callers: number): Way =>
  async (times) => {
    const caller = async (): Promise<void> => {
      for (let i = 0; i < times; i++) await call();
    };
    await Promise.all(Array.from({ length: callers }, caller));
  };

/** Lets us and a peer do a task in turns. */
export async function measure(
  task: Task,
  peer: string,
  { ours, theirs }: { readonly ours: Call; readonly theirs: Call },
  rounds: number,
): Promise<Measurement> {
  const { callers } = task;
  const pairs = await inPairs({ ours: fromCallers(ours, callers), theirs: fromCallers(theirs, callers) }, rounds);
  const ratios = pairs.map((pair) => pair.theirs / pair.ours);
  const each = (side: 'ours' | 'theirs'): number =>
    quantile(
      pairs.map((pair) => pair[side] / callers),
      0.5,
    );
  const [low, ratio, high] = [0.25, 0.5, 0.75].map((part) => quantile(ratios, part)) as [number, number, number];
  return { task, peer, ratio, low, high, ours: each('ours'), theirs: each('theirs') };
}
