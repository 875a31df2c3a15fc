import { describe, expect, it } from 'vitest';
import { plainAmount, typedAmount } from '../client/text.js';

describe('an amount that somebody types', () => {
  it.each([
    ['12.50', 'USD', 1250],
    ['12.5', 'USD', 1250],
    [' 12 ', 'USD', 1200],
    ['0.01', 'USD', 1],
    ['1000000', 'USD', 100_000_000],
    ['100', 'JPY', 100],
    ['1.234', 'KWD', 1234],
  ])('is %j of %s: %d of the smallest unit', (text, currency, amount) => {
    expect(typedAmount(text, currency)).toBe(amount);
  });

  it.each([
    ['1,000', 'KWD'],
    ['12,50', 'USD'],
    ['12.505', 'USD'],
    ['1.5', 'JPY'],
    ['-1', 'USD'],
    ['1e3', 'USD'],
    ['0x10', 'USD'],
    ['$5', 'USD'],
    ['.5', 'USD'],
    ['٣', 'USD'],
  ])('is none where it can be read in two ways, or not at all: %j of %s', (text, currency) => {
    expect(typedAmount(text, currency)).toBe(text);
  });

  it('is shown again as it can be typed', () => {
    for (const [amount, currency] of [
      [100_000_000, 'USD'],
      [1, 'USD'],
      [5, 'JPY'],
      [1234, 'KWD'],
    ] as const) {
      expect(typedAmount(plainAmount(amount, currency), currency)).toBe(amount);
    }
  });
});
