import { describe, expect, it } from 'vitest';
import { nodeHeader, nodeQuery } from './node-request.js';

/** A request as Node has it: of each header the first, and all as they came. */
const sent = (...rawHeaders: string[]) => ({
  httpVersionMajor: 1,
  headers: Object.fromEntries(
    rawHeaders
      .flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1]]] : []))
      .reverse(),
  ),
  rawHeaders,
});

describe('a header of a request of Node', () => {
  it.each([
    [['Authorization', 'a'], 'a'],
    [['Host', 'b', 'AUTHORIZATION', 'a'], 'a'],
    [[], undefined],
    [['Authorization', 'a', 'Authorizatiom', 'b'], 'a'],
    // A value that reads like a name, and a name of the same length.
    [['X', 'authorization', 'Authorizatiom', 'c'], undefined],
  ])('is the one that was sent: %j', (raw, value) => {
    expect(nodeHeader(sent(...raw), 'authorization')).toBe(value);
  });

  it('is all of them where it was sent more than once, as one line', () => {
    const twice = sent('Authorization', 'a', 'Host', 'x', 'authorization', 'b');
    expect(nodeHeader(twice, 'authorization')).toBe('a, b');
    expect(nodeHeader(sent(...twice.rawHeaders, 'AUTHORIZATION', 'c'), 'authorization')).toBe('a, b, c');
  });

  it('is what the host has made of one that was sent once', () => {
    const request = sent('Authorization', 'a');
    expect(nodeHeader({ ...request, headers: { authorization: 'b' } }, 'authorization')).toBe('b');
    expect(nodeHeader({ ...request, headers: {} }, 'authorization')).toBeUndefined();
    expect(nodeHeader({ ...request, headers: { authorization: ['b', 'c'] } }, 'authorization')).toBe('b, c');
  });

  it('is none that every object has', () => {
    expect(nodeHeader(sent(), 'constructor')).toBeUndefined();
  });
});

describe('a parameter of the query of a request of Node', () => {
  it.each([
    ['/v1?a=1&b=2&a=3', ['1', '3']],
    ['/v1?a=%20+x', ['  x']],
    ['/v1?a=1?2', ['1?2']],
    ['/v1?a[]=1', []],
    ['/?a=1', ['1']],
    ['/a=1', []],
    ['/v1/a', []],
    ['', []],
    ['?a=1', ['1']],
  ])('is each of its values in %j', (url, values) => {
    expect(nodeQuery({ ...sent(), url }, 'a')).toEqual(values);
  });

  it('is none without a URL', () => {
    expect(nodeQuery(sent(), 'a')).toEqual([]);
  });
});
