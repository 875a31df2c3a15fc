import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { until } from '../../test/manual-timers.js';
import { later, scene } from '../../test/scene.js';
import type { PayoutsOptions } from '../index.js';
import type { Answered, Asked } from './watch.js';

/** A stopwatch that goes on by 5 ms each time that it is asked. */
function stopwatch() {
  let now = 0;
  return {
    now: () => {
      now += 5;
      return now;
    },
  };
}

async function watchedScene(options: Partial<PayoutsOptions> = {}) {
  const seen: Answered[] = [];
  const errors: unknown[] = [];
  const made = await scene({
    onAnswer: (answered) => seen.push(answered),
    onError: (error) => errors.push(error),
    performance: stopwatch(),
    ...options,
  });
  return { ...made, seen, errors };
}

/** What was told of the last answer, once it was: nobody waits for the hook. */
async function lastOf(seen: readonly Answered[], count = 1): Promise<Answered | undefined> {
  await until(() => seen.length >= count, 'the answer was told');
  return seen.at(-1);
}

describe('an answer of the API', () => {
  it('is told with route, status, key, request id and how long it took', async () => {
    const { payouts, send, seen, errors } = await watchedScene();
    const [apiKey] = await payouts.auth.apiKeys.list({ businessId: 'biz_1' });
    await send('GET /payout/users/usr_1', { headers: { 'x-request-id': 'req_1' } });
    expect(await lastOf(seen)).toEqual({
      route: 'GET /payout/users/:id',
      path: '/payout/users/:id',
      method: 'GET',
      status: 404,
      replayed: false,
      businessId: 'biz_1',
      credential: { kind: 'api_key', id: apiKey?.id },
      requestId: 'req_1',
      durationMs: 5,
    });
    expect(errors).toEqual([]);
  });

  it('is told with the payout user where a hash was sent, and never with the hash', async () => {
    const { payouts, send, seen } = await watchedScene();
    const { hash, payoutUser } = await payouts.auth.payoutUsers.open({ businessId: 'biz_1', email: 'ann@example.com' });
    await send(`GET /payout/balance?payout_hash=${hash}`, { key: null });
    expect(await lastOf(seen)).toMatchObject({
      status: 200,
      credential: { kind: 'payout_hash', id: payoutUser.id },
    });
    expect(JSON.stringify(seen)).not.toContain(hash);
  });

  it('is told as replayed where it was', async () => {
    const { send, endow, seen } = await watchedScene();
    await endow(100);
    const sent = { json: { email: 'ann@example.com', amount: 5 }, idempotencyKey: 'a' };
    await send('POST /payout/create', sent);
    await send('POST /payout/create', sent);
    await lastOf(seen, 2);
    expect(seen.map(({ replayed }) => replayed)).toEqual([false, true]);
  });

  it('is told without a credential that was refused, and with one that may not do this', async () => {
    const { payouts, send, seen } = await watchedScene();
    const { key, apiKey } = await payouts.auth.apiKeys.issue({
      businessId: 'biz_1',
      name: 'a',
      scopes: ['users:read'],
    });
    await send('GET /balance', { key: null });
    await send('GET /balance', { key: `${key}x` });
    await send('GET /balance', { key });
    const page = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'page', kind: 'publishable' });
    await send('GET /balance', { key: page.key });
    await lastOf(seen, 4);
    expect(seen.map(({ status, credential, businessId }) => [status, credential?.id, businessId])).toEqual([
      [401, undefined, null],
      [401, undefined, null],
      [403, apiKey.id, 'biz_1'],
      [403, page.apiKey.id, 'biz_1'],
    ]);
  });

  it('is told with no route where the path has no such method, and with no word of the client', async () => {
    const { send, seen } = await watchedScene();
    await send('DELETE /balance');
    await send('BURSAR_LIVE /balance');
    await send('OPTIONS /balance');
    await send('HEAD /balance');
    await lastOf(seen, 4);
    expect(seen.map(({ route, method, status }) => [route, method, status])).toEqual([
      [null, 'DELETE', 405],
      [null, 'OTHER', 405],
      [null, 'OPTIONS', 204],
      ['GET /balance', 'HEAD', 200],
    ]);
  });

  it('is told with each method of HTTP by its name', async () => {
    const { send, seen } = await watchedScene();
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'];
    for (const method of methods) await send(`${method} /balance`);
    await lastOf(seen, methods.length);
    expect(seen.map(({ method }) => method)).toEqual(methods);
  });

  it('is told with the status that the framework will send for a fault', async () => {
    const storage = memoryStorage();
    const state = { isDown: false };
    const { send, seen } = await watchedScene({
      storage: {
        ...storage,
        findAccounts(refs) {
          if (state.isDown) throw new Error('the line is cut');
          return storage.findAccounts(refs);
        },
      },
    });
    state.isDown = true;
    await expect(send('GET /balance')).rejects.toThrow('Service unavailable');
    expect(await lastOf(seen)).toMatchObject({ status: 503, replayed: false, businessId: 'biz_1' });
  });
});

describe('a hook that watches', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('a bug of the hook');
      },
    ],
    ['rejects', () => Promise.reject(new Error('a bug of the hook'))],
  ])('breaks no answer when it %s, and onError is told', async (_, hook) => {
    const { send, errors } = await watchedScene({ onAnswer: hook, aroundRequest: hook });
    expect((await send('GET /balance')).status).toBe(200);
    await until(() => errors.length === 2, 'both are told');
    expect(errors).toEqual([new Error('a bug of the hook'), new Error('a bug of the hook')]);
  });

  it('is not waited for', async () => {
    const { send } = await watchedScene({ onAnswer: () => new Promise(() => undefined) });
    expect((await send('GET /balance')).status).toBe(200);
  });

  it.each<[string, (asked: Asked, run: () => Promise<Answered>) => unknown]>([
    ['never runs it', () => undefined],
    ['runs it twice', (_, run) => Promise.all([run(), run()])],
    ['runs it later', (_, run) => new Promise((resolve) => setImmediate(() => resolve(run())))],
  ])('around a request has it done once, though it %s', async (_, aroundRequest) => {
    const { send, endow, balances } = await watchedScene({ aroundRequest });
    await endow(100);
    const answer = await send('POST /payout/create', { json: { email: 'ann@example.com', amount: 5 } });
    expect(answer.status).toBe(200);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await balances()).toEqual([0, 95]);
  });

  it('around a request sees what was asked before, and what was answered after', async () => {
    const order: string[] = [];
    const { send, errors } = await watchedScene({
      storage: later(memoryStorage()),
      onAnswer: undefined,
      async aroundRequest({ route, requestId }, run) {
        order.push(`begin ${route} ${requestId}`);
        const { status } = await run();
        order.push(`end ${status}`);
      },
    });
    await send('GET /balance', { headers: { 'x-request-id': 'req_1' } });
    await until(() => order.length === 2, 'the end was told');
    expect(order).toEqual(['begin GET /balance req_1', 'end 200']);
    expect(errors).toEqual([]);
  });

  it.each(['onAnswer', 'aroundRequest'])('must be a function: %s', async (name) => {
    await expect(scene({ [name]: 'a hook' })).rejects.toThrow(`${name} must be a function`);
  });
});
