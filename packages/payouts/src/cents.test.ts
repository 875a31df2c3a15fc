import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Cents, cents, MAX_AMOUNT } from './cents.js';

describe('cents', () => {
  it.each([0, 1, 100_000_000, 2 ** 53 - 1])('takes %d as it is', (amount) => {
    expect(cents(amount)).toBe(amount);
  });

  it.each<[string, unknown]>([
    ['less than nothing', -1],
    ['a zero with a sign', -0],
    ['a fraction', 0.5],
    ['a fraction that the smallest difference makes', 1 + Number.EPSILON],
    ['more than 2^53 - 1', 2 ** 53],
    ['less than -(2^53 - 1)', -(2 ** 53)],
    ['no number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a text of digits', '5'],
    ['a bigint', 5n],
    ['null', null],
    ['nothing', undefined],
    ['a list of one amount', [5]],
  ])('refuses %s by a RangeError that says what an amount is', (_case, amount) => {
    expect(() => cents(amount as number)).toThrow(RangeError);
    expect(() => cents(amount as number)).toThrow('an integer of the smallest unit, from 0 to 2^53 - 1');
  });

  it('is a type that no plain number has', () => {
    expectTypeOf(cents(1)).toEqualTypeOf<Cents>();
    expectTypeOf<number>().not.toExtend<Cents>();
    expectTypeOf<Cents>().toExtend<number>();
  });
});

describe('MAX_AMOUNT', () => {
  it('is 100,000,000 of the smallest unit', () => {
    expect(MAX_AMOUNT).toBe(100_000_000);
    expectTypeOf(MAX_AMOUNT).toEqualTypeOf<Cents>();
  });
});
