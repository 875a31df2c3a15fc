/** The statistics and the measurement, on times that are made up; `node scripts/timing.mjs` takes real ones. */
import { describe, expect, it } from 'vitest';
import { chance } from './faults/chance.js';
import { plantedLeak, timedCases } from './timing/cases.js';
import { measure, type TimedCase } from './timing/measure.js';
import { largestT, THRESHOLD, welch } from './timing/welch.js';

const times = (...values: number[]): Float64Array => Float64Array.from(values);

/** So many times around 1000 ns, and now and then one of a pause. */
function noisy(seed: number, count: number, more = 0): Float64Array {
  const random = chance(seed);
  const sum = (): number => random() + random() + random() + random() - 2;
  return Float64Array.from({ length: count }, () => 1000 + more + 80 * sum() + (random() < 0.001 ? 1e6 * random() : 0));
}

describe("Welch's t", () => {
  it('is what it is by hand', () => {
    // Means 3 and 6, variances 2.5 and 10, five each: -3 / sqrt(2.5 / 5 + 10 / 5).
    expect(welch(times(1, 2, 3, 4, 5), times(2, 4, 6, 8, 10))).toBeCloseTo(-3 / Math.sqrt(2.5), 12);
    // Means 20 and 17, variances 4 and 9, of three and four.
    expect(welch(times(18, 20, 22), times(14, 16, 18, 20))).toBeCloseTo(3 / Math.sqrt(4 / 3 + 20 / 3 / 4), 12);
  });

  it('is 0 for sets without a difference, and without end for two that never vary and differ', () => {
    expect(welch(times(5, 5, 5), times(5, 5))).toBe(0);
    expect(welch(times(6, 6), times(5, 5))).toBe(Number.POSITIVE_INFINITY);
  });

  it('stays small for one distribution, whatever pauses are in it', () => {
    for (let seed = 1; seed <= 5; seed++) {
      expect(Math.abs(largestT(noisy(seed, 2000), noisy(seed + 100, 2000)))).toBeLessThan(THRESHOLD);
    }
  });

  it('finds a difference of a hundredth that the pauses would hide', () => {
    const [left, right] = [noisy(1, 5000), noisy(2, 5000, 10)];
    expect(Math.abs(welch(left, right))).toBeLessThan(THRESHOLD);
    expect(Math.abs(largestT(left, right))).toBeGreaterThan(THRESHOLD);
  });
});

describe('the measurement', () => {
  const OPTIONS = { samples: 20_000, seed: 3 };

  /** Takes as long as `took` says of the input, by a clock of its own, and some more by chance. */
  const measured = (took: (input: string, secret: string) => number) => {
    const random = chance(9);
    let clock = 0;
    const setUp = (secret: string, near: string) => ({
      near: [near],
      run: (input: unknown) => {
        clock += took(input as string, secret) + 20 * random();
      },
    });
    const timed: TimedCase = { name: 'made up', pair: () => [setUp('one', 'one!'), setUp('other', 'other!')] };
    return measure(timed, { ...OPTIONS, now: () => clock });
  };

  it('finds what takes a hundredth longer for what is near', async () => {
    const { t, line } = await measured((input, secret) => (input === `${secret}!` ? 101 : 100));
    expect(Math.abs(t)).toBeGreaterThan(THRESHOLD);
    expect(line).toMatch(/^made up: \|t\| = \d+\.\d\d, a difference .*20000 samples of each, seed 3/);
  });

  it.each([
    ['one input takes longer than another', (input: string) => input.length * 10],
    ['one secret takes longer than another', (_: string, secret: string) => secret.length * 10],
  ])('does not take for a leak that %s', async (_, took) => {
    expect(Math.abs((await measured(took)).t)).toBeLessThan(THRESHOLD);
  });

  it('finds the planted leak, counted in comparisons', async () => {
    let compared = 0;
    const random = chance(4);
    const leak = plantedLeak(chance(5));
    const timed: TimedCase = {
      name: leak.name,
      async pair() {
        const [one, other] = await leak.pair();
        const counting = ({ near, run }: typeof one) => ({
          near,
          // What it compares, it reads: a text that counts.
          run: (input: unknown) => run(new Proxy(new String(input), { get: counted })),
        });
        return [counting(one), counting(other)];
      },
    };
    const counted = (text: object, name: PropertyKey): unknown => {
      compared += 1 + random() / 10;
      return Reflect.get(text, name);
    };
    const { t } = await measure(timed, { samples: 2000, seed: 6, now: () => compared });
    expect(Math.abs(t)).toBeGreaterThan(THRESHOLD);
  });

  it('has cases whose inputs are wrong, of one length, and right as far as they say', async () => {
    for (const { name, pair } of timedCases(chance(7))) {
      const [one, other] = await pair();
      const lengths = new Set([...one.near, ...other.near].map((input) => String(input).length));
      expect(lengths.size, name).toBe(1);
      for (const input of one.near) {
        const answer = await one.run(input);
        const isTaken = answer !== null && typeof answer === 'object' && 'ok' in answer && answer.ok === true;
        expect(isTaken, name).toBe(false);
      }
    }
  });
});
