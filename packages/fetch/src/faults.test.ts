import { type Auth, StorageUnavailableError } from '@bursar/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { answerErrors } from './faults.js';
import { requireApiKey } from './guard.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});

const keyed = (path = '/') =>
  new Request(`http://localhost${path}`, { headers: { authorization: `Bearer ${made.key}` } });
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

describe('a fault', () => {
  it('is answered by the API and by a guard, after onError was told once, and works again afterwards', async () => {
    const { auth } = made.payouts;
    const api = payoutApi({ ...made, cors: { origins: ['https://app.example.com'] } });
    const server = answerErrors({ auth }, (request: Request) =>
      request.url.endsWith('/mine') ? requireApiKey({ auth }, () => new Response())(request) : api(request),
    );
    made.storage.isDown = true;
    for (const path of ['/mine', '/balance']) {
      made.errors.length = 0;
      const answer = await server(keyed(path));
      expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '1', UNAVAILABLE]);
      expect(answer.headers.get('vary')).toBe(path === '/mine' ? null : 'Origin');
      expect(made.errors.map(String)).toEqual(['StorageUnavailableError: Service unavailable']);
    }
    made.storage.isDown = false;
    expect((await server(keyed('/balance'))).status).toBe(200);
  });

  it.each([new TypeError('a bug'), 'no error at all'])(
    'that is a bug (%s) is answered with 500 and told',
    async (bug) => {
      const answer = await requireApiKey({ auth: faulty(bug) }, () => new Response())(keyed());
      expect([answer.status, await answer.text()]).toEqual([500, INTERNAL]);
      expect(made.errors).toEqual([bug]);
    },
  );

  it('of a handler goes on to the server, behind a guard and behind the API', async () => {
    const bug = new Error('a bug of the host');
    const fail = (): Response => {
      throw bug;
    };
    await expect(requireApiKey({ auth: made.payouts.auth }, fail)(keyed())).rejects.toBe(bug);
    await expect(payoutApi(made, fail)(keyed('/mine'))).rejects.toBe(bug);
    expect(made.errors).toEqual([]);
  });
});

describe('answerErrors', () => {
  const balance = async () => Response.json(await made.payouts.balance({ businessId: 'biz_1' }));

  it('answers for a StorageUnavailableError that a handler let through, and tells onError once', async () => {
    const { auth } = made.payouts;
    const server = answerErrors({ auth }, answerErrors({ auth }, balance));
    expect((await server(keyed())).status).toBe(200);
    made.storage.isDown = true;
    const answer = await server(keyed());
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '1', UNAVAILABLE]);
    expect(made.errors).toEqual([expect.any(StorageUnavailableError)]);
  });

  it('leaves every other error to the server', async () => {
    const bug = new Error('of the host');
    const server = answerErrors({ auth: made.payouts.auth }, () => Promise.reject(bug));
    await expect(server(keyed())).rejects.toBe(bug);
    expect(made.errors).toEqual([]);
  });

  it('refuses wrong options when the server starts', () => {
    expect(() => answerErrors({} as { auth: Auth }, balance)).toThrow(TypeError);
    expect(() => answerErrors(made.payouts, undefined as unknown as () => Response)).toThrow(TypeError);
  });
});
