/**
 * Compares ways of doing the same thing, in one run: they take turns in short rounds, so that what else the machine does
 * hits all of them, and each round gives one ratio. What is printed is the median of the ratios.
 */

/** One way. `run` does it `times` times. */
export type Way = (times: number) => Promise<void> | void;

/** What is compared, and what must hold. */
export interface Comparison {
  readonly name: string;
  /** The numerator: usually ours. */
  readonly ours: Way;
  /** The denominator: the peer, or the bare thing. */
  readonly theirs: Way;
  /** The ratio ours / theirs, or `perSecond` theirs / ours, that is promised. */
  readonly limit: Limit;
}

/** A bound on a ratio, or on a difference in microseconds. */
type Limit =
  | { readonly kind: 'at most'; readonly ratio: number }
  /** Ours is at least so many times as fast. */
  | { readonly kind: 'times as fast'; readonly ratio: number }
  | { readonly kind: 'above by at most'; readonly microseconds: number };

const ROUNDS = 41;
const WARM_UP_MS = 600;
const ROUND_MS = 40;

/** Runs a comparison, and answers with its line of the table that scripts/bench.mjs begins. */
export async function compare({ name, ours, theirs, limit }: Comparison): Promise<string> {
  for (const way of [ours, theirs]) await warmUp(way);
  const oursTimes = await timesFor(ours);
  const theirsTimes = await timesFor(theirs);
  const found: number[] = [];
  const spent: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Who goes first changes, or the garbage of one would always be cleared in the time of the other.
    const order = round % 2 === 0;
    const first = await microseconds(order ? ours : theirs, order ? oursTimes : theirsTimes);
    const second = await microseconds(order ? theirs : ours, order ? theirsTimes : oursTimes);
    const pair = order ? { ours: first, theirs: second } : { ours: second, theirs: first };
    spent.push(pair);
    found.push(measured(limit, pair));
  }
  return line(name, limit, found, spent);
}

function measured(limit: Limit, { ours, theirs }: { ours: number; theirs: number }): number {
  if (limit.kind === 'at most') return ours / theirs;
  return limit.kind === 'times as fast' ? theirs / ours : ours - theirs;
}

function line(name: string, limit: Limit, found: number[], spent: readonly { ours: number; theirs: number }[]): string {
  const median = quantile(found, 0.5);
  const met = limit.kind === 'times as fast' ? median >= limit.ratio : median <= bound(limit);
  const spread = `${shown(quantile(found, 0.25))}–${shown(quantile(found, 0.75))}`;
  const each = (side: 'ours' | 'theirs'): string =>
    `${shown(
      quantile(
        spent.map((pair) => pair[side]),
        0.5,
      ),
    )} µs`;
  const cells = [name, words(limit), `**${shown(median)}${unit(limit)}**`, spread, each('ours'), each('theirs')];
  return `| ${cells.join(' | ')} | ${met ? 'met' : '**NOT MET**'} |`;
}

const bound = (limit: Exclude<Limit, { kind: 'times as fast' }>): number =>
  limit.kind === 'at most' ? limit.ratio : limit.microseconds;

function words(limit: Limit): string {
  if (limit.kind === 'at most') return `at most ${limit.ratio} ×`;
  return limit.kind === 'times as fast'
    ? `at least ${limit.ratio} × as fast`
    : `at most ${limit.microseconds} µs above`;
}

const unit = (limit: Limit): string => (limit.kind === 'above by at most' ? ' µs' : ' ×');

const shown = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

async function microseconds(way: Way, times: number): Promise<number> {
  const start = performance.now();
  await way(times);
  return ((performance.now() - start) * 1000) / times;
}

// Before anything is counted: cold code takes several times as long, and the number of times would come out too small.
async function warmUp(way: Way): Promise<void> {
  const end = performance.now() + WARM_UP_MS;
  while (performance.now() < end) await way(50);
}

/** How often a way fits into one round. */
async function timesFor(way: Way): Promise<number> {
  for (let times = 1; ; times *= 2) {
    const start = performance.now();
    await way(times);
    const spent = performance.now() - start;
    if (spent > ROUND_MS / 4) return Math.max(1, Math.round((times * ROUND_MS) / spent));
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(part * (sorted.length - 1))] as number;
}
