import { createAuth, SecretUnavailableError } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it, vi } from 'vitest';
import { sealOf } from './seal.js';

const OLD = { id: '2025.q4', secret: 'o'.repeat(32) };
const NEW = { id: '2026', secret: 'n'.repeat(32) };
const BIZ = 'biz_1' as BusinessId;
const REF = { businessId: BIZ, id: 'tr_1' };
const DESTINATION = { iban: 'DE89370400440532013000', name: 'Ann Müller 👩' };

const sealWith = (...secrets: (typeof OLD)[]) =>
  sealOf(createAuth({ storage: memoryStorage(), secrets }).context.secrets);

describe('a sealed destination', () => {
  it('opens to what was sealed, and says nothing of it', async () => {
    const sealed = await sealWith(OLD).seal(REF, DESTINATION);
    expect(sealed).toMatch(/^v1\.2025\.q4\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.split('.').at(-1) ?? '', 'base64url').toString('latin1')).not.toContain('DE89');
    expect(await sealWith(OLD).open(REF, sealed)).toEqual(DESTINATION);
  });

  it('opens for its own purpose alone', async () => {
    const { secrets } = createAuth({ storage: memoryStorage(), secrets: [NEW] }).context;
    const sealed = await sealOf(secrets, 'webhook_secret').seal(REF, { secret: 'whsec_' });
    expect(await sealOf(secrets, 'webhook_secret').open(REF, sealed)).toEqual({ secret: 'whsec_' });
    await expect(sealOf(secrets, 'destination').open(REF, sealed)).rejects.toThrow(/was changed/);
  });

  it('is another text each time', async () => {
    const seal = sealWith(OLD);
    expect(await seal.seal(REF, DESTINATION)).not.toBe(await seal.seal(REF, DESTINATION));
  });

  it('opens with any configured secret, and not without its own', async () => {
    const sealed = await sealWith(OLD).seal(REF, DESTINATION);
    expect(await sealWith(NEW, OLD).open(REF, sealed)).toEqual(DESTINATION);
    await expect(sealWith(NEW).open(REF, sealed)).rejects.toThrow(SecretUnavailableError);
    await expect(sealWith({ ...OLD, secret: NEW.secret }).open(REF, sealed)).rejects.toThrow(/^The destination of/);
  });

  it('opens for its own withdrawal of its own business alone', async () => {
    const seal = sealWith(OLD);
    const sealed = await seal.seal(REF, DESTINATION);
    await expect(seal.open({ ...REF, id: 'tr_2' }, sealed)).rejects.toThrow(/tr_2/);
    await expect(seal.open({ ...REF, businessId: 'biz_2' as BusinessId }, sealed)).rejects.toThrow(/biz_2/);
  });

  it('has a key of its own for each business and each secret, which cannot be taken out, also once others are known', async () => {
    const imported = vi.spyOn(crypto.subtle, 'importKey');
    const seal = sealWith(NEW, OLD);
    const old = await sealWith(OLD).seal(REF, DESTINATION);
    const other = { ...REF, businessId: 'biz_2' as BusinessId };
    const [one, two] = [await seal.seal(REF, DESTINATION), await seal.seal(other, DESTINATION)];
    expect(await seal.open(REF, old)).toEqual(DESTINATION);
    expect(await sealWith(NEW).open(other, two)).toEqual(DESTINATION);
    expect(await sealWith(NEW).open(REF, one)).toEqual(DESTINATION);
    expect(imported.mock.calls.every(([, , , extractable]) => extractable === false)).toBe(true);
    // Three of `seal`, and one each of those that were made for one text.
    expect(imported).toHaveBeenCalledTimes(6);
    imported.mockRestore();
  });

  it.each(['', 'v1', 'v2.2026.AAAA', 'v1.2026.AAAA', 'v1.2026.$$', 'v1.2026.A', 'v1..AAAA'])(
    'does not open %j',
    async (sealed) => {
      await expect(sealWith(NEW).open(REF, sealed)).rejects.toThrow(/^The destination of withdrawal tr_1 of biz_1/);
    },
  );

  it('does not open with one bit changed, wherever it is', async () => {
    const seal = sealWith(NEW);
    const sealed = await seal.seal(REF, { a: '1' });
    const bytes = Buffer.from(sealed.slice('v1.2026.'.length), 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      await expect(seal.open(REF, `v1.2026.${changed.toString('base64url')}`)).rejects.toThrow(/was changed/);
    }
  });
});
