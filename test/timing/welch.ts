/**
 * Whether two sets of times differ, by Welch's t-test, as dudect uses it.
 *
 * @see https://eprint.iacr.org/2016/1123 (dudect: dude, is my code constant time?)
 * @module
 */

/** From here on, two sets of times are not of one distribution: by chance once in 150,000 tests. */
export const THRESHOLD = 4.5;

/**
 * What is cut off of the times above, in steps: a pause for another program or for a collection of garbage says nothing of
 * what was measured, and hides a small difference. 1 cuts nothing off.
 */
const KEPT = [1, 0.99, 0.95, 0.9, 0.75, 0.5];

/** Welch's t of two sets; 0 where neither varies and both are the same. */
export function welch(left: Float64Array, right: Float64Array): number {
  const [a, b] = [momentsOf(left), momentsOf(right)];
  const difference = a.mean - b.mean;
  return difference === 0 ? 0 : difference / Math.sqrt(a.variance / left.length + b.variance / right.length);
}

/** The largest t by size of both sets, uncut and cut at percentiles of both together. */
export function largestT(left: Float64Array, right: Float64Array): number {
  const all = new Float64Array(left.length + right.length);
  all.set(left);
  all.set(right, left.length);
  all.sort();
  let largest = 0;
  for (const part of KEPT) {
    const limit = all[Math.max(0, Math.ceil(part * all.length) - 1)] ?? 0;
    const kept = (times: Float64Array): Float64Array => times.filter((time) => time <= limit);
    const [a, b] = [kept(left), kept(right)];
    // Of a set that is all but cut off there is nothing to say; the step before has seen it.
    if (a.length < 2 || b.length < 2) continue;
    const t = welch(a, b);
    if (Math.abs(t) > Math.abs(largest)) largest = t;
  }
  return largest;
}

// In one pass, without the loss of a sum of squares (Welford).
function momentsOf(times: Float64Array): { readonly mean: number; readonly variance: number } {
  let mean = 0;
  let squares = 0;
  let count = 0;
  for (const time of times) {
    count++;
    const delta = time - mean;
    mean += delta / count;
    squares += delta * (time - mean);
  }
  return { mean, variance: squares / (count - 1) };
}
