import { StorageUnavailableError } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it, vi } from 'vitest';
import { later, SECRET, scene } from '../test/scene.js';
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

  it('lets ten thousand look-ups of businesses wait for a storage that hangs, and refuses one more', async () => {
    const storage = { ...memoryStorage(), findBusiness: () => new Promise<never>(() => undefined) };
    const { findBusiness } = payoutsContext({ storage, secret: SECRET });
    const asked = Array.from({ length: 10_002 }, (_, index) => findBusiness(`biz_${index}` as never));
    await expect(asked.at(-1)).rejects.toThrow(
      new StorageUnavailableError(new Error('too many operations wait for their business')),
    );
  });

  it('refuses a storage of credentials alone, at start-up', () => {
    const { applyTransfers: _, ...credentials } = memoryStorage();
    expect(() => payoutsContext({ storage: credentials as BursarStorage, secret: SECRET })).toThrow(
      new TypeError('storage must be one that keeps a ledger too'),
    );
  });

  it.each([
    [{ maxQueue: -1 }, 'ledger.maxQueue must be an integer from 0'],
    [{ maxQueue: 0.5 }, 'ledger.maxQueue must be an integer from 0'],
    [{ deadlineMs: 0 }, 'ledger.deadlineMs must be an integer from 1'],
    [{ deadlineMs: Number.POSITIVE_INFINITY }, 'ledger.deadlineMs must be an integer from 1'],
  ])('refuses the bounds %j by name', (ledger, message) => {
    expect(() => payoutsContext({ storage: memoryStorage(), secret: SECRET, ledger })).toThrow(new TypeError(message));
  });

  it('takes the smallest bounds', () => {
    const ledger = { maxQueue: 0, deadlineMs: 1 };
    expect(() => payoutsContext({ storage: memoryStorage(), secret: SECRET, ledger })).not.toThrow();
  });

  it('refuses to audit on a storage without an audit log, and only to audit', () => {
    const { appendAudit: _, ...storage } = memoryStorage();
    const options = { storage: storage as BursarStorage, secret: SECRET };
    expect(() => payoutsContext({ ...options, audit: true })).toThrow(
      new TypeError('storage must be one that keeps an audit log, for audit: true'),
    );
    expect(() => payoutsContext(options)).not.toThrow();
  });

  it('refuses a hook that is no function', () => {
    for (const name of ['onAnswer', 'aroundRequest'] as const) {
      const options = { storage: memoryStorage(), secret: SECRET, [name]: 'x' as never };
      expect(() => payoutsContext(options)).toThrow(new TypeError(`${name} must be a function`));
    }
  });

  it('writes events only where it is asked to', () => {
    const made = (options = {}) => payoutsContext({ storage: memoryStorage(), secret: SECRET, ...options }).events;
    expect([made(), made({ events: false }), made({ events: true })]).toEqual([false, false, true]);
  });

  it('seals for another purpose, which no destination can be opened by', async () => {
    const { seal, sealFor } = payoutsContext({ storage: memoryStorage(), secret: SECRET });
    const ref = { businessId: 'biz_1' as never, id: 'w_1' };
    const sealed = await sealFor('webhook_secret').seal(ref, { text: 'x' });
    expect(
      await sealFor('webhook_secret').open({ ...ref, destinationSecretId: seal.secretId } as never, sealed),
    ).toEqual({
      text: 'x',
    });
    await expect(
      Promise.resolve(seal.open({ ...ref, destinationSecretId: seal.secretId } as never, sealed)),
    ).rejects.toThrow();
  });

  it('refuses what authentication refuses', () => {
    expect(() => payoutsContext({ storage: memoryStorage(), secret: 'short' })).toThrow(TypeError);
  });
});

describe('businessOf', () => {
  it('asks storage once for all who ask together', async () => {
    const storage = later(memoryStorage());
    const { payouts } = await scene({ storage });
    const find = vi.spyOn(storage, 'findBusiness');
    const found = await Promise.all(
      Array.from({ length: 250 }, (_, index) => businessOf(payouts.context, index % 2 === 0 ? 'biz_1' : 'biz_1_test')),
    );
    expect(found.map(({ id }) => id).slice(0, 4)).toEqual(['biz_1', 'biz_1_test', 'biz_1', 'biz_1_test']);
    // The first goes at once, and the others together.
    expect(find).toHaveBeenCalledTimes(3);
  });

  it('does not refuse one for the wrong id of another', async () => {
    const { payouts } = await scene({ storage: later(memoryStorage()) });
    const asked = ['biz_1', 'no/such id', 'biz_9', 'biz_1'].map((id) => businessOf(payouts.context, id));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
  });

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
