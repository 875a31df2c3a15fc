import { describe, expect, it } from 'vitest';
import { canonicalText } from './canonical.js';

describe('canonicalText', () => {
  it('does not mind the order of members, at any depth', () => {
    const left = { a: 1, b: { c: [{ d: 1, e: 2 }], f: null } };
    const right = { b: { f: null, c: [{ e: 2, d: 1 }] }, a: 1 };
    expect(canonicalText(left)).toBe(canonicalText(right));
  });

  it('is the same text in every version, since the digest of it is kept', () => {
    const value = { b: 1, a: [true, { d: null, c: 'x' }], 10: 'y', 9: 'z' };
    expect(canonicalText(value)).toBe(
      '{"members":[["10","y"],["9","z"],["a",[true,{"members":[["c","x"],["d",null]]}]],["b",1]]}',
    );
  });

  it('may have 4,000 characters', () => {
    expect(canonicalText('x'.repeat(3998))).toHaveLength(4000);
    expect(canonicalText('x'.repeat(3999))).toBeUndefined();
  });

  it.each([
    [{ a: '1' }, { a: 1 }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: null }, {}],
    [{ a: { b: 1 } }, { 'a.b': 1 }],
    [{ a: [] }, { a: {} }],
    [{ a: { members: [] } }, { a: {} }],
    [JSON.parse('{"__proto__":"1"}'), {}],
    [JSON.parse('{"__proto__":"1"}'), JSON.parse('{"__proto__":"2"}')],
    [
      { 10: 'a', 9: 'b' },
      { 10: 'b', 9: 'a' },
    ],
  ])('tells %j from %j', (left, right) => {
    expect(canonicalText(left)).not.toBe(canonicalText(right));
  });

  it('takes no value that is nested too deep, however deep, or too long', () => {
    const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(canonicalText(nested(8))).toBeTypeOf('string');
    expect(canonicalText(nested(9))).toBeUndefined();
    expect(canonicalText(nested(5000))).toBeUndefined();
    expect(canonicalText({ a: 'x'.repeat(4000) })).toBeUndefined();
    expect(canonicalText(Array.from({ length: 200_000 }, () => 0))).toBeUndefined();
  });
});
