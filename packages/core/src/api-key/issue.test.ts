import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { START, scene } from '../../test/scene.js';
import { digest } from '../digest.js';
import type { IssueApiKeyOptions } from './issue.js';

describe('apiKeys.issue', () => {
  it('makes a key that works at once, for the side that the business id names', async () => {
    const { auth } = await scene();
    const live = await auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
    const test = await auth.apiKeys.issue({ businessId: 'biz_1_test', name: 'server' });
    expect(live.key).toMatch(/^bursar_live_/);
    expect(test.key).toMatch(/^bursar_test_/);
    expect(await auth.verifyApiKey(live.key)).toMatchObject({ ok: true, business: { id: 'biz_1', mode: 'live' } });
    expect(await auth.verifyApiKey(test.key)).toMatchObject({ ok: true, business: { id: 'biz_1_test', mode: 'test' } });
  });

  it('keeps the digest and a hint, and nothing else of the key', async () => {
    const { auth, storage } = await scene();
    const { key, apiKey } = await auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
    const record = storage.apiKeys.get(apiKey.id);
    expect(record).toMatchObject({ digest: digest(key), hint: `bursar_live_…${key.slice(-4)}`, createdAt: START });
    const kept = JSON.stringify([storage.calls, [...storage.apiKeys.values()]]);
    expect(kept).not.toContain(key);
    expect(kept).not.toContain(key.slice('bursar_live_'.length, -4));
  });

  it('grants all to a secret key and nothing to a publishable one, unless told otherwise', async () => {
    const { issue } = await scene();
    expect((await issue()).apiKey.scopes).toEqual(['*']);
    expect((await issue({ kind: 'publishable' })).apiKey).toMatchObject({ kind: 'publishable', scopes: [] });
    expect((await issue({ scopes: ['payouts:read', 'payouts:read'] })).apiKey.scopes).toEqual(['payouts:read']);
    expect((await issue({ scopes: [] })).apiKey.scopes).toEqual([]);
  });

  it('uses the configured prefix, and takes no key of another one', async () => {
    const acme = await scene({ prefix: 'acme' });
    const { key } = await acme.issue();
    expect(key).toMatch(/^acme_live_/);
    const other = await scene({ storage: acme.storage });
    acme.storage.calls.length = 0;
    expect(other.auth.verifyApiKey(key)).toMatchObject({ ok: false, reason: 'malformed' });
    expect(acme.storage.calls).toEqual([]);
    expect(await acme.auth.verifyApiKey(key)).toMatchObject({ ok: true });
  });

  it('shows neither the key nor its digest when it is printed', async () => {
    const { issue, storage } = await scene();
    const issued = await issue();
    for (const printed of [inspect(issued, { depth: 9 }), JSON.stringify({ issued }), String(issued)]) {
      expect(printed).not.toContain(issued.key);
      expect(printed).not.toContain(storage.apiKeys.get(issued.apiKey.id)?.digest);
    }
    expect(JSON.stringify(issued)).toContain('"key":"[redacted]"');
  });

  it('tells the security hook', async () => {
    const { auth, events } = await scene();
    const { key, apiKey } = await auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
    expect(events).toEqual([
      {
        type: 'api_key_issued',
        apiKeyId: apiKey.id,
        at: START,
        digestPrefix: digest(key).slice(0, 8),
        businessId: 'biz_1',
        address: null,
      },
    ]);
  });

  it('refuses a business that does not exist', async () => {
    const { auth, events } = await scene();
    await expect(auth.apiKeys.issue({ businessId: 'biz_9', name: 'x' })).rejects.toThrow(/"biz_9" does not exist/);
    expect(events).toEqual([]);
  });

  it('takes the longest name, and the latest time that there is', async () => {
    const { issue } = await scene();
    const most = { name: 'x'.repeat(255), expiresAt: 8.64e15 };
    expect((await issue(most)).apiKey).toMatchObject(most);
  });

  it.each([
    [{ businessId: '' }, /^businessId must/],
    [{ businessId: undefined }, /^businessId must/],
    [{ name: '' }, /^name must/],
    [{ name: 'x'.repeat(256) }, /^name must/],
    [{ name: 7 }, /^name must/],
    [{ kind: 'admin' }, /^kind must/],
    [{ scopes: ['A'] }, /^scopes must/],
    [{ expiresAt: START }, /^expiresAt must/],
    [{ expiresAt: START + 0.5 }, /^expiresAt must/],
    [{ expiresAt: 8.64e15 + 1 }, /^expiresAt must/],
    [{ expiresAt: Number.POSITIVE_INFINITY }, /^expiresAt must/],
    [{ expiresAt: '2030-01-01' }, /^expiresAt must/],
    [{ expiresAt: new Date(START + 1000) }, /^expiresAt must/],
  ])('refuses %j by name', async (options, message) => {
    const { issue } = await scene();
    await expect(issue(options as unknown as Partial<IssueApiKeyOptions>)).rejects.toThrow(message);
  });
});

describe('an API key', () => {
  it('ends at its expiry, to the millisecond', async () => {
    const { auth, issue, clock } = await scene();
    const { key } = await issue({ expiresAt: START + 1000 });
    clock.now = START + 999;
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: true });
    clock.now = START + 1000;
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: false, reason: 'expired', businessId: 'biz_1' });
  });

  it('is found and listed without its digest, by its own business alone', async () => {
    const { auth, issue } = await scene();
    const { apiKey } = await issue();
    expect(apiKey).not.toHaveProperty('digest');
    expect(await auth.apiKeys.find({ businessId: 'biz_1', id: apiKey.id })).toEqual(apiKey);
    expect(await auth.apiKeys.find({ businessId: 'biz_1_test', id: apiKey.id })).toBeNull();
    expect(await auth.apiKeys.list({ businessId: 'biz_1' })).toEqual([apiKey]);
    expect(await auth.apiKeys.list({ businessId: 'biz_1_test' })).toEqual([]);
  });
});
