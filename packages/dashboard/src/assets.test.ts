import { describe, expect, it } from 'vitest';
import { builtAssets } from '../test/serve.js';
import { assetsOf } from './assets.js';

/** Both files, compressed. */
const LIMIT_BYTES = 150_000;

describe('the files of the page', () => {
  it('stay within their limit, and name whose code they have in them', async () => {
    const { script, style } = await builtAssets();
    expect(script.gzipped.length + style.gzipped.length).toBeLessThan(LIMIT_BYTES);
    const text = Buffer.from(script.plain).toString();
    expect(text).toContain('Jason Miller');
    expect(text).toContain('Matthew Miller');
  });

  it('run nothing that is made of text, which the policy would refuse', async () => {
    const { script } = await builtAssets();
    expect(Buffer.from(script.plain).toString()).not.toMatch(/\beval\(|new Function\(/);
  });

  it('are missed by name', async () => {
    await expect(assetsOf([{ name: 'page-1.js', content: new Uint8Array() }])).rejects.toThrow('without a .css file');
  });
});
