import { describe, expect, it } from 'vitest';
import { formatAmount, parseAmount, typedAmount } from './amount.js';

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u200e\u200f\u061c]/g, '');

describe('an amount is shown', () => {
  it.each([
    [123_450, 'USD', 'en-US', '$1,234.50'],
    [123_450, 'EUR', 'fr', '1 234,50 €'],
    [500, 'JPY', 'en', '¥500'],
    [5, 'KWD', 'en', 'KWD 0.005'],
    [0, 'USD', 'en', '$0.00'],
    [-25, 'USD', 'en', '-$0.25'],
    [9_007_199_254_740_991, 'USD', 'en', '$90,071,992,547,409.91'],
  ])('%d %s in %s as %s', (amount, currency, language, shown) => {
    expect(plain(formatAmount(amount, currency, language))).toBe(shown);
  });

  it('with the letters of its sign from left to right, also where all else goes from right to left', () => {
    expect(formatAmount(18_415, 'USD', 'ar')).toBe('\u200f184.15\u00a0\u2066US$\u2069');
  });

  it('with its sign', () => {
    expect(formatAmount(100, 'USD', 'en', true)).toBe('+$1.00');
  });
});

describe('an amount is read', () => {
  it.each([
    ['25', 'USD', 'en', 2500],
    [' 25.5 ', 'USD', 'en', 2550],
    ['.5', 'USD', 'en', 50],
    ['1,234.56', 'USD', 'en', 123_456],
    ['1,234', 'USD', 'en', 123_400],
    ['25,50', 'EUR', 'fr', 2550],
    ['25.50', 'EUR', 'fr', 2550],
    ['1 234,5', 'EUR', 'fr', 123_450],
    ['1\u202f234,5', 'EUR', 'fr', 123_450],
    ['1.234,50', 'EUR', 'de', 123_450],
    ['٢٥٫٥٠', 'USD', 'ar-EG', 2550],
    ['25.50', 'USD', 'ar-EG', 2550],
    ['٢٥', 'USD', 'en', 2500],
    ['500', 'JPY', 'en', 500],
    ['1.005', 'KWD', 'en', 1005],
  ])('%j %s in %s as %d', (typed, currency, language, amount) => {
    expect(parseAmount(typed, currency, language)).toBe(amount);
  });

  it.each([
    ['', 'USD', 'en'],
    ['.', 'USD', 'en'],
    ['12,50', 'USD', 'en'],
    ['1,23,456', 'USD', 'en'],
    [',123', 'USD', 'en'],
    ['1.2.3', 'USD', 'en'],
    ['25.505', 'USD', 'en'],
    ['25.5', 'JPY', 'en'],
    ['25.50', 'EUR', 'de'],
    ['-5', 'USD', 'en'],
    ['+5', 'USD', 'en'],
    ['1e3', 'USD', 'en'],
    ['0x10', 'USD', 'en'],
    ['$5', 'USD', 'en'],
    ['99999999999999999', 'USD', 'en'],
    ['2\u202e5', 'USD', 'en'],
  ])('%j %s in %s as none', (typed, currency, language) => {
    expect(parseAmount(typed, currency, language)).toBeNull();
  });

  it.each(['en', 'fr', 'es', 'ar', 'ar-EG', 'de', 'hi'])('as it is written for the field, in %s', (language) => {
    for (const [amount, currency] of [
      [123_456_789, 'USD'],
      [1000, 'JPY'],
      [7, 'KWD'],
    ] as const) {
      expect(parseAmount(typedAmount(amount, currency, language), currency, language)).toBe(amount);
    }
  });
});
