import { describe, expect, it } from 'vitest';
import { repeatedMembers } from './repeated-members.js';

describe('repeatedMembers', () => {
  it.each([
    ['{}', []],
    ['{"a":1,"b":2}', []],
    ['{"a":1,"a":1}', ['a']],
    ['{"a":1,"b":2,"a":3,"b":4,"a":5}', ['a', 'b']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"é":1,"\\u00e9":2}', ['é']],
    ['{"a":{"x":1,"x":2},"b":[{"y":1,"y":2}]}', ['a', 'b']],
    ['{"a":{"a":1},"b":{"a":1}}', []],
    ['{"a":[{"x":1},{"x":2}]}', []],
    ['{"a":"\\"a\\":1,\\"a\\":2"}', []],
    ['{"a":"{\\\\","b":"}"}', []],
    ['{"a\\\\":1,"a":2}', []],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['{"":1,"":2}', ['']],
    [' { "a" : [ 1 , "a" , "a" ] , "b" : "a" } ', []],
    ['[1,1]', []],
    ['"a"', []],
    ['7', []],
    ['null', []],
    ['""', []],
  ])('of %s are %j', (text, expected) => {
    expect(repeatedMembers(text)).toEqual(expected);
  });

  it('finds one in an array at the top, which has no members to name', () => {
    expect(repeatedMembers('[{"a":1,"a":2}]')).toEqual(['']);
  });

  // A busy machine may spoil one measurement, and not four.
  it('costs a long body no more than its length', { retry: 3 }, () => {
    const texts = [
      (n: number) => `{${Array.from({ length: n / 10 }, (_, index) => `"${index}":1`).join(',')}}`,
      (n: number) => `${'['.repeat(n / 2)}${']'.repeat(n / 2)}`,
      (n: number) => `${'{"a":'.repeat(n / 6)}1${'}'.repeat(n / 6)}`,
      (n: number) => `"${'\\\\'.repeat(n / 2)}"`,
    ];
    for (const make of texts) {
      const times = [50_000, 800_000].map((length) => {
        const text = make(length);
        const runs = [0, 1, 2].map(() => {
          const start = performance.now();
          repeatedMembers(text);
          return performance.now() - start;
        });
        return Math.min(...runs);
      }) as [number, number];
      // As for `redact`: a square would take 256 times as long, and seconds for the shorter one.
      expect(times[1]).toBeLessThan((times[0] + 5) * 64);
    }
  });
});
