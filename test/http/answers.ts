/** What every framework answers; a test file says which. */
import { describe, expect, it } from 'vitest';
import { errorTable } from './error-table.js';
import type { Framework } from './frameworks.js';
import { type Host, host, sharedHost } from './host.js';

const ID = expect.stringMatching(/^req_[0-9A-Za-z]{22}$/) as string;

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Registers the tests for one framework. */
export function describeAnswers(name: string, framework: Framework): void {
  describe(name, () => {
    describeRefusals(sharedHost(framework));
    describeMethods(sharedHost(framework));
    describeFaults(sharedHost(framework));

    it('says 429 with Retry-After where a limiter refuses, whatever the credential', async () => {
      const served = await host(framework, { limiter: () => ({ ok: false, retryAfter: 1.5 }) });
      const answers = [
        await served.send({ path: '/keyed', headers: bearer(served.keys.good) }),
        await served.send({ path: '/v1/payout/balance' }),
      ];
      await served.close();
      for (const { status, headers, body } of answers) {
        expect([status, headers['retry-after'], body]).toEqual([429, '2', '{"error":"Too many requests"}']);
      }
    });
  });
}

function describeRefusals(served: () => Host): void {
  it.each(errorTable.map((row) => [row.name, row] as const))('refuse %s', async (_, row) => {
    const before = await served().state();
    expect(await served().send(row.sent(served()))).toEqual({
      status: row.status,
      headers: { ...row.headers, 'x-request-id': ID },
      body: row.body,
    });
    expect(await served().state()).toBe(before);
  });

  it('refuse the Idempotency-Key of one request for another one', async () => {
    const { send, keys } = served();
    const create = (amount: number) =>
      send({
        method: 'POST',
        path: '/v1/payout/create',
        headers: { ...bearer(keys.good), 'content-type': 'application/json', 'idempotency-key': 'once' },
        body: JSON.stringify({ email: 'c@example.com', amount }),
      });
    expect((await create(1)).status).toBe(200);
    const { status, body } = await create(2);
    expect([status, body]).toEqual([
      422,
      '{"error":"Idempotency key reused","message":"This Idempotency-Key was used before with another request. Use a new key for a new request."}',
    ]);
  });
}

function describeMethods(served: () => Host): void {
  it('are the same to HEAD as to GET, without the body', async () => {
    const asked = { path: '/v1/balance', headers: bearer(served().keys.good) };
    const get = await served().send(asked);
    const head = await served().send({ ...asked, method: 'HEAD' });
    expect(get).toMatchObject({ status: 200, body: expect.stringMatching(/^\{"balance":/) as string });
    expect(head).toEqual({ ...get, headers: { ...get.headers, 'x-request-id': ID }, body: '' });
  });

  it('tell by OPTIONS what a path allows, and let a preflight reach the route of a host', async () => {
    const { send } = served();
    const options = await send({ method: 'OPTIONS', path: '/v1/payout/create' });
    expect([options.status, options.headers.allow, options.body]).toEqual([204, 'POST, OPTIONS', '']);
    const preflight = { origin: 'https://example.com', 'access-control-request-method': 'GET' };
    const reached = await send({ method: 'OPTIONS', path: '/both', headers: preflight });
    expect([reached.status, reached.body]).toEqual([200, 'reached']);
    expect((await send({ method: 'OPTIONS', path: '/both' })).status).toBe(401);
  });

  it('carry the id that a request came with', async () => {
    const { headers } = await served().send({ path: '/v1/balance', headers: { 'x-request-id': 'trace-1' } });
    expect(headers['x-request-id']).toBe('trace-1');
  });
}

function describeFaults(served: () => Host): void {
  it('say 503 when storage is down, after onError was told once, and nothing more', async () => {
    const { send, storage, keys, hashes, told } = served();
    told.length = 0;
    storage.isDown = true;
    const answers = [
      await send({ path: '/v1/balance', headers: bearer(keys.good) }),
      await send({ path: '/keyed', headers: bearer(keys.good) }),
      await send({ path: '/hashed', headers: { 'x-payout-hash': hashes.good } }),
    ];
    storage.isDown = false;
    for (const answer of answers) {
      expect(answer).toEqual({
        status: 503,
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'retry-after': '1',
          'x-request-id': ID,
        },
        body: '{"error":"Service unavailable"}',
      });
    }
    expect(told.map(String)).toEqual(answers.map(() => 'StorageUnavailableError: Service unavailable'));
  });
}
