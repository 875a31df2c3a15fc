import { describe, expect, it } from 'vitest';
import { authorized, hashed, json, parsed, request } from '../test/requests.js';
import { START, scene } from '../test/scene.js';
import { generateApiKey } from './api-key/format.js';
import type { ApiKeyGuardOptions } from './guard.js';
import type { RequestView } from './request.js';

const ADDRESS = { businessId: 'biz_1', email: 'user@example.com' };
const HASH = 'a'.repeat(64);
const MISSING = '{"error":"Unauthorized","message":"Missing authorization header"}';
const INVALID_KEY = '{"error":"Unauthorized","message":"Invalid API key"}';
const INVALID_HASH = '{"error":"Unauthorized","message":"Payout hash not found or inactive"}';
const BEARER = 'Bearer realm="payouts"';
const PAYOUT_HASH = 'PayoutHash realm="payouts"';
const UNKNOWN_KEY = generateApiKey().key;

/** An answer to a refused request as it goes over the wire. */
function wire(answer: unknown): { status: number; body: string; headers: unknown } {
  expect(answer).toMatchObject({ ok: false });
  const { error } = answer as { error: { status: number; body: unknown; headers: unknown } };
  return { status: error.status, body: JSON.stringify(error.body), headers: error.headers };
}

const refused = (status: number, body: string, challenge: string) => ({
  status,
  body,
  headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'www-authenticate': challenge },
});

