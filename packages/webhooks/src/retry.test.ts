import { describe, expect, it } from 'vitest';
import { RETRY_SECONDS, retryAfterSeconds, retryInSeconds } from './retry.js';

const NOW = Date.UTC(2026, 0, 1);

describe('the schedule of retries', () => {
  it('goes on for more than a day, then ends', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => retryInSeconds(RETRY_SECONDS, attempts, () => 0));
    expect(delays).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, null]);
    expect(RETRY_SECONDS.reduce((sum, delay) => sum + delay)).toBeGreaterThan(86_400);
  });

  it('spreads by at most a fifth', () => {
    expect(retryInSeconds(RETRY_SECONDS, 2, () => 0.5)).toBe(330);
    expect(retryInSeconds(RETRY_SECONDS, 2, () => 1 - Number.EPSILON)).toBe(360);
  });
});

describe('Retry-After', () => {
  it.each([
    [null, 0],
    ['120', 120],
    [' 120 ', 120],
    ['0', 0],
    ['99999999999999999999', 21_600],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['Fri, 01 Jan 2027 00:00:00 GMT', 21_600],
    ['soon', 0],
    ['', 0],
    ['-5', 0],
    ['NaN', 0],
    ['Infinity', 0],
  ])('%j is %d seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });
});
