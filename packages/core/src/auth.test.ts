import { describe, expect, it } from 'vitest';
import { fakeStorage } from '../test/fake-storage.js';
import { SECRET, scene } from '../test/scene.js';
import { createAuth } from './auth.js';
import type { AuthOptions } from './options.js';

const ADDRESS = { businessId: 'biz_1', email: 'user@example.com' };

describe('createAuth', () => {
  it.each([
    [{ storage: undefined }, /^storage must be/],
    [{ storage: null }, /^storage must be/],
    [{ storage: {} }, /^storage must be/],
    [{ secret: 'short' }, /^secret must be/],
    [{ secret: undefined }, /^secret must be given/],
    [{ secrets: [] }, /^secret must be given/],
    [{ secret: undefined, secrets: 'x' }, /^secrets must be a list/],
    [{ secret: undefined, secrets: [null] }, /^secrets must be a list/],
    [{ keyForms: {} }, /^keyForms must be a list/],
    [{ keyForms: [null] }, /^keyForms must be a list/],
    [{ prefix: 'Bursar' }, /^prefix must be/],
    [{ prefix: 'a_b' }, /^prefix must be/],
    [{ prefix: ['bursar'] }, /^prefix must be/],
    [{ realm: 'a"b' }, /^realm must be/],
    [{ realm: ['a'] }, /^realm must be/],
    [{ realm: { toString: 1 } }, /^realm must be/],
    [{ realm: 'é' }, /^realm must be/],
  ])('refuses %j at start-up, by name', (options, message) => {
    const right = { storage: fakeStorage(), secret: SECRET };
    expect(() => createAuth({ ...right, ...options } as unknown as AuthOptions)).toThrow(message);
    expect(() => createAuth({ ...right, ...options } as unknown as AuthOptions)).toThrow(TypeError);
  });

  it('takes the storage as a class of its own', async () => {
    class Storage {
      readonly #inner = fakeStorage();
      findApiKeys(...digests: Parameters<ReturnType<typeof fakeStorage>['findApiKeys']>) {
        return this.#inner.findApiKeys(...digests);
      }
    }
    const auth = createAuth({ storage: new Storage() as unknown as AuthOptions['storage'], secret: SECRET });
    const key = 'bursar_live_0123456789ABCDEFGHIJKLMNOPQRSTUV39zPue';
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: false, reason: 'unknown' });
  });
});

describe('verifyApiKey and verifyPayoutHash', () => {
  it.each([
    ...[undefined, null, 7, {}, [], '', 'x', 'f'.repeat(63), 'F'.repeat(64), `${'f'.repeat(64)}\n`],
    ...[['f'.repeat(64)], `f${'f'.repeat(64)}`],
  ])('refuse %j without asking storage', async (credential) => {
    const { auth, storage } = await scene();
    const expected = { ok: false, reason: 'malformed', digest: null, businessId: null };
    expect(auth.verifyApiKey(credential as string)).toEqual(expected);
    expect(auth.verifyPayoutHash(credential as string)).toEqual(expected);
    expect(storage.calls).toEqual([]);
  });

  it('answer at once where storage does', async () => {
    const { auth, issue } = await scene();
    const { key } = await issue();
    expect(auth.verifyApiKey(key)).toMatchObject({ ok: true });
  });
});

describe('checkReadiness', () => {
  it('is ready when storage answers and every secret is configured', async () => {
    const { auth } = await scene();
    await auth.payoutUsers.open(ADDRESS);
    expect(await auth.checkReadiness()).toEqual({ ready: true, problems: [] });
  });

  it('names the secrets that users need and that are not configured', async () => {
    const { auth, storage } = await scene({ secrets: [{ id: '2025', secret: SECRET }] });
    await auth.payoutUsers.open(ADDRESS);
    const after = await scene({ storage, secrets: [{ id: '2026', secret: `${SECRET}!` }] });
    expect(await after.auth.checkReadiness()).toEqual({
      ready: false,
      problems: ['Payout users have hashes from the secret "2025", which is not configured.'],
    });
  });

  it.each([false, true])(
    'says that storage does not answer, and why only to onError (asynchronous: %s)',
    async (later) => {
      const { auth, storage, errors } = await scene();
      storage.asynchronous = later;
      storage.fault = new Error('password=hunter2');
      expect(await auth.checkReadiness()).toEqual({ ready: false, problems: ['Storage does not answer.'] });
      expect(errors).toEqual([storage.fault]);
    },
  );
});
