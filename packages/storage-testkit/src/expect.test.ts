import { describe, expect, it } from 'vitest';
import { expectEqual, expectRejection, expectTrue } from './expect.js';

describe('expectEqual', () => {
  it('takes what is left out for undefined, and objects without a prototype for objects', () => {
    expectEqual({ a: 1, b: undefined }, Object.assign(Object.create(null), { a: 1 }), 'two records');
  });

  it('names the first place that differs, and what was expected there', () => {
    const compare = () => expectEqual([{ a: { b: 1 } }], [{ a: { b: 2 } }], 'the answer');
    expect(compare).toThrow('the answer\n  where:    [0].a.b\n  expected: 2\n  actual:   1');
  });

  it.each([
    ['a number and its text', 1, '1'],
    ['undefined and null', undefined, null],
    ['a field too many', { a: 1, b: 2 }, { a: 1 }],
    ['a field too few', { a: 1 }, { a: 1, b: 2 }],
    ['an array and an object', [], {}],
    ['an array that is longer', [1, 2], [1]],
    ['an inherited field', Object.create({ a: 1 }), { a: 1 }],
    ['a bigint and a number', 1n, 1],
    ['minus zero and zero', -0, 0],
  ])('tells %s apart', (_, actual, expected) => {
    expect(() => expectEqual(actual, expected, 'the answer')).toThrow('the answer');
    expect(() => expectEqual(expected, actual, 'the answer')).toThrow('the answer');
  });
});

describe('expectTrue and expectRejection', () => {
  it('fail with the sentence that they were given', async () => {
    expect(() => expectTrue(false, 'it must hold')).toThrow('it must hold');
    await expect(expectRejection(async () => 7, 'it must throw')).rejects.toThrow('the answer 7');
    await expectRejection(() => {
      throw new Error('at once');
    }, 'it must throw');
    await expectRejection(async () => Promise.reject(new Error('later')), 'it must throw');
  });
});
