import { createAuth, generateApiKey, type RequestView, type SecurityEvent } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RateLimitOptions, rateLimits } from './rate-limits.js';

const SECRET = '0123456789abcdef0123456789abcdef';

// The library reads the clock and sets timers by itself.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function request(headers: Record<string, string>, address: string | null = null): RequestView {
  return {
    identity: {},
    raw: { address },
    method: 'GET',
    header: (name) => headers[name],
    query: () => [],
    body: () => ({ kind: 'none' }),
  };
}

async function scene(options: RateLimitOptions = {}) {
  const storage = memoryStorage();
  const asked = vi.spyOn(storage, 'findApiKeys');
  const events: SecurityEvent[] = [];
  const errors: unknown[] = [];
  const limits = rateLimits(options);
  const auth = createAuth({
    storage,
    secret: SECRET,
    limiter: limits.limiter,
    onSecurityEvent(event, view) {
      events.push(event);
      return limits.onSecurityEvent(event, view);
    },
    onError: (error) => void errors.push(error),
    clientAddress: ({ raw }) => (raw as { address: string | null }).address,
  });
  await auth.businesses.create({ id: 'biz_1' });
  const { key } = await auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
  const { hash } = await auth.payoutUsers.open({ businessId: 'biz_1', email: 'user@example.com' });
  events.length = 0;
  const withKey = (text = key, address: string | null = null) =>
    auth.guard.apiKey(request({ authorization: `Bearer ${text}` }, address));
  const withHash = () => auth.guard.payoutHash(request({ 'x-payout-hash': hash }));
  return { auth, asked, events, errors, withKey, withHash };
}

describe('a limit for an API key', () => {
  const apiKey = { requests: 2, seconds: 60 };

  it('lets so many in, says what is left, and refuses the next with 429 before storage is asked', async () => {
    const { withKey, asked, events } = await scene({ apiKey });
    expect(await withKey()).toMatchObject({
      ok: true,
      headers: { 'ratelimit-policy': '"apiKey";q=2;w=60', ratelimit: '"apiKey";r=1;t=60' },
    });
    await withKey();
    await vi.advanceTimersByTimeAsync(20_500);
    expect(await withKey()).toMatchObject({
      ok: false,
      error: { status: 429, headers: { 'retry-after': '40', ratelimit: '"apiKey";r=0;t=40' } },
    });
    expect(asked).toHaveBeenCalledTimes(2);
    expect(events.map(({ type }) => type)).toEqual(['request_throttled']);
  });

  it('lets it in again when the time is over', async () => {
    const { withKey } = await scene({ apiKey });
    for (let count = 0; count < 3; count++) await withKey();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await withKey()).toMatchObject({ ok: true });
  });

  it('counts each key and each hash apart', async () => {
    const { auth, withKey, withHash } = await scene({ apiKey, payoutHash: { requests: 1, seconds: 1 } });
    const { key } = await auth.apiKeys.issue({ businessId: 'biz_1', name: 'other' });
    for (let count = 0; count < 3; count++) await withKey();
    expect(await withKey(key)).toMatchObject({ ok: true });
    expect(await withHash()).toMatchObject({ ok: true });
    expect(await withHash()).toMatchObject({ ok: false, error: { status: 429 } });
  });

  it('tells a key that nobody has what it tells one that works', async () => {
    const { withKey, asked } = await scene({ apiKey });
    const { key } = generateApiKey();
    const statuses = [];
    for (let count = 0; count < 3; count++) {
      const answer = await withKey(key);
      statuses.push(answer.ok ? 200 : answer.error.status);
    }
    expect(statuses).toEqual([401, 401, 429]);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('counts nothing where it is switched off', async () => {
    const { withKey } = await scene({ apiKey: false });
    for (let count = 0; count < 700; count++) expect(await withKey()).toMatchObject({ ok: true, headers: {} });
  });
});

describe('a limit for refused credentials', () => {
  const refused = { requests: 3, seconds: 60 };

  it('shuts an address out, the right credential too, and no other address', async () => {
    const { withKey, asked } = await scene({ refused });
    for (let count = 0; count < 3; count++) {
      expect(await withKey(generateApiKey().key, '192.0.2.7')).toMatchObject({ ok: false, error: { status: 401 } });
    }
    expect(await withKey('no key', '192.0.2.7')).toMatchObject({ ok: false, error: { status: 429 } });
    expect(await withKey(undefined, '192.0.2.7')).toMatchObject({ ok: false, error: { status: 429 } });
    expect(await withKey(undefined, '192.0.2.8')).toMatchObject({ ok: true });
    expect(asked).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await withKey(undefined, '192.0.2.7')).toMatchObject({ ok: true });
  });

  it('counts what has not even the form of a credential', async () => {
    const { withKey } = await scene({ refused });
    for (let count = 0; count < 3; count++) await withKey(`no key ${count}`, '2001:db8::1');
    expect(await withKey(undefined, '2001:db8::2')).toMatchObject({ ok: false, error: { status: 429 } });
  });

  it('counts no credential that was let in', async () => {
    const { withKey } = await scene({ refused });
    for (let count = 0; count < 10; count++) expect(await withKey(undefined, '192.0.2.7')).toMatchObject({ ok: true });
  });

  it('shuts nobody out where no address is known', async () => {
    const { withKey } = await scene({ refused });
    for (let count = 0; count < 10; count++) await withKey('no key');
    expect(await withKey()).toMatchObject({ ok: true });
  });
});

describe('a counter of the team', () => {
  it('is asked by the name of the limit, and counts', async () => {
    const made: string[] = [];
    const { withKey } = await scene({
      apiKey: { requests: 1, seconds: 10 },
      counter(name, { requests, seconds }) {
        made.push(name);
        return new RateLimiterMemory({ keyPrefix: name, points: requests, duration: seconds });
      },
    });
    await withKey();
    expect(await withKey()).toMatchObject({ ok: false, error: { status: 429 } });
    expect(made).toEqual(['apiKey', 'payoutHash', 'refused']);
  });

  it('that fails refuses the request with 503, and lets nobody in', async () => {
    const down = async () => {
      throw new Error('redis is down');
    };
    const { withKey, errors } = await scene({ counter: () => ({ consume: down, get: down }) });
    await expect(withKey()).rejects.toMatchObject({ status: 503 });
    await expect(withKey('no key', '192.0.2.7')).rejects.toMatchObject({ status: 503 });
    expect(errors).toEqual([]);
  });
});

it.each([
  [{ apiKey: { requests: 0, seconds: 1 } }, 'apiKey.requests must be a whole number from 1'],
  [{ apiKey: { requests: 1.5, seconds: 1 } }, 'apiKey.requests must be a whole number from 1'],
  [{ payoutHash: { requests: 1, seconds: 0 } }, 'payoutHash.seconds must be a whole number from 1 to 86400'],
  [{ refused: { requests: 1, seconds: 86_401 } }, 'refused.seconds must be a whole number from 1 to 86400'],
])('limits are checked at start-up: %j', (options, message) => {
  expect(() => rateLimits(options)).toThrow(new TypeError(message));
});
