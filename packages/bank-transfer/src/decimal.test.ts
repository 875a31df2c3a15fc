import { describe, expect, it } from 'vitest';
import { decimal, decimalsOf } from './decimal.js';

describe('the decimals of a currency', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['HUF', 2],
  ])('%s has %i', (currency, decimals) => {
    expect(decimalsOf(currency)).toBe(decimals);
  });
});

describe('a decimal number', () => {
  it.each([
    [0, 2, '0.00'],
    [1, 2, '0.01'],
    [10, 2, '0.10'],
    [123_450, 2, '1234.50'],
    [9_007_199_254_740_991, 2, '90071992547409.91'],
    [7, 3, '0.007'],
    [100, 0, '100'],
  ])('%i with %i decimals is %s', (amount, decimals, text) => {
    expect(decimal(amount, decimals)).toBe(text);
  });

  it.each([0.5, -1, 2 ** 53, Number.NaN])('%d is none', (amount) => {
    expect(() => decimal(amount, 2)).toThrow(RangeError);
  });
});
