import { describe, expect, it } from 'vitest';
import { retryAfterSeconds, waitMs } from './retry.js';

const NOW = Date.UTC(2026, 0, 1);

describe('the wait', () => {
  it('has a bound that doubles up to eight seconds, and any length below it', () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6, 100].map((retries) => waitMs(retries, { code: 'timeout' }, () => 1));
    expect(bounds).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    expect(waitMs(3, { code: 'timeout' }, () => 0)).toBe(0);
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ])('%s is %d seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });

  it.each([null, '', '-1', '1.5', '1e3', 'soon', '99999999999', 'yesterday GMT'])('%s is none', (header) => {
    expect(retryAfterSeconds(header, NOW)).toBeNull();
  });
});
