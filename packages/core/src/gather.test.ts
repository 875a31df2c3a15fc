import { describe, expect, it } from 'vitest';
import { gather } from './gather.js';
import type { Awaitable } from './storage.js';

const overloaded = (): Error => new Error('overloaded');

interface Batch {
  readonly inputs: readonly number[];
  answer(outputs: readonly unknown[]): void;
  fail(reason: unknown): void;
}

/** A promise as a query builder gives it: of no class that we know, and it runs when it is asked. */
class Lazy {
  constructor(private readonly run: () => number[]) {}
  // biome-ignore lint/suspicious/noThenProperty: it is what the test is about
  then(done: (value: number[]) => void): void {
    done(this.run());
  }
}

/** A `run` that answers when the test says so. */
function manual() {
  const batches: Batch[] = [];
  const run = (inputs: readonly number[]): Promise<readonly number[]> =>
    new Promise((resolve, reject) => {
      batches.push({ inputs, answer: (outputs) => resolve(outputs as number[]), fail: reject });
    });
  const batch = (index: number): Batch => batches[index] as Batch;
  return { run, batches, batch };
}

/** Lets everything happen that waits for nothing from outside. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

const doubled = (inputs: readonly number[]): number[] => inputs.map((input) => input * 2);

describe('gather', () => {
  it('goes at once when nothing is under way, and answers without a promise when it can', () => {
    const ask = gather((inputs: readonly number[]) => doubled(inputs), { overloaded });
    expect(ask(1)).toBe(2);
    expect(ask(2)).toBe(4);
  });

  it('gathers what arrives while a batch is under way, in the order of arrival', async () => {
    const { run, batches, batch } = manual();
    const ask = gather(run, { overloaded });
    const answers = [1, 2, 3].map(ask);
    expect(batches.map((one) => one.inputs)).toEqual([[1]]);
    batch(0).answer([10]);
    await settled();
    expect(batches.map((one) => one.inputs)).toEqual([[1], [2, 3]]);
    answers.push(ask(4) as Promise<number>);
    batch(1).answer([20, 30]);
    await settled();
    expect(batches.map((one) => one.inputs)).toEqual([[1], [2, 3], [4]]);
    batch(2).answer([40]);
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40]);
  });

  it('goes at once again after all is done', async () => {
    const { run, batches, batch } = manual();
    const ask = gather(run, { overloaded });
    for (let round = 0; round < 3; round++) {
      const answer = ask(round);
      expect(batches).toHaveLength(round + 1);
      batch(round).answer([round]);
      expect(await answer).toBe(round);
      await settled();
    }
  });

  it('has callers who come again together go together, where it may wait a turn', async () => {
    const batches: number[] = [];
    const run = async (inputs: readonly number[]): Promise<number[]> => {
      batches.push(inputs.length);
      return doubled(inputs);
    };
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const ask = gather(run, { overloaded, turn });
    const call = async (input: number): Promise<void> => {
      for (let times = 0; times < 3; times++) expect(await ask(input)).toBe(2 * input);
    };
    await Promise.all([1, 2, 3, 4].map(call));
    // Nothing was known of the first one; from then on there are no batches of one beside one of three.
    expect(batches).toEqual([1, 3, 4, 4]);
    await turn();
    await Promise.all([ask(1), ask(2)]);
    expect(batches.slice(4)).toEqual([2]);
  });

  it('has one batch under way at a time, where it may wait a turn too', async () => {
    const held: (() => void)[] = [];
    const run = (inputs: readonly number[]) =>
      new Promise<number[]>((resolve) => held.push(() => resolve(doubled(inputs))));
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const ask = gather(run, { overloaded, turn });
    const first = ask(0);
    held[0]?.();
    await first;
    await turn();
    await turn();
    const asked = [ask(1), ask(2)];
    await turn();
    await turn();
    asked.push(ask(3));
    await turn();
    await turn();
    expect(held).toHaveLength(2);
    held[1]?.();
    await turn();
    await turn();
    held[2]?.();
    expect(await Promise.all(asked)).toEqual([2, 4, 6]);
  });

  it('waits no turn for what answers without a promise', () => {
    const turn = (): Promise<void> => Promise.reject(new Error('nobody waits'));
    const ask = gather((inputs: readonly number[]) => doubled(inputs), { overloaded, turn });
    expect([ask(1), ask(2)]).toEqual([2, 4]);
  });

  it('gives a batch no more than its most', async () => {
    const sizes: number[] = [];
    const run = async (inputs: readonly number[]): Promise<number[]> => {
      sizes.push(inputs.length);
      return doubled(inputs);
    };
    const ask = gather(run, { maxBatch: 4, overloaded });
    const inputs = Array.from({ length: 11 }, (_, index) => index);
    expect(await Promise.all(inputs.map(ask))).toEqual(doubled(inputs));
    expect(sizes).toEqual([1, 4, 4, 2]);
  });

  it('takes 256 at once unless told otherwise', async () => {
    const sizes: number[] = [];
    const ask = gather(
      async (inputs: readonly number[]) => {
        sizes.push(inputs.length);
        return inputs;
      },
      { overloaded },
    );
    await Promise.all(Array.from({ length: 600 }, (_, index) => ask(index)));
    expect(sizes).toEqual([1, 256, 256, 87]);
  });

  it('refuses what finds the queue full, and serves what waits', async () => {
    const { run, batch } = manual();
    const ask = gather(run, { maxQueue: 2, overloaded });
    const answers = [1, 2, 3].map(ask);
    await expect(ask(4)).rejects.toThrow('overloaded');
    batch(0).answer([1]);
    await settled();
    const later = ask(5);
    batch(1).answer([2, 3]);
    await settled();
    batch(2).answer([5]);
    expect(await Promise.all([...answers, later])).toEqual([1, 2, 3, 5]);
  });

  it('fails the inputs of a batch that fails, and no others', async () => {
    const { run, batch } = manual();
    const ask = gather(run, { maxBatch: 2, overloaded });
    const answers = [1, 2, 3, 4, 5].map(ask);
    const outcomes = Promise.allSettled(answers);
    batch(0).fail(new Error('first'));
    await settled();
    batch(1).answer([2, 3]);
    await settled();
    batch(2).fail(new Error('third'));
    const statuses = (await outcomes).map((outcome) => outcome.status);
    expect(statuses).toEqual(['rejected', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  });

  it('throws at once what run throws at once, and goes on', async () => {
    let broken = true;
    const ask = gather(
      (inputs: readonly number[]): Awaitable<number[]> => {
        if (broken) throw new Error('broken');
        return doubled(inputs);
      },
      { overloaded },
    );
    expect(() => ask(1)).toThrow('broken');
    broken = false;
    expect(ask(2)).toBe(4);
  });

  it('rejects those who wait when run throws at once for a later batch', async () => {
    const { run, batches, batch } = manual();
    const ask = gather(
      (inputs: readonly number[]) => {
        if (batches.length === 1) throw new Error('broken');
        return run(inputs);
      },
      { overloaded },
    );
    const answers = [1, 2].map(ask);
    batch(0).answer([1]);
    expect(await answers[0]).toBe(1);
    await expect(answers[1]).rejects.toThrow('broken');
  });

  it.each([
    ['short', [1]],
    ['long', [1, 2, 3]],
    ['empty', []],
  ])('gives nobody an answer when it is %s', async (_, outputs: readonly unknown[]) => {
    const { run, batch } = manual();
    const ask = gather(run, { overloaded });
    const outcomes = Promise.allSettled([0, 1, 2].map(ask));
    batch(0).answer([0]);
    await settled();
    batch(1).answer(outputs);
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('gives nobody an answer when the first one is short, at once or later', async () => {
    expect(() => gather((): number[] => [], { overloaded })(1)).toThrow(/0 results for a batch of 1/);
    await expect(gather(async (): Promise<number[]> => [], { overloaded })(1)).rejects.toThrow(/0 results/);
  });

  it('waits for a promise that is not of this realm, or a query builder that runs when it is asked', async () => {
    let runs = 0;
    const run = (inputs: readonly number[]): Promise<number[]> =>
      new Lazy(() => {
        runs++;
        return doubled(inputs);
      }) as unknown as Promise<number[]>;
    const ask = gather(run, { overloaded });
    expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([2, 4, 6]);
    expect(runs).toBe(2);
  });

  it('never gives one caller the answer of another, whatever comes when', async () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const run = (inputs: readonly number[]): Awaitable<number[]> => {
      if (random(10) === 0) throw new Error('at once');
      if (random(3) === 0) return doubled(inputs);
      return (async () => {
        for (let turns = random(8); turns > 0; turns--) await Promise.resolve();
        if (random(6) === 0) throw new Error('later');
        return random(12) === 0 ? doubled(inputs).slice(1) : doubled(inputs);
      })();
    };
    const ask = gather(run, { maxBatch: 5, maxQueue: 1000, overloaded });
    let answered = 0;
    const caller = async (input: number): Promise<void> => {
      for (let turns = random(200); turns > 0; turns--) await Promise.resolve();
      try {
        expect(await ask(input)).toBe(input * 2);
        answered++;
      } catch (error) {
        expect((error as Error).message).toMatch(/^(at once|later|overloaded|storage answered .*)$/);
      }
    };
    await Promise.all(Array.from({ length: 5000 }, (_, input) => caller(input)));
    expect(answered).toBeGreaterThan(500);
    expect(await caller(1)).toBeUndefined();
  });
});
