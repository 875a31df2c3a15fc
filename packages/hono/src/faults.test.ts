import { type Auth, StorageUnavailableError } from '@bursar/core';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { answerErrors } from './faults.js';
import { requireApiKey } from './guard.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});

const bearer = () => ({ headers: { authorization: `Bearer ${made.key}` } });
const UNAVAILABLE = '{"error":"Service unavailable"}';
const INTERNAL = '{"error":"Internal server error"}';

/** Authentication whose guards have a bug. */
function faulty(bug: unknown): Auth {
  const { auth } = made.payouts;
  const fail = () => {
    throw bug;
  };
  return { ...auth, guard: { apiKey: fail, payoutHash: fail } };
}

describe('a fault behind a guard or the API', () => {
  it('reaches the onError of the host, with its cause', async () => {
    const app = new Hono().route('/v1', payoutApi(made)).get('/', requireApiKey({ auth: made.payouts.auth }));
    const caught: Error[] = [];
    app.onError((error, c) => {
      caught.push(error);
      return c.text('of the host', 500);
    });
    made.storage.isDown = true;
    for (const path of ['/v1/balance', '/']) {
      expect(await (await app.request(path, bearer())).text()).toBe('of the host');
    }
    for (const error of caught) {
      expect(error).toBeInstanceOf(HTTPException);
      expect(error.cause).toBeInstanceOf(StorageUnavailableError);
    }
    expect(made.errors).toEqual(caught.map(({ cause }) => cause));
    expect(made.errors).toHaveLength(2);
  });

  it('is answered without a handler, with the headers of the host, and works again afterwards', async () => {
    const app = new Hono();
    app.use(async (c, next) => {
      c.header('x-request-id', 'of-the-host');
      await next();
    });
    app.route('/', payoutApi(made));
    made.storage.isDown = true;
    const answer = await app.request('/balance', bearer());
    expect([answer.status, answer.headers.get('x-request-id'), await answer.text()]).toEqual([
      503,
      'of-the-host',
      UNAVAILABLE,
    ]);
    made.storage.isDown = false;
    expect((await app.request('/balance', bearer())).status).toBe(200);
  });

  it.each([new TypeError('a bug'), 'no error at all'])(
    'that is a bug (%s) is answered with 500 and told',
    async (bug) => {
      const app = new Hono().get('/', requireApiKey({ auth: faulty(bug) }));
      const answer = await app.request('/');
      expect([answer.status, await answer.text()]).toEqual([500, INTERNAL]);
      expect(made.errors).toEqual([bug]);
    },
  );
});

describe('answerErrors', () => {
  it('answers for a fault that a route of the host let through, and tells onError once', async () => {
    const app = new Hono().get('/', async (c) => c.json(await made.payouts.balance({ businessId: 'biz_1' })));
    app.onError(answerErrors({ auth: made.payouts.auth }));
    made.storage.isDown = true;
    const answer = await app.request('/');
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '1', UNAVAILABLE]);
    expect(made.errors.map(String)).toEqual(['StorageUnavailableError: Service unavailable']);
  });

  it('answers for a guard, which has told onError already', async () => {
    const { auth } = made.payouts;
    const app = new Hono().get('/', requireApiKey({ auth })).onError(answerErrors({ auth }));
    made.storage.isDown = true;
    expect(await (await app.request('/', bearer())).text()).toBe(UNAVAILABLE);
    expect(made.errors).toHaveLength(1);
  });

  it('answers an HTTPException as it wants, and any other error with 500', async () => {
    const bug = new Error('a bug');
    const app = new Hono()
      .get('/teapot', () => Promise.reject(new HTTPException(418, { message: 'short and stout' })))
      .get('/bug', () => Promise.reject(bug))
      .onError(answerErrors({ auth: made.payouts.auth }));
    const teapot = await app.request('/teapot');
    expect([teapot.status, await teapot.text()]).toEqual([418, 'short and stout']);
    const answer = await app.request('/bug');
    expect([answer.status, await answer.text()]).toEqual([500, INTERNAL]);
    expect(made.errors).toEqual([bug]);
  });
});
