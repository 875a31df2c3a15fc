import { describe, expect, it } from 'vitest';
import { type Ended, ending, watchCalls } from './watch-calls.js';

describe('a watched storage', () => {
  it('answers as the storage does, and has each call seen', () => {
    const seen: unknown[] = [];
    const storage = { one: (a: number, b: number) => a + b, name: 'plain' };
    const watched = watchCalls(storage, (call, inputs, run) => {
      seen.push([call, inputs]);
      return run();
    });
    expect([watched.one(1, 2), watched.name, watched.one]).toEqual([3, 'plain', watched.one]);
    expect(seen).toEqual([['one', [1, 2]]]);
  });

  it('may be frozen, or of a class with private fields', () => {
    class Counter {
      #count = 0;
      next() {
        this.#count += 1;
        return this.#count;
      }
    }
    const around = <Answer>(_: string, __: readonly unknown[], run: () => Answer) => run();
    const watched = watchCalls(Object.freeze(new Counter()), around);
    expect([watched.next(), watched.next()]).toEqual([1, 2]);
    expect('next' in watched).toBe(true);
  });
});

describe('the end of a call', () => {
  const told: Ended[] = [];
  const note = (how: Ended) => {
    told.length = 0;
    told.push(how);
  };
  const bug = new Error('a bug');
  const throwing = () => {
    throw bug;
  };

  it('is told of an answer without a promise, at once', () => {
    expect(ending(() => 5, note)).toBe(5);
    expect(told).toEqual([{ ok: true, answer: 5 }]);
  });

  it('is told of a promise when it settles', async () => {
    await expect(ending(() => Promise.resolve(6), note)).resolves.toBe(6);
    expect(told).toEqual([{ ok: true, answer: 6 }]);
    await expect(ending(() => Promise.reject(bug), note)).rejects.toBe(bug);
    expect(told).toEqual([{ ok: false, error: bug }]);
  });

  it('is told of what throws', () => {
    expect(() => ending(throwing, note)).toThrow(bug);
    expect(told).toEqual([{ ok: false, error: bug }]);
  });

  it('changes nothing where the one who is told throws', async () => {
    expect(ending(() => 5, throwing)).toBe(5);
    await expect(ending(() => Promise.resolve(6), throwing)).resolves.toBe(6);
    const other = new Error('the storage');
    await expect(ending(() => Promise.reject(other), throwing)).rejects.toBe(other);
  });

  it('has a query that runs when it is waited for run once', async () => {
    let runs = 0;
    const query = {
      // biome-ignore lint/suspicious/noThenProperty: what a query builder is
      then(resolve: (value: number) => void) {
        runs += 1;
        resolve(runs);
      },
    };
    expect(await ending(() => query as unknown as Promise<number>, note)).toBe(1);
    expect(runs).toBe(1);
  });
});
