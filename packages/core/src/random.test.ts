import { afterEach, describe, expect, it, vi } from 'vitest';
import { randomBase62, randomName, toBase62 } from './random.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Puts this function in the place of `crypto.getRandomValues`. Bun lets nobody take a spy off it again. */
function draw(bytes: (array: Uint8Array) => Uint8Array): void {
  vi.stubGlobal('crypto', { getRandomValues: bytes });
}

/** Gives these bytes, over and over, in place of random ones. */
function deal(bytes: readonly number[]): void {
  let next = 0;
  draw((array) => {
    for (let index = 0; index < array.length; index++) array[index] = bytes[next++ % bytes.length] as number;
    return array;
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('randomBase62', () => {
  it('gives each character for exactly 4 of the 256 bytes and drops the other 8, so no character is favoured', () => {
    deal(Array.from({ length: 256 }, (_, byte) => byte));
    const counts = new Map<string, number>();
    // 248 usable bytes a round; a call takes twice its length, so one call of 248 sees a round from its start.
    for (const character of randomBase62(248)) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([...ALPHABET].sort());
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it('draws again when too many bytes were dropped', () => {
    deal([...Array<number>(100).fill(255), ...Array<number>(100).fill(248), 10, 61]);
    expect(randomBase62(4)).toBe('AzAz'.slice(0, 4));
  });

  it('spreads evenly over real random bytes', () => {
    const counts = new Map<string, number>();
    for (let round = 0; round < 1000; round++) {
      for (const character of randomBase62(62)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const chiSquared = [...ALPHABET].reduce((sum, one) => sum + ((counts.get(one) ?? 0) - 1000) ** 2 / 1000, 0);
    // 61 degrees of freedom: beyond 150 happens by chance once in 10^9 runs. With modulo bias it would be above 400.
    expect(chiSquared).toBeLessThan(150);
  });
});

describe('toBase62', () => {
  it.each([
    [0, '000000'],
    [61, '00000z'],
    [62, '000010'],
    [0xff_ff_ff_ff, '4gfFC3'],
  ])('writes %d as %s', (value, text) => {
    expect(toBase62(value, 6)).toBe(text);
  });
});

describe('randomName', () => {
  it('is another one each time, of the same characters', () => {
    const names = Array.from({ length: 2000 }, () => randomName(22));
    expect(new Set(names).size).toBe(2000);
    for (const name of names) expect(name).toMatch(/^[0-9A-Za-z]{22}$/);
  });

  it('draws its bytes for many at a time', () => {
    const { crypto: real } = globalThis;
    const drawn = vi.fn((array: Uint8Array) => real.getRandomValues(array as Uint8Array<ArrayBuffer>));
    draw(drawn);
    for (let count = 0; count < 150; count++) randomName(22);
    expect(drawn.mock.calls.length).toBeLessThanOrEqual(2);
  });
});
