import { describe, expect, it } from 'vitest';
import { authorized } from '../../test/requests.js';
import { scene } from '../../test/scene.js';
import type { AuthOptions, Networks } from '../options.js';

/** Understands networks of one address each. */
const networks: Networks = {
  canonical: (text) => (/^[\d.]+(?:\/32)?$/.test(text) ? `${text.replace('/32', '')}/32` : null),
  contain: (list, address) => list.includes(`${address}/32`),
};

async function from(address: string | null, options: Partial<AuthOptions> = {}) {
  const made = await scene({ networks, clientAddress: () => address, ...options });
  const { key, apiKey } = await made.issue({ allowedAddresses: ['192.0.2.7', '192.0.2.8'] });
  return { ...made, key, apiKey };
}

describe('a key with allowed addresses', () => {
  it('keeps them in their one form, and hands them on to its successor', async () => {
    const { auth, apiKey } = await from(null);
    expect(apiKey.allowedAddresses).toEqual(['192.0.2.7/32', '192.0.2.8/32']);
    const rotated = await auth.apiKeys.rotate({ businessId: 'biz_1', id: apiKey.id });
    expect(rotated).toMatchObject({ issued: { apiKey: { allowedAddresses: ['192.0.2.7/32', '192.0.2.8/32'] } } });
  });

  it('is let in from one of them', async () => {
    const { auth, key } = await from('192.0.2.8');
    expect(await auth.guard.apiKey(authorized(`Bearer ${key}`))).toMatchObject({ ok: true });
  });

  it.each(['192.0.2.9', null])('is told from elsewhere what an unknown one is told: %s', async (address) => {
    const { auth, key, events, clock } = await from(address);
    const refused = await auth.guard.apiKey(authorized(`Bearer ${key}`));
    expect(refused).toEqual(await auth.guard.apiKey(authorized(`Bearer ${key.slice(0, -1)}x`)));
    expect(events[0]).toMatchObject({ type: 'credential_refused', reason: 'address', address, businessId: 'biz_1' });
    clock.now += 60_000;
    await auth.flush();
    expect(await auth.apiKeys.find({ businessId: 'biz_1', id: (await first(auth)).id })).toMatchObject({
      lastUsedAt: null,
    });
  });

  it('is not let in from an address that nobody knows, even where every network is allowed', async () => {
    const { auth, key } = await from(null, { networks: { ...networks, contain: () => true } });
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: false, reason: 'address' });
  });

  it('is let in nowhere by a server that cannot read them', async () => {
    const { storage, key } = await from('192.0.2.7');
    const other = await scene({ storage, clientAddress: () => '192.0.2.7' });
    expect(await other.auth.guard.apiKey(authorized(`Bearer ${key}`))).toMatchObject({ ok: false });
  });

  it('is verified with the address that it came from', async () => {
    const { auth, key } = await from(null);
    expect(await auth.verifyApiKey(key, '192.0.2.7')).toMatchObject({ ok: true });
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: false, reason: 'address' });
  });

  it.each([
    [[], 'allowedAddresses must be null, or 1 to 100 networks'],
    [['nowhere'], 'allowedAddresses: "nowhere" is no network'],
    [[7], 'allowedAddresses: 7 is no network'],
    ['192.0.2.7', 'allowedAddresses must be null, or 1 to 100 networks'],
    [Array(101).fill('192.0.2.7'), 'allowedAddresses must be null, or 1 to 100 networks'],
  ])('is not issued with %j', async (allowedAddresses, message) => {
    const { issue } = await scene({ networks });
    await expect(issue({ allowedAddresses: allowedAddresses as string[] })).rejects.toThrow(new TypeError(message));
  });

  it('may have a hundred', async () => {
    const { issue } = await scene({ networks });
    const { apiKey } = await issue({ allowedAddresses: Array(100).fill('192.0.2.7') });
    expect(apiKey.allowedAddresses).toHaveLength(100);
  });

  it('is not issued by a server that cannot read them', async () => {
    const { issue } = await scene();
    await expect(issue({ allowedAddresses: ['192.0.2.7'] })).rejects.toThrow(
      new TypeError('allowedAddresses needs the option networks of createAuth()'),
    );
  });
});

async function first(auth: Awaited<ReturnType<typeof from>>['auth']) {
  const [apiKey] = await auth.apiKeys.list({ businessId: 'biz_1' });
  if (apiKey === undefined) throw new Error('no key');
  return apiKey;
}
