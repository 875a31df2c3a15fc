/** Two ways of doing the same, in turns; what is printed is the median of the ratios of the rounds. */

/** Gets ready what it takes to do something so many times, which is not timed, and answers with what does it, which is. */
export type Way = (times: number) => () => Promise<void> | void;

/** What is promised of a ratio: of speeds (theirs / ours in time), or of times (ours / theirs). */
export interface Bound {
  readonly kind: 'at least' | 'at most';
  readonly ratio: number;
}

/** What is compared. */
export interface Comparison {
  readonly compared: string;
  readonly ours: Way;
  readonly theirs: Way;
  /** How often each is done in a round: so that a round of either takes a while, and about as long. */
  readonly times: { readonly ours: number; readonly theirs: number };
  /** `undefined` for a line that promises nothing. */
  readonly promised: Bound | undefined;
  /** How the ratio is made where nothing is promised. @default 'at least' */
  readonly kind?: Bound['kind'];
}

const ROUNDS = 21;
const WARM_UP_ROUNDS = 3;

/** Runs a comparison, and answers with its line. */
export async function compare(comparison: Comparison): Promise<string> {
  const { compared, ours, theirs, times, promised, kind = promised?.kind ?? 'at least' } = comparison;
  const ratios: number[] = [];
  const spent: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    // Who goes first changes: one would always pay for what the other left behind.
    const first = round % 2 === 0;
    const early = first ? await microseconds(ours, times.ours) : await microseconds(theirs, times.theirs);
    const late = first ? await microseconds(theirs, times.theirs) : await microseconds(ours, times.ours);
    if (round < 0) continue;
    const [own, other] = first ? [early, late] : [late, early];
    spent.ours.push(own);
    spent.theirs.push(other);
    ratios.push(kind === 'at least' ? other / own : own / other);
  }
  return row(compared, ratios, promised, spent);
}

/** A line of the table that scripts/bench.mjs begins. */
function row(
  compared: string,
  ratios: readonly number[],
  promised: Bound | undefined,
  spent: { readonly ours: readonly number[]; readonly theirs: readonly number[] },
): string {
  const median = quantile(ratios, 0.5);
  const middle = `${shown(quantile(ratios, 0.25))}–${shown(quantile(ratios, 0.75))}`;
  const each = [spent.ours, spent.theirs].map((times) => `${shown(quantile(times, 0.5))} µs`);
  const words =
    promised === undefined ? ['–', ''] : [`${promised.kind} ${promised.ratio} ×`, verdict(median, promised)];
  return `| ${[compared, words[0], `**${shown(median)} ×**`, middle, ...each, words[1]].join(' | ')} |`;
}

function verdict(median: number, { kind, ratio }: Bound): string {
  return (kind === 'at least' ? median >= ratio : median <= ratio) ? 'met' : '**NOT MET**';
}

/** How long one time takes. */
async function microseconds(way: Way, times: number): Promise<number> {
  const run = way(times);
  const start = performance.now();
  await run();
  return ((performance.now() - start) * 1000) / times;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(part * (sorted.length - 1))] as number;
}

const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
