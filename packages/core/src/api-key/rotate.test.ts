import { describe, expect, it } from 'vitest';
import { type Scene, START, scene } from '../../test/scene.js';
import { digest } from '../digest.js';
import type { IssueApiKeyOptions } from './issue.js';
import type { RotateApiKeyOptions } from './rotate.js';

const HOUR = 3600;

async function issued(options: Partial<IssueApiKeyOptions> = {}) {
  const made = await scene();
  const { key, apiKey } = await made.issue(options);
  return { ...made, key, named: { businessId: 'biz_1', id: apiKey.id } };
}

async function rotated(made: Scene, options: RotateApiKeyOptions) {
  const answer = await made.auth.apiKeys.rotate(options);
  if (answer.status !== 'rotated') throw new Error(`the answer is ${answer.status}`);
  return answer.issued;
}

describe('apiKeys.rotate', () => {
  it('lets both keys work for the overlap, and then the new one alone', async () => {
    const made = await issued({ name: 'server', scopes: ['payouts:read'] });
    const { auth, clock, key, named } = made;
    const next = await rotated(made, { ...named, overlapSeconds: HOUR });
    expect(next.apiKey).toMatchObject({ name: 'server', scopes: ['payouts:read'], kind: 'secret', mode: 'live' });
    clock.now = START + HOUR * 1000 - 1;
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: true });
    expect(await auth.verifyApiKey(next.key)).toMatchObject({ ok: true });
    clock.now = START + HOUR * 1000;
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: false, reason: 'expired' });
    expect(await auth.verifyApiKey(next.key)).toMatchObject({ ok: true });
  });

  it('lets the old key work for 30 days at most', async () => {
    const made = await issued();
    await rotated(made, { ...made.named, overlapSeconds: 30 * 24 * HOUR });
    made.clock.now = START + 30 * 24 * HOUR * 1000 - 1;
    expect(await made.auth.verifyApiKey(made.key)).toMatchObject({ ok: true });
  });

  it('ends the old key when the answer comes, without an overlap', async () => {
    for (const overlap of [{}, { overlapSeconds: 0 }]) {
      const made = await issued();
      const next = await rotated(made, { ...made.named, ...overlap });
      expect(await made.auth.verifyApiKey(made.key)).toMatchObject({ ok: false, reason: 'expired' });
      expect(await made.auth.verifyApiKey(next.key)).toMatchObject({ ok: true });
    }
  });

  it('never lets the old key live longer than it would have', async () => {
    const made = await issued({ expiresAt: START + 1000 });
    await rotated(made, { ...made.named, overlapSeconds: HOUR });
    made.clock.now = START + 1000;
    expect(await made.auth.verifyApiKey(made.key)).toMatchObject({ ok: false, reason: 'expired' });
  });

  it('gives the successor as long a life as the old key had, unless told otherwise', async () => {
    const made = await issued({ expiresAt: START + 5000 });
    made.clock.now = START + 2000;
    const next = await rotated(made, made.named);
    expect(next.apiKey.expiresAt).toBe(START + 7000);
    const forever = await rotated(made, { businessId: 'biz_1', id: next.apiKey.id, expiresAt: null });
    expect(forever.apiKey.expiresAt).toBeNull();
    const unlimited = await rotated(made, { businessId: 'biz_1', id: forever.apiKey.id });
    expect(unlimited.apiKey.expiresAt).toBeNull();
  });

  it('rotates a key once: of two at the same time, one is rotated', async () => {
    const { auth, storage, named } = await issued();
    storage.asynchronous = true;
    const answers = await Promise.all([auth.apiKeys.rotate(named), auth.apiKeys.rotate(named)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual(['not_rotatable', 'rotated']);
    expect(storage.apiKeys.size).toBe(2);
  });

  it('does not rotate what is revoked, expired or of another business', async () => {
    const { auth, clock, issue, named } = await issued({ expiresAt: START + 1000 });
    expect(await auth.apiKeys.rotate({ ...named, businessId: 'biz_1_test' })).toEqual({ status: 'not_found' });
    clock.now = START + 1000;
    expect(await auth.apiKeys.rotate(named)).toEqual({ status: 'not_rotatable' });
    const { apiKey } = await issue();
    const other = { businessId: 'biz_1', id: apiKey.id };
    await auth.apiKeys.revoke(other);
    expect(await auth.apiKeys.rotate(other)).toEqual({ status: 'not_rotatable' });
  });

  it('tells the security hook of the key that was replaced', async () => {
    const made = await issued();
    await rotated(made, made.named);
    const { id: apiKeyId, businessId } = made.named;
    const digestPrefix = digest(made.key).slice(0, 8);
    expect(made.events).toEqual([
      { type: 'api_key_rotated', apiKeyId, businessId, digestPrefix, at: START, address: null },
    ]);
  });

  it.each([-1, 0.5, 30 * 24 * HOUR + 1, Number.NaN, Number.POSITIVE_INFINITY, '60', null])(
    'refuses the overlap %j by name',
    async (overlapSeconds) => {
      const { auth, storage, named } = await issued();
      const wrong = { ...named, overlapSeconds: overlapSeconds as number };
      await expect(auth.apiKeys.rotate(wrong)).rejects.toThrow(/^overlapSeconds must be/);
      expect(storage.calls).toEqual([]);
    },
  );
});

describe('apiKeys.revoke', () => {
  it('ends a key for good when the answer comes, and keeps the first time', async () => {
    const { auth, clock, key, named, events } = await issued();
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: true });
    expect(await auth.apiKeys.revoke(named)).toMatchObject({ id: named.id, revokedAt: START });
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: false, reason: 'revoked' });
    clock.now += 1000;
    expect(await auth.apiKeys.revoke(named)).toMatchObject({ revokedAt: START });
    const { id: apiKeyId, businessId } = named;
    const event = {
      type: 'api_key_revoked',
      apiKeyId,
      businessId,
      digestPrefix: digest(key).slice(0, 8),
      address: null,
    };
    expect(events).toEqual([
      { ...event, at: START },
      { ...event, at: START + 1000 },
    ]);
  });

  it('does not touch the key of another business', async () => {
    const { auth, key, named } = await issued();
    expect(await auth.apiKeys.revoke({ ...named, businessId: 'biz_1_test' })).toBeNull();
    expect(await auth.apiKeys.revoke({ ...named, id: 'key_unknown' })).toBeNull();
    expect(await auth.verifyApiKey(key)).toMatchObject({ ok: true });
  });

  it('ends the old key of a rotation within its overlap', async () => {
    const made = await issued();
    const next = await rotated(made, { ...made.named, overlapSeconds: HOUR });
    await made.auth.apiKeys.revoke(made.named);
    expect(await made.auth.verifyApiKey(made.key)).toMatchObject({ ok: false, reason: 'revoked' });
    expect(await made.auth.verifyApiKey(next.key)).toMatchObject({ ok: true });
  });
});
