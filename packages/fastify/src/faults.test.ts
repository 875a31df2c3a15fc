import { type Auth, StorageUnavailableError } from '@bursar/core';
import fastify, { type FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { closeAfterEach, listen } from '../test/server.js';
import { answerErrors } from './faults.js';
import { requireApiKey } from './guard.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
closeAfterEach();

const UNAVAILABLE = '{"error":"Service unavailable"}';
const INTERNAL = '{"error":"Internal server error"}';

async function get(app: Pick<FastifyInstance, 'close' | 'listen'>, path = '/'): Promise<Response> {
  return fetch((await listen(app as FastifyInstance)) + path, { headers: { authorization: `Bearer ${made.key}` } });
}

/** Authentication whose guards have a bug. */
function faulty(bug: unknown): Auth {
  const { auth } = made.payouts;
  const fail = () => {
    throw bug;
  };
  return { ...auth, guard: { apiKey: fail, payoutHash: fail } };
}

describe('a fault behind a guard', () => {
  it('reaches the error handler of the host, after onError', async () => {
    const app = fastify();
    const caught: unknown[] = [];
    app.setErrorHandler((error, _request, reply) => {
      caught.push(error);
      return reply.send('of the host');
    });
    app.get('/', { preParsing: requireApiKey({ auth: made.payouts.auth }) }, async () => 'in');
    made.storage.isDown = true;
    expect(await (await get(app)).text()).toBe('of the host');
    expect(made.errors).toHaveLength(1);
    expect(made.errors).toEqual(caught);
    expect(caught[0]).toBeInstanceOf(StorageUnavailableError);
  });

  it.each([true, false])(
    'is answered by Fastify alone with nothing of its cause (storage down: %s)',
    async (isDown) => {
      const app = fastify();
      const auth = isDown ? made.payouts.auth : faulty(new TypeError('a bug with a secret path'));
      app.get('/', { preParsing: requireApiKey({ auth }) }, async () => 'in');
      made.storage.isDown = isDown;
      const answer = await get(app);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual(isDown ? [503, '1'] : [500, null]);
      expect(await answer.text()).not.toMatch(/disk|secret|TypeError|\.ts/);
      expect(made.errors).toHaveLength(1);
    },
  );

  it.each([new TypeError('a bug'), 'no error at all'])(
    'that is a bug (%s) is answered in JSON and told',
    async (bug) => {
      const app = fastify();
      app.setErrorHandler(answerErrors({ auth: made.payouts.auth }));
      app.get('/', { preParsing: requireApiKey({ auth: faulty(bug) }) }, async () => 'in');
      const answer = await get(app);
      expect([answer.status, await answer.text()]).toEqual([500, INTERNAL]);
      expect(made.errors).toEqual([bug]);
    },
  );

  it('is seen by the onError hooks of the host, and logged by nobody else than onError', async () => {
    const lines: string[] = [];
    const app = fastify({ logger: { level: 'error', stream: { write: (line) => void lines.push(line) } } });
    const seen: unknown[] = [];
    app.addHook('onError', async (_request, _reply, error) => void seen.push(error));
    app.setErrorHandler(answerErrors({ auth: made.payouts.auth }));
    app.get('/', { preParsing: requireApiKey({ auth: made.payouts.auth }) }, async () => 'in');
    await app.register(payoutApi, { ...made, prefix: '/v1' });
    made.storage.isDown = true;
    const origin = await listen(app);
    for (const path of ['/', '/v1/balance']) {
      await fetch(origin + path, { headers: { authorization: `Bearer ${made.key}` } });
    }
    expect(seen).toEqual(made.errors);
    expect([seen.length, lines]).toEqual([2, []]);
  });
});

describe('answerErrors', () => {
  it('answers for a fault that a route of the host let through, and tells onError once', async () => {
    const { auth } = made.payouts;
    const app = fastify();
    app.setErrorHandler(answerErrors({ auth }));
    app.get('/', () => made.payouts.balance({ businessId: 'biz_1' }));
    made.storage.isDown = true;
    const answer = await get(app);
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '1', UNAVAILABLE]);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(made.errors).toHaveLength(1);
  });

  it('leaves every other error to the error handler around it', async () => {
    const error = new Error('of the host');
    const app = fastify();
    const caught: unknown[] = [];
    app.setErrorHandler((thrown, _request, reply) => {
      caught.push(thrown);
      return reply.code(418).send('of the host');
    });
    await app.register(async (inner) => {
      inner.setErrorHandler(answerErrors({ auth: made.payouts.auth }));
      inner.get('/', () => Promise.reject(error));
    });
    expect((await get(app)).status).toBe(418);
    expect([caught, made.errors]).toEqual([[error], []]);
  });
});

it('a fault in the API is answered by the API, and works again afterwards', async () => {
  const app = fastify();
  await app.register(payoutApi, made);
  made.storage.isDown = true;
  const origin = await listen(app);
  const headers = { authorization: `Bearer ${made.key}` };
  const answer = await fetch(`${origin}/balance`, { headers });
  expect([answer.status, await answer.text()]).toEqual([503, UNAVAILABLE]);
  expect(made.errors).toHaveLength(1);
  made.storage.isDown = false;
  expect((await fetch(`${origin}/balance`, { headers })).status).toBe(200);
});

it('an answer that the host gave meanwhile, for a time-out, is left alone', async () => {
  const { auth } = made.payouts;
  const late: { answer: () => void } = { answer: () => undefined };
  const slow: Auth = {
    ...auth,
    guard: {
      ...auth.guard,
      apiKey: (view) =>
        new Promise((resolve) => {
          late.answer = () => resolve(auth.guard.apiKey(view));
        }),
    },
  };
  const app = fastify();
  let passed = 0;
  const guard = requireApiKey({ auth: slow });
  const preParsing: typeof guard = (request, reply, payload, done) => {
    guard(request, reply, payload, done);
    (reply as unknown as { code(status: number): { send(text: string): void } }).code(408).send('too late');
  };
  app.get('/', { preParsing }, async () => {
    passed += 1;
  });
  const origin = await listen(app);
  for (const headers of [{}, { authorization: `Bearer ${made.key}` }]) {
    expect((await fetch(origin, { headers })).status).toBe(408);
    late.answer();
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect([passed, made.errors]).toEqual([0, []]);
});
