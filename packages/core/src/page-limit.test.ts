import { describe, expect, it } from 'vitest';
import { pageLimit } from './page-limit.js';

describe('the limit of a page', () => {
  it.each([1, 50, 1000])('may be %d', (limit) => {
    expect(pageLimit(limit)).toBe(limit);
  });

  it.each([0, -1, 1.5, 1001, Number.NaN, Number.POSITIVE_INFINITY, '5'])('may not be %j', (limit) => {
    expect(() => pageLimit(limit as number)).toThrow(new RangeError('limit must be an integer from 1 to 1000'));
  });
});
