import { describe, expect, it, vi } from 'vitest';
import { authorized, hashed, request } from '../test/requests.js';
import { scene } from '../test/scene.js';
import { generateApiKey } from './api-key/format.js';
import { digest } from './digest.js';
import type { AuthOptions, LimiterVerdict } from './options.js';
import type { RequestView } from './request.js';

const ADDRESS = { businessId: 'biz_1', email: 'user@example.com' };
const allow = (): LimiterVerdict => ({ ok: true });

async function counted(options: Partial<AuthOptions> = {}) {
  const limiter = vi.fn<NonNullable<AuthOptions['limiter']>>(allow);
  const made = await scene({ limiter, ...options });
  return { ...made, limiter };
}

describe('guards that see the same request', () => {
  it.each([false, true])('ask and count once, and check the scope each (asynchronous: %s)', async (asynchronous) => {
    const { auth, issue, storage, limiter } = await counted();
    const { key } = await issue({ scopes: ['payouts:read'] });
    storage.asynchronous = asynchronous;
    const view = authorized(`Bearer ${key}`);
    const answers = await Promise.all([
      auth.guard.apiKey(view),
      auth.guard.apiKey(view, { scope: 'payouts:read' }),
      auth.guard.apiKey(view, { scope: 'payouts:write' }),
      auth.guard.apiKey({ ...view }, {}),
    ]);
    expect(answers.map((answer) => answer.ok)).toEqual([true, true, false, true]);
    expect(await auth.guard.apiKey(view, { scope: 'payouts:write' })).toMatchObject({ ok: false });
    expect(storage.count('findApiKeys')).toBe(1);
    expect(limiter).toHaveBeenCalledOnce();
  });

  it('ask once about a refused credential, and tell the security hook once', async () => {
    const { auth, storage, limiter, events } = await counted();
    const view = authorized(`Bearer ${generateApiKey().key}`);
    for (let guard = 0; guard < 3; guard++) await auth.guard.apiKey(view);
    expect(storage.count('findApiKeys')).toBe(1);
    expect(limiter).toHaveBeenCalledOnce();
    expect(events).toHaveLength(1);
  });

  it('read its body once', async () => {
    const { auth } = await counted();
    const body = vi.fn<RequestView['body']>(() => ({ kind: 'none' }));
    const view = request({ body });
    await auth.guard.payoutHash(view);
    await auth.guard.payoutHash(view);
    expect(body).toHaveBeenCalledOnce();
  });

  it('ask for each of the two credentials by itself', async () => {
    const { auth, issue, limiter } = await counted();
    const { key } = await issue();
    const { hash } = await auth.payoutUsers.open(ADDRESS);
    const view = request({ headers: { authorization: `Bearer ${key}`, 'x-payout-hash': hash } });
    expect(await auth.guard.apiKey(view)).toMatchObject({ principal: { apiKey: {} } });
    expect(await auth.guard.payoutHash(view)).toMatchObject({ principal: { payoutUser: {} } });
    expect(limiter.mock.calls.map(([input]) => input.kind)).toEqual(['api_key', 'payout_hash']);
  });

  it('of two set-ups do not take the answer of one another', async () => {
    const one = await scene();
    const other = await scene();
    const { key } = await one.issue();
    const view = authorized(`Bearer ${key}`);
    expect(await one.auth.guard.apiKey(view)).toMatchObject({ ok: true });
    expect(await other.auth.guard.apiKey(view)).toMatchObject({ ok: false });
  });
});

describe('guards that see two requests', () => {
  it('remember nothing of the one for the other, not even of the same credential', async () => {
    const { auth, issue, storage } = await counted();
    const { key, apiKey } = await issue();
    expect(await auth.guard.apiKey(authorized(`Bearer ${key}`))).toMatchObject({ ok: true });
    await auth.apiKeys.revoke({ businessId: 'biz_1', id: apiKey.id });
    expect(await auth.guard.apiKey(authorized(`Bearer ${key}`))).toMatchObject({ ok: false });
    expect(await auth.guard.apiKey(authorized(''))).toMatchObject({ error: { code: 'missing_credential' } });
    expect(storage.count('findApiKeys')).toBe(2);
  });

  it('give each its own principal when hundreds come at the same time', async () => {
    const { auth, storage } = await counted();
    const users = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        auth.payoutUsers.open({ ...ADDRESS, email: `user${index}@example.com` }),
      ),
    );
    storage.calls.length = 0;
    storage.asynchronous = true;
    const unknown = 'f'.repeat(64);
    const hashes = users.flatMap((user) => [user.hash, unknown, user.hash]);
    const answers = await Promise.all(hashes.map((hash) => auth.guard.payoutHash(hashed(hash))));
    const emails = answers.map((answer) => (answer.ok && !answer.preflight ? answer.principal.payoutUser.email : null));
    expect(emails).toEqual(users.flatMap((user) => [user.payoutUser.email, null, user.payoutUser.email]));
    expect(storage.count('findPayoutUsers')).toBe(3);
  });
});

