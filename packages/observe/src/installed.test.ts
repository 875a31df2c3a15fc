import { describe, expect, it } from 'vitest';
import { ifInstalled } from './installed.js';

const MISSING: string = 'bursar-has-no-such-package';

describe('a module that may be installed', () => {
  it('is there where it is', async () => {
    expect(await ifInstalled(() => import('node:path'))).toHaveProperty('join');
  });

  it('is not there where it is not, as a module or as CommonJS', async () => {
    expect(await ifInstalled(() => import(/* @vite-ignore */ MISSING))).toBeUndefined();
    const required = Object.assign(new Error('no'), { code: 'MODULE_NOT_FOUND' });
    expect(await ifInstalled(() => Promise.reject(required))).toBeUndefined();
  });

  it('is told of where it is broken', async () => {
    const bug = new SyntaxError('half a file');
    await expect(ifInstalled(() => Promise.reject(bug))).rejects.toBe(bug);
  });
});
