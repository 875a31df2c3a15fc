import { type Auth, StorageUnavailableError } from '@bursar/core';
import express, { type Express } from 'express';
import { beforeEach, describe, expect, it } from 'vitest';
import { answerErrors, payoutApi, requireApiKey, requirePayoutHash } from '../../src/index.js';
import { type Scene, scene } from '../scene.js';
import { closeAfterEach, listen } from './server.js';

const UNAVAILABLE = '{"error":"Service unavailable"}';
const INTERNAL = '{"error":"Internal server error"}';

/** What becomes of a fault. */
export function describeFaults(): void {
  let made: Scene;
  beforeEach(async () => {
    made = await scene();
  });
  closeAfterEach();

  async function get(app: Express, path: string): Promise<Response> {
    const { origin } = await listen(app);
    return fetch(origin + path, { headers: { authorization: `Bearer ${made.key}` } });
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
    it('reaches the error middleware of the host, after onError', async () => {
      const app = express().get('/', requireApiKey({ auth: made.payouts.auth }));
      const caught: unknown[] = [];
      // Four parameters make it an error middleware.
      app.use((error: unknown, _req: unknown, res: express.Response, _next: unknown) => {
        caught.push(error);
        res.send('of the host');
      });
      made.storage.isDown = true;
      expect(await (await get(app, '/')).text()).toBe('of the host');
      expect(made.errors).toHaveLength(1);
      expect(made.errors).toEqual(caught);
      expect(caught[0]).toBeInstanceOf(StorageUnavailableError);
    });

    it.each([true, false])(
      'is answered by Express alone with nothing of its cause (storage down: %s)',
      async (isDown) => {
        const app = express().set('env', 'test');
        const bug = new TypeError('a bug with a secret path');
        app.get('/', requireApiKey({ auth: isDown ? made.payouts.auth : faulty(bug) }));
        made.storage.isDown = isDown;
        const answer = await get(app, '/');
        expect([answer.status, answer.headers.get('retry-after')]).toEqual(isDown ? [503, '1'] : [500, null]);
        expect(await answer.text()).not.toMatch(/disk|secret|TypeError|\.ts/);
        expect(made.errors).toHaveLength(1);
      },
    );

    it.each([new TypeError('a bug'), 'no error at all'])(
      'that is a bug (%s) is answered in JSON and told',
      async (bug) => {
        const { auth } = made.payouts;
        const app = express().get('/', requireApiKey({ auth: faulty(bug) }));
        const answer = await get(app.use(answerErrors({ auth })), '/');
        expect([answer.status, await answer.text()]).toEqual([500, INTERNAL]);
        expect(made.errors).toEqual([bug]);
      },
    );
  });

  describe('answerErrors', () => {
    it('answers for a guard, which has told onError already', async () => {
      const { auth } = made.payouts;
      const app = express().get('/', requireApiKey({ auth })).use(answerErrors({ auth }));
      made.storage.isDown = true;
      const answer = await get(app, '/');
      expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '1', UNAVAILABLE]);
      expect(made.errors).toHaveLength(1);
    });

    it('answers for a fault that a route of the host handed on, and tells onError once', async () => {
      const { auth } = made.payouts;
      const app = express();
      app.get('/', (_, res, next) => {
        made.payouts.balance({ businessId: 'biz_1' }).then((balance) => void res.json(balance), next);
      });
      app.use(answerErrors({ auth }), answerErrors({ auth }));
      made.storage.isDown = true;
      expect(await (await get(app, '/')).text()).toBe(UNAVAILABLE);
      expect(made.errors).toHaveLength(1);
    });

    it('leaves every other error, and an answer that has begun, to the host', async () => {
      const { auth } = made.payouts;
      const error = new Error('of the host');
      const app = express();
      app.get('/other', (_, _res, next) => next(error));
      app.get('/begun', (_, res, next) => {
        res.write('begun');
        next(new StorageUnavailableError(error));
      });
      app.use(answerErrors({ auth }));
      const caught: unknown[] = [];
      app.use((caughtError: unknown, _req: unknown, res: express.Response, _next: unknown) => {
        caught.push(caughtError);
        res.end();
      });
      await get(app, '/other');
      await get(app, '/begun');
      expect(caught).toEqual([error, expect.any(StorageUnavailableError)]);
      expect(made.errors).toEqual([]);
    });
  });

  it('a fault in the API is answered by the API, and works again afterwards', async () => {
    const app = express().use(payoutApi(made));
    made.storage.isDown = true;
    const { origin } = await listen(app);
    const headers = { authorization: `Bearer ${made.key}` };
    const answer = await fetch(`${origin}/balance`, { headers });
    expect([answer.status, await answer.text()]).toEqual([503, UNAVAILABLE]);
    expect(made.errors).toHaveLength(1);
    made.storage.isDown = false;
    expect((await fetch(`${origin}/balance`, { headers })).status).toBe(200);
  });

  it('an answer that the host gave meanwhile, for a time-out, is left alone', async () => {
    const { auth } = made.payouts;
    const answers = { late: (): void => {} };
    const slow: Auth = {
      ...auth,
      guard: {
        ...auth.guard,
        payoutHash: (view) =>
          new Promise((resolve) => {
            answers.late = () => resolve(auth.guard.payoutHash(view));
          }),
      },
    };
    const app = express();
    app.use((_, res, next) => {
      next();
      res.status(408).send('too late');
    });
    let passed = 0;
    app.get('/', requirePayoutHash({ auth: slow }), () => {
      passed += 1;
    });
    const { origin } = await listen(app);
    expect((await fetch(origin)).status).toBe(408);
    answers.late();
    expect((await fetch(`${origin}/`, { headers: { 'x-payout-hash': made.hash } })).status).toBe(408);
    answers.late();
    await new Promise((resolve) => setImmediate(resolve));
    expect([passed, made.errors]).toEqual([1, []]);
  });
}
