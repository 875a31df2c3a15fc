import { describe, expect, it } from 'vitest';
import { isBusy, retryBusy, retryBusyBlocking } from './busy.js';

const busy = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });

function clock(): {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly slept: number[];
} {
  const slept: number[] = [];
  const now = (): number => slept.reduce((sum, ms) => sum + ms, 0);
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
  };
  return { now, sleep, slept };
}

describe('isBusy', () => {
  it.each([
    ['better-sqlite3', { code: 'SQLITE_BUSY' }, true],
    ['better-sqlite3, an extended code', { code: 'SQLITE_BUSY_RECOVERY' }, true],
    ['node:sqlite', { code: 'ERR_SQLITE_ERROR', errcode: 5 }, true],
    ['node:sqlite, an extended code', { code: 'ERR_SQLITE_ERROR', errcode: 517 }, true],
    ['bun:sqlite', { errno: 5 }, true],
    ['a full disk', { code: 'SQLITE_FULL', errcode: 13 }, false],
    ['another error', { code: 'EBUSY' }, false],
    ['something that is not an error', null, false],
  ])('knows the error of %s', (_driver, error, expected) => {
    expect(isBusy(error)).toBe(expected);
  });
});

describe('retryBusy', () => {
  it('tries again until the lock is free', async () => {
    const { now, sleep, slept } = clock();
    let tries = 0;
    const work = (): string => {
      if (++tries < 4) throw busy;
      return 'done';
    };
    expect(await retryBusy(work, { timeoutMs: 5000, now, random: () => 1 }, sleep)).toBe('done');
    expect(slept).toHaveLength(4);
  });

  it('never sleeps for more than 10 ms, nor past its time, and then throws what SQLite said', async () => {
    const { now, sleep, slept } = clock();
    const work = (): never => {
      throw busy;
    };
    await expect(retryBusy(work, { timeoutMs: 100, now, random: () => 1 }, sleep)).rejects.toBe(busy);
    expect(Math.max(...slept)).toBeLessThanOrEqual(10);
    expect(now()).toBeCloseTo(100);
  });

  it('sleeps for other times than the process beside it', async () => {
    const [early, late] = [clock(), clock()];
    const work = (): never => {
      throw busy;
    };
    await retryBusy(work, { timeoutMs: 30, now: early.now, random: () => 0 }, early.sleep).catch(() => undefined);
    await retryBusy(work, { timeoutMs: 30, now: late.now, random: () => 1 }, late.sleep).catch(() => undefined);
    expect(early.slept[0]).not.toBe(late.slept[0]);
  });

  it('does not try again after another error', async () => {
    const { now, sleep, slept } = clock();
    const other = new Error('no such table');
    const work = (): never => {
      throw other;
    };
    await expect(retryBusy(work, { timeoutMs: 100, now, random: () => 1 }, sleep)).rejects.toBe(other);
    expect(slept).toHaveLength(1);
  });
});

describe('retryBusyBlocking', () => {
  it('tries again until the lock is free, or its time is over', () => {
    let tries = 0;
    const work = (): string => {
      if (++tries < 3) throw busy;
      return 'done';
    };
    const wait = { timeoutMs: 1000, now: () => performance.now(), random: () => 0 };
    expect(retryBusyBlocking(work, wait)).toBe('done');
    tries = -1000;
    expect(() => retryBusyBlocking(work, { ...wait, timeoutMs: 0 })).toThrow('database is locked');
  });
});
