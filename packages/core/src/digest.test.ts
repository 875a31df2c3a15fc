import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DIGESTED_TEXTS } from '../test/digested-texts.js';
import { digest } from './digest.js';

describe('digest', () => {
  it('is the SHA-256 that FIPS 180-4 gives for "abc"', () => {
    expect(digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it.each(DIGESTED_TEXTS)('is what the runtime itself computes for %j', (text) => {
    expect(digest(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  });
});