describe('the guard of API keys', () => {
  it.each([
    ['no header', request(), MISSING, BEARER],
    ['an empty header', authorized(''), MISSING, BEARER],
    ['another scheme', authorized('Basic dXNlcjpwYXNz'), INVALID_KEY, BEARER],
    ['the scheme alone', authorized('Bearer'), INVALID_KEY, BEARER],
    ['a key without a scheme', authorized(UNKNOWN_KEY), INVALID_KEY, BEARER],
    ['no key', authorized('Bearer wrong'), INVALID_KEY, `${BEARER}, error="invalid_token"`],
    ['two keys', authorized(`Bearer ${UNKNOWN_KEY} ${UNKNOWN_KEY}`), INVALID_KEY, `${BEARER}, error="invalid_token"`],
    ['a tab', authorized(`Bearer\t${UNKNOWN_KEY}`), INVALID_KEY, `${BEARER}, error="invalid_token"`],
    ['5,000 digits', authorized(`Bearer ${'1'.repeat(5000)}`), INVALID_KEY, `${BEARER}, error="invalid_token"`],
    ['a payout hash', authorized(`Bearer ${HASH}`), INVALID_KEY, `${BEARER}, error="invalid_token"`],
    ['an unknown key', authorized(`Bearer ${UNKNOWN_KEY}`), INVALID_KEY, `${BEARER}, error="invalid_token"`],
    ['a hash in its own header alone', hashed(HASH), MISSING, BEARER],
  ])('answers %s with 401 and a challenge', async (_, view, body, challenge) => {
    const { auth } = await scene();
    expect(wire(await auth.guard.apiKey(view))).toEqual(refused(401, body, challenge));
  });

  it('lets a key in, with its business and without its digest', async () => {
    const { auth, issue } = await scene();
    const { key, apiKey } = await issue();
    expect(await auth.guard.apiKey(authorized(`bearer  ${key}`))).toMatchObject({
      ok: true,
      preflight: false,
      principal: { apiKey: { id: apiKey.id }, business: { id: 'biz_1' } },
      headers: {},
    });
  });

  it('ignores a payout hash beside it', async () => {
    const { auth, issue } = await scene();
    const { key } = await issue();
    const both = request({ headers: { authorization: `Bearer ${key}`, 'x-payout-hash': 'wrong' }, query: ['wrong'] });
    expect(await auth.guard.apiKey(both)).toMatchObject({ ok: true });
  });

  it('tells nobody whether a key is unknown, revoked or expired', async () => {
    const { auth, issue, clock } = await scene();
    const expired = await issue({ expiresAt: START + 1 });
    const revoked = await issue();
    await auth.apiKeys.revoke({ businessId: 'biz_1', id: revoked.apiKey.id });
    clock.now = START + 1;
    const expected = refused(401, INVALID_KEY, `${BEARER}, error="invalid_token"`);
    for (const key of [UNKNOWN_KEY, expired.key, revoked.key]) {
      expect(wire(await auth.guard.apiKey(authorized(`Bearer ${key}`)))).toEqual(expected);
    }
  });

  it('asks storage only about what can be a key, and of all of those alike', async () => {
    const { auth, issue, storage } = await scene();
    const { key } = await issue();
    const wrong = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    for (const header of ['', 'Bearer', 'Basic x', `Bearer ${wrong}`, `Bearer ${HASH}`])
      await auth.guard.apiKey(authorized(header));
    expect(storage.calls).toEqual([]);
    await auth.guard.apiKey(authorized(`Bearer ${UNKNOWN_KEY}`));
    await auth.guard.apiKey(authorized(`Bearer ${key}`));
    expect(storage.calls.map((call) => call.method)).toEqual(['findApiKeys', 'findApiKeys']);
  });

  it.each([
    [{ scope: 'payouts:write' }, 'This API key does not have the scope payouts:write.', ', scope="payouts:write"'],
    [{ scope: '*' }, 'This API key does not have the scope *.', ', scope="*"'],
  ])('answers a key without the scope %j with 403', async (options, message, scope) => {
    const { auth, issue } = await scene();
    const { key } = await issue({ scopes: ['payouts:read'] });
    const answer = wire(await auth.guard.apiKey(authorized(`Bearer ${key}`), options));
    const body = JSON.stringify({ error: 'Forbidden', message });
    expect(answer).toEqual(refused(403, body, `${BEARER}, error="insufficient_scope"${scope}`));
  });

  it('throws for a scope that no key can have: a route that is wrong, and no header to be written by it', async () => {
    const { auth, issue } = await scene();
    const { key } = await issue({ scopes: [] });
    const check = () => auth.guard.apiKey(authorized(`Bearer ${key}`), { scope: 'a"\r\nset-cookie: b' });
    expect(check).toThrow(/^scopes must be like/);
  });

  it('lets a publishable key in only where that is said', async () => {
    const { auth, issue } = await scene();
    const { key } = await issue({ kind: 'publishable', scopes: ['*'] });
    const view = (): RequestView => authorized(`Bearer ${key}`);
    const expected = refused(
      403,
      '{"error":"Forbidden","message":"A publishable API key cannot be used here; a secret one is required."}',
      `${BEARER}, error="insufficient_scope"`,
    );
    expect(wire(await auth.guard.apiKey(view()))).toEqual(expected);
    expect(wire(await auth.guard.apiKey(view(), { scope: 'a', publishable: false }))).toEqual(expected);
    expect(await auth.guard.apiKey(view(), { publishable: true })).toMatchObject({ ok: true });
  });

  it('refuses a business with payouts off only where the route needs them on', async () => {
    const { auth, issue } = await scene();
    const { key } = await issue();
    await auth.businesses.setPayoutsEnabled('biz_1', false);
    const view = (): RequestView => authorized(`Bearer ${key}`);
    expect(await auth.guard.apiKey(view())).toMatchObject({ ok: true });
    expect(wire(await auth.guard.apiKey(view(), { payoutsEnabled: true }))).toEqual({
      status: 403,
      body: '{"error":"Payouts are currently disabled. Please enable them in Settings."}',
      headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    });
  });

  it('names the configured realm', async () => {
    const { auth } = await scene({ realm: 'Acme payouts' });
    expect(wire(await auth.guard.apiKey(request())).headers).toMatchObject({
      'www-authenticate': 'Bearer realm="Acme payouts"',
    });
  });

  it.each<[string, ApiKeyGuardOptions | undefined]>([
    ['nothing', undefined],
    ['undefined fields', { scope: undefined, publishable: undefined, payoutsEnabled: undefined }],
  ])('asks no more than a secret key when given %s', async (_, options) => {
    const { auth, issue } = await scene();
    const { key } = await issue({ scopes: [] });
    expect(await auth.guard.apiKey(authorized(`Bearer ${key}`), options)).toMatchObject({ ok: true });
  });
});

