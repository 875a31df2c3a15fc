import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { fakeStorage } from '../test/fake-storage.js';
import { authorized, hashed } from '../test/requests.js';
import { type Scene, SECRET, scene } from '../test/scene.js';
import { createAuth } from './auth.js';
import { StorageUnavailableError } from './errors.js';

const CAUSE = new Error('connect ECONNREFUSED 10.0.0.7:5432, password=hunter2');
const ADDRESS = { businessId: 'biz_1', email: 'user@example.com' };

async function ready() {
  const made = await scene();
  const { key, apiKey } = await made.issue();
  const { hash, payoutUser } = await made.auth.payoutUsers.open(ADDRESS);
  return { ...made, key, keyId: apiKey.id, hash, userId: payoutUser.id };
}

type Ready = Awaited<ReturnType<typeof ready>>;

const CALLS: readonly [string, (made: Ready) => unknown][] = [
  ['the guard of API keys', (made) => made.auth.guard.apiKey(authorized(`Bearer ${made.key}`))],
  ['the guard of payout hashes', (made) => made.auth.guard.payoutHash(hashed(made.hash))],
  ['verifyApiKey', (made) => made.auth.verifyApiKey(made.key)],
  ['verifyPayoutHash', (made) => made.auth.verifyPayoutHash(made.hash)],
  ['businesses.create', (made) => made.auth.businesses.create({ id: 'biz_2' })],
  ['businesses.find', (made) => made.auth.businesses.find('biz_1')],
  ['businesses.setPayoutsEnabled', (made) => made.auth.businesses.setPayoutsEnabled('biz_1', true)],
  ['apiKeys.issue', (made) => made.auth.apiKeys.issue({ businessId: 'biz_1', name: 'x' })],
  ['apiKeys.rotate', (made) => made.auth.apiKeys.rotate({ businessId: 'biz_1', id: made.keyId })],
  ['apiKeys.revoke', (made) => made.auth.apiKeys.revoke({ businessId: 'biz_1', id: made.keyId })],
  ['apiKeys.find', (made) => made.auth.apiKeys.find({ businessId: 'biz_1', id: made.keyId })],
  ['apiKeys.list', (made) => made.auth.apiKeys.list({ businessId: 'biz_1' })],
  ['payoutUsers.open', (made) => made.auth.payoutUsers.open(ADDRESS)],
  ['payoutUsers.find', (made) => made.auth.payoutUsers.find({ businessId: 'biz_1', id: made.userId })],
  ['payoutUsers.list', (made) => made.auth.payoutUsers.list({ businessId: 'biz_1' })],
  [
    'payoutUsers.change',
    (made) => made.auth.payoutUsers.change({ businessId: 'biz_1', id: made.userId, status: 'active' }),
  ],
  [
    'payoutUsers.reissue',
    (made) => made.auth.payoutUsers.reissue({ businessId: 'biz_1', id: made.userId, expectedGeneration: 0 }),
  ],
];

/** What a call throws, at once or by its promise. */
async function thrown(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe.each([false, true])('a storage that throws (asynchronous: %s)', (asynchronous) => {
  it.each(CALLS)('makes %s throw an error with one name, which says nothing of the cause', async (_, call) => {
    const made = await ready();
    made.storage.asynchronous = asynchronous;
    made.storage.fault = CAUSE;
    const error = await thrown(() => call(made));
    expect(error).toBeInstanceOf(StorageUnavailableError);
    expect(error).toMatchObject({
      name: 'StorageUnavailableError',
      code: 'service_unavailable',
      message: 'Service unavailable',
      stack: 'StorageUnavailableError: Service unavailable',
      status: 503,
      statusCode: 503,
      headers: { 'retry-after': '1' },
      refusal: { status: 503, body: { error: 'Service unavailable' } },
      cause: CAUSE,
    });
    expect(`${JSON.stringify(error)}${String(error)}`).not.toMatch(/hunter2|ECONNREFUSED/);
  });

  it('is asked again by the next request', async () => {
    const made = await ready();
    made.storage.asynchronous = asynchronous;
    made.storage.fault = CAUSE;
    await thrown(() => made.auth.guard.apiKey(authorized(`Bearer ${made.key}`)));
    made.storage.fault = undefined;
    expect(await made.auth.guard.apiKey(authorized(`Bearer ${made.key}`))).toMatchObject({ ok: true });
  });
});

describe('a storage that answers wrongly', () => {
  it('lets nobody in as another when it mixes its answers up', async () => {
    const made = await ready();
    const other = await made.auth.payoutUsers.open({ ...ADDRESS, email: 'other@example.com' });
    const otherKey = await made.issue();
    const { findPayoutUsers, findApiKeys, openPayoutUsers } = made.storage;
    made.storage.asynchronous = true;
    made.storage.findPayoutUsers = async (digests) => [...(await findPayoutUsers(digests))].reverse();
    made.storage.findApiKeys = async (digests) => [...(await findApiKeys(digests))].reverse();
    made.storage.openPayoutUsers = async (records) => [...(await openPayoutUsers(records))].reverse();

    const outcomes = await Promise.allSettled([
      ...[made.hash, made.hash, other.hash].map((hash) => made.auth.verifyPayoutHash(hash)),
      ...[made.key, made.key, otherKey.key].map((key) => made.auth.verifyApiKey(key)),
      ...['a@b.cd', 'a@b.cd', 'e@f.gh'].map((email) => made.auth.payoutUsers.open({ ...ADDRESS, email })),
    ]);
    const one = ['fulfilled', 'rejected', 'rejected'];
    expect(outcomes.map((outcome) => outcome.status)).toEqual([...one, ...one, ...one]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StorageUnavailableError);
    }
  });

  it('or too briefly gives nobody an answer', async () => {
    const made = await ready();
    made.storage.findApiKeys = () => [];
    expect(() => made.auth.verifyApiKey(made.key)).toThrow(StorageUnavailableError);
  });
});