describe('a CORS preflight', () => {
  const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };

  it('passes without a principal, and costs neither storage nor limiter nor body', async () => {
    const { auth, storage, limiter } = await counted();
    const body = vi.fn<RequestView['body']>();
    const view = request({ method: 'OPTIONS', headers, body });
    expect(await auth.guard.apiKey(view, { scope: 'a' })).toEqual({ ok: true, preflight: true });
    expect(await auth.guard.payoutHash(view)).toEqual({ ok: true, preflight: true });
    expect(storage.calls).toEqual([]);
    expect(limiter).not.toHaveBeenCalled();
    expect(body).not.toHaveBeenCalled();
  });

  it.each([
    ['another method', { method: 'GET', headers }],
    ['the method in small letters', { method: 'options', headers }],
    ['no origin', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
    ['no requested method', { method: 'OPTIONS', headers: { origin: 'https://shop.example' } }],
  ])('is not what has %s', async (_, parts) => {
    const { auth } = await counted();
    expect(await auth.guard.apiKey(request(parts))).toMatchObject({ error: { code: 'missing_credential' } });
    expect(await auth.guard.payoutHash(request(parts))).toMatchObject({ error: { code: 'missing_credential' } });
  });
});

describe('the limiter', () => {
  it('comes before the look-up and before every 401', async () => {
    const { auth, issue, storage, limiter, events } = await counted();
    const { key } = await issue();
    const { hash } = await auth.payoutUsers.open(ADDRESS);
    storage.calls.length = 0;
    limiter.mockReturnValue({ ok: false, retryAfter: 30 });
    const views = [request(), authorized('Bearer'), authorized('Bearer wrong'), authorized(`Bearer ${key}`)];
    const answers = await Promise.all([
      ...views.map((view) => auth.guard.apiKey(view)),
      ...[request(), hashed('wrong'), hashed(hash)].map((view) => auth.guard.payoutHash(view)),
    ]);
    for (const answer of answers) {
      expect(answer).toEqual({
        ok: false,
        error: {
          code: 'too_many_requests',
          status: 429,
          body: { error: 'Too many requests' },
          headers: { 'retry-after': '30', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
        },
      });
    }
    expect(storage.calls).toEqual([]);
    expect(events.map((event) => event.type)).toEqual(Array(7).fill('request_throttled'));
    const prefixes = [null, null, null, digest(key).slice(0, 8), null, null, digest(hash).slice(0, 8)];
    const told = events.map((event) => ('digestPrefix' in event ? event.digestPrefix : undefined));
    expect(told.sort()).toEqual(prefixes.sort());
  });

  it('is told the kind, the request and the digest of what can be a credential, never the credential', async () => {
    const { auth, issue, storage, limiter } = await counted();
    const { key, apiKey } = await issue();
    const view = authorized(`Bearer ${key}`);
    await auth.guard.apiKey(view);
    await auth.guard.apiKey(authorized('Bearer wrong'));
    expect(limiter.mock.calls.map(([input]) => ({ kind: input.kind, digest: input.digest }))).toEqual([
      { kind: 'api_key', digest: storage.apiKeys.get(apiKey.id)?.digest },
      { kind: 'api_key', digest: null },
    ]);
    expect(limiter.mock.calls[0]?.[0].request).toBe(view);
  });

  it.each([
    [0, '1'],
    [0.2, '1'],
    [1.5, '2'],
    [-5, '1'],
    [Number.NaN, '1'],
    [Number.POSITIVE_INFINITY, '1'],
  ])('that answers %d makes Retry-After: %s', async (retryAfter, expected) => {
    const { auth, limiter } = await counted();
    limiter.mockReturnValue({ ok: false, retryAfter });
    expect(await auth.guard.apiKey(request())).toMatchObject({ error: { headers: { 'retry-after': expected } } });
  });

  it('puts its headers on the answer to each request, refused or let in, beside those of the guard', async () => {
    const { auth, issue, limiter } = await counted();
    const { key } = await issue();
    const { hash } = await auth.payoutUsers.open(ADDRESS);
    const headers = { 'ratelimit-remaining': '7' };
    limiter.mockReturnValue({ ok: true, headers });
    expect(await auth.guard.apiKey(authorized(`Bearer ${key}`))).toMatchObject({ ok: true, headers });
    expect(await auth.guard.payoutHash(hashed(hash))).toMatchObject({
      ok: true,
      principal: { business: { id: 'biz_1' } },
      headers: { ...headers, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    });
    expect(await auth.guard.apiKey(request())).toMatchObject({
      error: { code: 'missing_credential', headers: { ...headers, 'www-authenticate': expect.any(String) } },
    });
    limiter.mockReturnValue({ ok: false, retryAfter: 1, headers });
    expect(await auth.guard.apiKey(request())).toMatchObject({
      error: { headers: { ...headers, 'retry-after': '1' } },
    });
  });

  it('is no preflight, and a refusal says which credential was refused', async () => {
    const { auth, issue, events } = await counted();
    const { key } = await issue();
    const { hash } = await auth.payoutUsers.open(ADDRESS);
    expect(await auth.guard.apiKey(authorized(`Bearer ${key}`))).toMatchObject({ ok: true, preflight: false });
    expect(await auth.guard.payoutHash(hashed(hash))).toMatchObject({ ok: true, preflight: false });
    await auth.guard.apiKey(authorized(`Bearer ${generateApiKey().key}`));
    await auth.guard.payoutHash(hashed('a'.repeat(64)));
    expect(events).toMatchObject([
      { type: 'credential_refused', kind: 'api_key', reason: 'unknown' },
      { type: 'credential_refused', kind: 'payout_hash', reason: 'unknown' },
    ]);
  });

  it('may answer later', async () => {
    const { auth, issue, limiter } = await counted();
    const { key } = await issue();
    limiter.mockResolvedValueOnce({ ok: true }).mockResolvedValueOnce({ ok: false, retryAfter: 1 });
    expect(await auth.guard.apiKey(authorized(`Bearer ${key}`))).toMatchObject({ ok: true });
    expect(await auth.guard.apiKey(authorized(`Bearer ${key}`))).toMatchObject({ error: { status: 429 } });
  });
});
