import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DIGESTED_TEXTS } from '../test/digested-texts.js';
import type { digest } from './digest.js';

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

describe('digest without node:crypto', () => {
  it.each(DIGESTED_TEXTS)('is the same for %j', async (text) => {
    expect((await portable())(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  });
});
