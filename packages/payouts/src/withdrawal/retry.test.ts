import { describe, expect, it } from 'vitest';
import { checkInSeconds, sendAgainInSeconds, waitInSeconds } from './retry.js';

const ALMOST = () => 1 - Number.EPSILON;
const ZERO = () => 0;

describe('back-off', () => {
  it('doubles its bound with each attempt, up to 15 minutes', () => {
    const bounds = [1, 2, 3, 4, 8, 9, 100].map((attempts) => sendAgainInSeconds(attempts, ALMOST));
    expect(bounds).toEqual([5, 10, 20, 40, 640, 900, 900]);
  });

  it('takes any time up to its bound, and at least a second', () => {
    expect(sendAgainInSeconds(4, ZERO)).toBe(1);
    expect(sendAgainInSeconds(4, () => 0.5)).toBe(20);
  });

  it('checks the less often the older a withdrawal is, from half a minute to six hours', () => {
    expect([0, 30, 3600, 1e9].map((age) => checkInSeconds(age, ALMOST))).toEqual([30, 30, 3600, 21_600]);
    expect(checkInSeconds(3600, ZERO)).toBe(1);
  });

  it('looks again at what waits for the team at least each 15 minutes', () => {
    expect([0, 600, 1e9].map((age) => waitInSeconds(age, ALMOST))).toEqual([30, 600, 900]);
  });

  it('is always a whole number of seconds, as storage wants it, a clock that went back included', () => {
    for (const random of [0, 0.1, 0.37, 0.999]) {
      const delays = [sendAgainInSeconds(3, () => random), checkInSeconds(-50, () => random)];
      expect(delays.every((delay) => Number.isInteger(delay) && delay >= 1)).toBe(true);
    }
  });
});
