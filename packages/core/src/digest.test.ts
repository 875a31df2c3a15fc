import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { digest } from './digest.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The module as a runtime without `node:crypto` loads it. */
async function portable(): Promise<typeof digest> {
  vi.resetModules();
  vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
  return (await import('./digest.js')).digest;
}

// FIPS 180-4 examples; the last ones around the length of a block.
const TEXTS = [
  '',
  'abc',
  'é😀',
  '\u0000',
  '\ud800',
  'a'.repeat(55),
  'a'.repeat(56),
  'a'.repeat(64),
  'x'.repeat(10_000),
];

describe('digest', () => {
  it('is the SHA-256 that FIPS 180-4 gives for "abc"', () => {
    expect(digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it.each(TEXTS)('is the same on both paths for %j', async (text) => {
    const expected = createHash('sha256').update(text, 'utf8').digest('hex');
    expect(digest(text)).toBe(expected);
    expect((await portable())(text)).toBe(expected);
  });
});
