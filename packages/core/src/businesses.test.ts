import { describe, expect, it } from 'vitest';
import { START, scene } from '../test/scene.js';
import type { CreateBusinessOptions } from './businesses.js';

describe('businesses.create', () => {
  it('makes both sides', async () => {
    const { auth } = await scene();
    const shared = { name: 'Acme', currency: 'EUR', payoutsEnabled: true, createdAt: START };
    expect(await auth.businesses.create({ id: 'acme', name: 'Acme', currency: 'EUR' })).toEqual({
      live: { id: 'acme', mode: 'live', ...shared },
      test: { id: 'acme_test', mode: 'test', ...shared },
    });
  });

  it('takes a name of 255 characters', async () => {
    const { auth } = await scene();
    const name = 'x'.repeat(255);
    expect(await auth.businesses.create({ id: 'acme', name })).toMatchObject({ live: { name }, test: { name } });
  });

  it('leaves one that exists as it is', async () => {
    const { auth } = await scene();
    await auth.businesses.setPayoutsEnabled('biz_1', false);
    const again = await auth.businesses.create({ id: 'biz_1', name: 'Another' });
    expect(again.live).toMatchObject({ name: 'biz_1', payoutsEnabled: false });
    expect(again.test).toMatchObject({ payoutsEnabled: true });
  });

  it.each([
    [{ id: 'a_test' }, /^businessId must not end/],
    [{ id: '' }, /^businessId must be/],
    [{ id: 'x'.repeat(96) }, /^businessId must be/],
    [{ id: 'a', name: '' }, /^name must be/],
    [{ id: 'a', name: 'x'.repeat(256) }, /^name must be/],
    [{ id: 'a', name: ['shop'] }, /^name must be/],
    [{ id: 'a', currency: ['USD'] }, /^currency must be/],
    [{ id: 'a', currency: 'XUSD' }, /^currency must be/],
    [{ id: 'a', currency: 'usd' }, /^currency must be/],
    [{ id: 'a', currency: 'USD\n' }, /^currency must be/],
    [{ id: 'a', currency: 840 }, /^currency must be/],
  ])('refuses %j by name, and makes neither side', async (options, message) => {
    const { auth, storage } = await scene();
    await expect(auth.businesses.create(options as CreateBusinessOptions)).rejects.toThrow(message);
    expect(storage.calls).toEqual([]);
  });
});

describe('businesses.find and setPayoutsEnabled', () => {
  it('know what there is, and nothing else', async () => {
    const { auth } = await scene();
    expect(await auth.businesses.find('biz_1_test')).toMatchObject({ mode: 'test' });
    expect(await auth.businesses.find('biz_9')).toBeNull();
    expect(await auth.businesses.setPayoutsEnabled('biz_9', true)).toBeNull();
  });

  it('refuse a wrong argument by name, as no fault of storage', async () => {
    const { auth, storage } = await scene();
    await expect(auth.businesses.find('')).rejects.toThrow(/^businessId must be/);
    await expect(auth.businesses.setPayoutsEnabled('', true)).rejects.toThrow(/^businessId must be/);
    await expect(auth.businesses.setPayoutsEnabled('biz_1', 'no' as unknown as boolean)).rejects.toThrow(
      /^payoutsEnabled must be/,
    );
    expect(storage.calls).toEqual([]);
  });
});
