import { describe, expect, it } from 'vitest';
import { faultRun } from './fault-runs.js';

const SEEDS = 500;

describe('seeded fault runs', () => {
  it(`pay each withdrawal once at most, and lose no money, in ${SEEDS} runs`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { problems, trace } = await faultRun(seed);
      expect(problems, `seed ${seed}\n${trace.join('\n')}`).toEqual([]);
    }
  }, 120_000);

  it('are the same for the same seed, and others for another', async () => {
    const [first, again, other] = [await faultRun(7), await faultRun(7), await faultRun(8)];
    expect(again).toEqual(first);
    expect(other.trace).not.toEqual(first.trace);
  });
});
