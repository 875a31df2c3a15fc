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
    ['{"a\\"":1,"a\\"":2}', ['a"']],
    ['{"a":"\\\\","b":1,"b":2}', ['b']],
    ['{"a":"\\",\\"a\\":","b":1}', []],
    ['{"a":[1],"a":2}', ['a']],
    ['{"a":[[]],"b":1,"b":2}', ['b']],
    ['{"a":[{"b":1},"b"],"c":[]}', []],
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
});
