import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('keyedHmac', () => {
  it('does without node:crypto where the runtime has none', async () => {
    vi.resetModules();
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
    const { nodeCrypto } = await import('../node-crypto.js');
    const { keyedHmac } = await import('./hmac.js');
    expect(nodeCrypto).toBeUndefined();
    // RFC 4231, section 4.2.
    expect(keyedHmac(new Uint8Array(20).fill(0x0b))('Hi There')).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
  });
});