describe('the limiter and the hooks', () => {
  const failing = (): never => {
    throw CAUSE;
  };

  it.each([
    ['at once', failing],
    ['later', async () => failing()],
  ])('a limiter that throws %s lets nobody in, and says nothing of the cause', async (_, limiter) => {
    const { auth, storage } = await scene({ limiter });
    const error = await thrown(() => auth.guard.apiKey(authorized('Bearer x')));
    expect(error).toBeInstanceOf(StorageUnavailableError);
    expect(storage.calls).toEqual([]);
  });

  it.each([
    ['throws', failing],
    ['rejects', async () => failing()],
  ])('a security hook that %s breaks no request, and is told to onError', async (_, onSecurityEvent) => {
    const { auth, errors } = await scene({ onSecurityEvent });
    expect(await auth.guard.apiKey(authorized('Bearer x'))).toMatchObject({ error: { status: 401 } });
    await Promise.resolve();
    expect(errors).toEqual([CAUSE]);
  });

  it.each([
    ['throw', failing],
    ['reject', async () => failing()],
  ])('break no request even when both of them %s', async (_, hook) => {
    const { auth, storage } = await scene({ onSecurityEvent: hook, onError: hook as () => void });
    expect(await auth.guard.apiKey(authorized('Bearer x'))).toMatchObject({ error: { status: 401 } });
    storage.fault = CAUSE;
    expect(await auth.checkReadiness()).toMatchObject({ ready: false });
  });

  it.each(['limiter', 'clientAddress', 'onSecurityEvent', 'onError', 'now'])(
    'are refused at start-up when %s is no function',
    async (name) => {
      await expect(scene({ [name]: 'console' })).rejects.toThrow(new TypeError(`${name} must be a function`));
    },
  );
});

describe('security events', () => {
  it('say why a credential was refused, by the start of its digest, and hold no credential', async () => {
    const made = await ready();
    const { auth, events, key, hash } = made;
    await auth.apiKeys.revoke({ businessId: 'biz_1', id: made.keyId });
    await auth.payoutUsers.change({ businessId: 'biz_1', id: made.userId, status: 'inactive' });
    events.length = 0;
    await auth.guard.apiKey(authorized('Bearer wrong'));
    await auth.guard.apiKey(authorized(`Bearer ${key}`));
    await auth.guard.payoutHash(hashed('wrong'));
    await auth.guard.payoutHash(hashed('f'.repeat(64)));
    await auth.guard.payoutHash(hashed(hash));
    await auth.guard.payoutHash(hashed(''));
    expect(events).toMatchObject([
      { kind: 'api_key', reason: 'malformed', digestPrefix: null, businessId: null },
      { kind: 'api_key', reason: 'revoked', digestPrefix: expect.stringMatching(/^[0-9a-f]{8}$/), businessId: 'biz_1' },
      { kind: 'payout_hash', reason: 'malformed', digestPrefix: null },
      { kind: 'payout_hash', reason: 'unknown', businessId: null },
      { kind: 'payout_hash', reason: 'inactive', businessId: 'biz_1' },
      { kind: 'payout_hash', reason: 'malformed' },
    ]);
    const printed = inspect(events, { depth: 9 }) + JSON.stringify(events);
    for (const credential of [key, hash, 'wrong']) expect(printed).not.toContain(credential);
    expect(printed).not.toMatch(/[0-9a-f]{64}/);
  });

  it('come with the request that they are about, and with null where there is none', async () => {
    const seen: unknown[] = [];
    const { auth, issue }: Scene = await scene({ onSecurityEvent: (_event, request) => void seen.push(request) });
    await issue();
    const view = authorized('Bearer wrong');
    await auth.guard.apiKey(view);
    expect(seen).toEqual([null, view]);
  });
});

describe('a fault that no hook is told of', () => {
  it('goes to the console, without the credentials in it', async () => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const storage = fakeStorage();
    const auth = createAuth({ storage, secret: SECRET });
    storage.fault = new Error(`no key ${'f'.repeat(64)}`);
    await auth.checkReadiness();
    expect(written.mock.calls).toEqual([['bursar:', { name: 'Error', message: 'no key [redacted]' }]]);
  });
});

describe('a storage that answers with the record of somebody else', () => {
  it('lets nobody in by it, and finds nobody', async () => {
    const { auth, storage } = await ready();
    const other = await auth.payoutUsers.open({ businessId: 'biz_1_test', email: ADDRESS.email });
    const another = await auth.payoutUsers.open({ businessId: 'biz_1', email: 'other@example.com' });
    const message = 'storage answered with another record than was asked for';
    for (const { payoutUser } of [other, another]) {
      storage.findPayoutUsersByEmail = () => [storage.payoutUsers.get(payoutUser.id)];
      await expect(auth.payoutUsers.findByEmail(ADDRESS)).rejects.toMatchObject({ cause: { message } });
    }
  });
});

describe('more calls than may wait for storage', () => {
  it('are refused, and say why', async () => {
    const { auth, storage, issue } = await scene();
    const { key } = await issue();
    storage.findApiKeys = () => new Promise(() => undefined);
    for (let call = 0; call < 10_001; call++) void auth.verifyApiKey(key);
    await expect(auth.verifyApiKey(key)).rejects.toMatchObject({ cause: { message: 'the queue to storage is full' } });
  });
});
