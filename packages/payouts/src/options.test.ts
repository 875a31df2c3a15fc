import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { SECRET, scene } from '../test/scene.js';
import { businessOf, payoutsContext } from './options.js';
import type { BursarStorage } from './storage.js';

describe('payoutsContext', () => {
  it('puts the ledger beside authentication, on the same storage', async () => {
    const storage = memoryStorage();
    const context = payoutsContext({ storage, secret: SECRET });
    expect(context.storage).toBe(storage);
    expect(context.auth.context.storage).toBe(storage);
    expect(await context.ledger.accounts([])).toEqual([]);
  });

  it('refuses a storage of credentials alone, at start-up', () => {
    const { applyTransfers: _, ...credentials } = memoryStorage();
    expect(() => payoutsContext({ storage: credentials as BursarStorage, secret: SECRET })).toThrow(
      new TypeError('storage must be one that keeps a ledger too'),
    );
  });

  it('refuses what authentication refuses', () => {
    expect(() => payoutsContext({ storage: memoryStorage(), secret: 'short' })).toThrow(TypeError);
  });
});

describe('businessOf', () => {
  it('finds each side by its id', async () => {
    const { payouts } = await scene();
    expect(await businessOf(payouts.context, 'biz_1')).toMatchObject({ id: 'biz_1', mode: 'live' });
    expect(await businessOf(payouts.context, 'biz_1_test')).toMatchObject({ id: 'biz_1_test', mode: 'test' });
  });

  it('throws where there is none, and names it', async () => {
    const { payouts } = await scene();
    await expect(businessOf(payouts.context, 'biz_2')).rejects.toThrow(
      new Error('The business "biz_2" does not exist: create it first.'),
    );
  });
});
