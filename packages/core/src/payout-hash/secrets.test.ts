import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SECRET, scene } from '../../test/scene.js';
import { digest } from '../digest.js';
import { derivePayoutHash, payoutHashDeriver } from './derive.js';
import { type NamedSecret, SecretUnavailableError, secretRing } from './secrets.js';

const OLD = { id: '2025', secret: 'o'.repeat(32) };
const NEW = { id: '2026', secret: 'n'.repeat(32) };
const ADDRESS = { businessId: 'biz_1', email: 'user@example.com' };

describe('a ring of secrets', () => {
  it('never changes a hash that was handed out when a new secret comes first', async () => {
    const before = await scene({ secrets: [OLD] });
    const opened = await before.auth.payoutUsers.open(ADDRESS);
    const { storage } = before;
    const after = await scene({ secrets: [NEW, OLD], storage });

    expect((await after.auth.payoutUsers.open(ADDRESS)).hash).toBe(opened.hash);
    expect(await after.auth.verifyPayoutHash(opened.hash)).toMatchObject({ ok: true });
    const other = await after.auth.payoutUsers.open({ ...ADDRESS, email: 'new@example.com' });
    expect(other.hash).toBe(derivePayoutHash({ ...ADDRESS, email: 'new@example.com', secret: NEW.secret }));
    expect(storage.payoutUsers.get(other.payoutUser.id)?.secretId).toBe(NEW.id);
  });

  it('reissues with the newest secret, and both secrets then have users', async () => {
    const { auth, storage } = await scene({ secrets: [OLD] });
    const { payoutUser } = await auth.payoutUsers.open(ADDRESS);
    const after = await scene({ secrets: [NEW, OLD], storage });
    const reissued = await after.auth.payoutUsers.reissue({ ...ADDRESS, id: payoutUser.id, expectedGeneration: 0 });
    expect(reissued).toMatchObject({
      status: 'reissued',
      issued: { hash: derivePayoutHash({ ...ADDRESS, secret: NEW.secret, generation: 1 }) },
    });
  });

  it('refuses a user whose secret is not configured by name, and still lets the hash in', async () => {
    const { auth, storage } = await scene({ secrets: [OLD] });
    const opened = await auth.payoutUsers.open(ADDRESS);
    const after = await scene({ secrets: [NEW], storage });
    await expect(after.auth.payoutUsers.open(ADDRESS)).rejects.toMatchObject({
      name: 'SecretUnavailableError',
      code: 'secret_unavailable',
      secretId: OLD.id,
      message: expect.stringMatching(/"2025" is not configured/),
    });
    expect(await after.auth.verifyPayoutHash(opened.hash)).toMatchObject({ ok: true });
  });

  it('notices another secret under the same id before it hands out a hash that lets nobody in', async () => {
    const { auth, storage } = await scene({ secrets: [OLD] });
    await auth.payoutUsers.open(ADDRESS);
    const after = await scene({ secrets: [{ ...OLD, secret: NEW.secret }], storage });
    await expect(after.auth.payoutUsers.open(ADDRESS)).rejects.toThrow(/"2025" is not the secret that it was/);
  });

  it('notices a single secret that was swapped, since its id follows from it', async () => {
    const { auth, storage } = await scene({ secret: SECRET });
    await auth.payoutUsers.open(ADDRESS);
    const after = await scene({ secret: NEW.secret, storage });
    await expect(after.auth.payoutUsers.open(ADDRESS)).rejects.toThrow(SecretUnavailableError);
    const id = payoutHashDeriver(SECRET).fingerprint;
    const later = await scene({ secrets: [NEW, { id, secret: SECRET }], storage });
    expect((await later.auth.payoutUsers.open(ADDRESS)).hash).toBe(derivePayoutHash({ ...ADDRESS, secret: SECRET }));
  });

  it('never repeats a secret in what it throws', () => {
    const secret = 'correct-horse-battery-staple';
    expect(() => secretRing(secret, undefined)).toThrow(/^(?!.*correct)secret must be/);
    expect(() => secretRing(undefined, [{ id: 'a', secret }])).toThrow(/^(?!.*correct)secret must be/);
  });

  it('shows no secret when it is printed, and no more does what holds it', async () => {
    const ring = secretRing(undefined, [NEW, OLD]);
    const { auth } = await scene({ secrets: [NEW, OLD] });
    for (const value of [ring, auth, auth.context]) {
      for (const printed of [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value)]) {
        expect(printed).not.toContain(NEW.secret);
        expect(printed).not.toContain(OLD.secret);
      }
    }
  });

  it.each([
    ['neither a secret nor secrets', undefined, undefined, /^secret must be given/],
    ['both', SECRET, [NEW], /^secret must be given/],
    ['no secrets', undefined, [], /^secrets must have at least one/],
    ['an id twice', undefined, [NEW, NEW], /^each id in secrets must be unique/],
    ['an empty id', undefined, [{ ...NEW, id: '' }], /^each id/],
    ['an id with a blank', undefined, [{ ...NEW, id: 'a b' }], /^each id/],
    ['a number as id', undefined, [{ ...NEW, id: 7 }], /^each id/],
    ['a short secret', 'x'.repeat(31), undefined, /^secret must be a text or Uint8Array of at least 32 bytes/],
    ['a short one among long ones', undefined, [NEW, { id: 'b', secret: 'short' }], /^secret must be/],
    ['no secret in an entry', undefined, [{ id: 'b' }], /^secret must be/],
  ])('refuses %s', (_, secret, secrets, message) => {
    expect(() => secretRing(secret, secrets as NamedSecret[] | undefined)).toThrow(message);
  });

  it('derives again exactly what is stored', () => {
    const ring = secretRing(SECRET, undefined);
    const hash = derivePayoutHash({ ...ADDRESS, secret: SECRET, generation: 4 });
    const user = {
      ...ADDRESS,
      id: 'usr_1',
      normalizedEmail: ADDRESS.email,
      digest: digest(hash),
      generation: 4,
      secretId: ring.current.id,
      status: 'active',
      expiresAt: null,
      createdAt: 0,
    } as unknown as Parameters<typeof ring.hashOf>[0];
    expect(ring.hashOf(user)).toBe(hash);
  });

  it('gives a key for another purpose from each configured secret, and refuses another by name', () => {
    const ring = secretRing(undefined, [NEW, OLD]);
    const of = (named: NamedSecret) => payoutHashDeriver(named.secret).subKey('destination', 'biz_1');
    expect(ring.subKey(NEW.id, 'destination', 'biz_1')).toEqual(of(NEW));
    expect(ring.subKey(OLD.id, 'destination', 'biz_1')).toEqual(of(OLD));
    expect(() => ring.subKey('2024', 'destination', 'biz_1')).toThrow(/^The secret "2024" is not configured/);
  });
});
