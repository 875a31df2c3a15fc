import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { hasOddLength } from './odd-length.js';

const nested = (depth: number, value: unknown): unknown => (depth === 0 ? value : { a: nested(depth - 1, value) });
const ODD = { length: { toString: 1 } };

describe('an odd length', () => {
  it.each([
    ['an object', ODD],
    ['within a list', [1, ODD]],
    ['a symbol', { length: Symbol('x') }],
    ['deep within', nested(8, ODD)],
  ])('is found: %s', (_, value) => {
    expect(hasOddLength(value)).toBe(true);
  });

  it.each([
    ['a text', 'length'],
    ['a list', [1, 'a', null]],
    ['a plain one', { length: '17' }],
    ['one of a parcel', { length: { value: 17, unit: 'cm' } }],
    ['null', null],
    ['one that is null', { length: null }],
  ])('is not: %s', (_, value) => {
    expect(hasOddLength(value)).toBe(false);
  });

  it('is not looked for without end', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}{}${']'.repeat(100_000)}`);
    expect(hasOddLength(deep)).toBe(false);
  });

  it('is what zod throws for, where it should refuse', () => {
    expect(() => z.string().max(5).safeParse(ODD)).toThrow(TypeError);
    expect(
      z
        .string()
        .max(5)
        .safeParse({ length: { value: 17 } }).success,
    ).toBe(false);
  });
});