describe('the guard of payout hashes', () => {
  it.each([
    ['none', request(), MISSING, PAYOUT_HASH],
    ['an API key after Bearer', authorized(`Bearer ${UNKNOWN_KEY}`), MISSING, PAYOUT_HASH],
    ['an empty one', hashed(''), INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`],
    ['an API key', hashed(UNKNOWN_KEY), INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`],
    ['63 digits', hashed(HASH.slice(1)), INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`],
    ['65 digits', hashed(`${HASH}a`), INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`],
    ['upper case', hashed(HASH.toUpperCase()), INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`],
    ['an unknown one', hashed(HASH), INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`],
    ['a repeated one', request({ query: [HASH, HASH] }), INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`],
    ['an array', request(parsed({ payout_hash: [HASH] })), INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`],
  ])('answers %s with 401 and a challenge', async (_, view, body, challenge) => {
    const { auth } = await scene();
    expect(wire(await auth.guard.payoutHash(view))).toEqual(refused(401, body, challenge));
  });

  it('lets a user in from each of the three places, and keeps the answer out of caches and referrers', async () => {
    const { auth } = await scene();
    const { hash, payoutUser } = await auth.payoutUsers.open(ADDRESS);
    const views = [hashed(hash), request(json(JSON.stringify({ payout_hash: hash }))), request({ query: [hash] })];
    for (const view of views) {
      const answer = await auth.guard.payoutHash(view);
      expect(answer).toMatchObject({
        ok: true,
        preflight: false,
        principal: { payoutUser, business: { id: 'biz_1' } },
      });
      expect(answer).toMatchObject({ headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } });
      expect(JSON.stringify(answer)).not.toContain('digest');
    }
  });

  it('lets the right header in with a wrong query, and refuses the reverse', async () => {
    const { auth } = await scene();
    const { hash } = await auth.payoutUsers.open(ADDRESS);
    const right = request({ headers: { 'x-payout-hash': hash }, query: [HASH] });
    const reverse = request({ headers: { 'x-payout-hash': HASH }, query: [hash] });
    expect(await auth.guard.payoutHash(right)).toMatchObject({ ok: true });
    expect(await auth.guard.payoutHash(reverse)).toMatchObject({ ok: false, error: { code: 'invalid_payout_hash' } });
  });

  it('tells nobody whether a hash is unknown, or its user inactive, closed or expired', async () => {
    const { auth, clock } = await scene();
    const hashes = [HASH];
    for (const change of [{ status: 'inactive' }, { status: 'closed' }, { expiresAt: START + 1 }] as const) {
      const { hash, payoutUser } = await auth.payoutUsers.open({ ...ADDRESS, email: `${hashes.length}@example.com` });
      await auth.payoutUsers.change({ businessId: 'biz_1', id: payoutUser.id, ...change });
      hashes.push(hash);
    }
    clock.now = START + 1;
    for (const hash of hashes) {
      const answer = wire(await auth.guard.payoutHash(hashed(hash)));
      expect(answer).toEqual(refused(401, INVALID_HASH, `${PAYOUT_HASH}, error="invalid_token"`));
    }
  });

  it('answers 403 when the business has payouts off, but only to those who belong to it', async () => {
    const { auth } = await scene();
    const { hash } = await auth.payoutUsers.open(ADDRESS);
    await auth.businesses.setPayoutsEnabled('biz_1', false);
    expect(wire(await auth.guard.payoutHash(hashed(hash)))).toEqual({
      status: 403,
      body: '{"error":"Payouts are currently disabled. Please enable them in Settings."}',
      headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    });
    expect(await auth.guard.payoutHash(hashed(HASH))).toMatchObject({ error: { status: 401 } });
    await auth.businesses.setPayoutsEnabled('biz_1', true);
    expect(await auth.guard.payoutHash(hashed(hash))).toMatchObject({ ok: true });
  });

  it('says what is wrong with a body that it would have to read', async () => {
    const { auth, storage } = await scene();
    const broken = await auth.guard.payoutHash(request({ ...json('{'), query: [HASH] }));
    expect(wire(broken)).toMatchObject({
      status: 400,
      body: '{"error":"Malformed body","message":"The body is not valid JSON."}',
    });
    const large = await auth.guard.payoutHash(request({ body: () => ({ kind: 'too_large', limit: 65_536 }) }));
    expect(wire(large)).toMatchObject({
      status: 413,
      body: '{"error":"Body too large","message":"The body must be at most 65536 bytes."}',
    });
    expect(storage.calls).toEqual([]);
  });

  it('takes no hash from the places that are switched off', async () => {
    const { auth } = await scene({ payoutHashFrom: { body: false, query: false } });
    const { hash } = await auth.payoutUsers.open(ADDRESS);
    expect(await auth.guard.payoutHash(request({ ...parsed({ payout_hash: hash }), query: [hash] }))).toMatchObject({
      error: { code: 'missing_credential' },
    });
    expect(await auth.guard.payoutHash(hashed(hash))).toMatchObject({ ok: true });
  });
});
