import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});

const keyed = (path: string, init: RequestInit = {}) =>
  new Request(`http://localhost${path}`, {
    ...init,
    headers: { authorization: `Bearer ${made.key}`, ...init.headers },
  });

describe('payoutApi', () => {
  it.each([undefined, '', '/v1', '/a/b.c', '/:id/x', '/(v1)'])('works below %j', async (basePath) => {
    const api = payoutApi({ ...made, basePath });
    const paths = ['/balance', `/payout/users/${made.payoutUserId}`, '/payout/users/nobody'];
    const answers = await Promise.all(paths.map((path) => api(keyed(`${basePath ?? ''}${path}`))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  });

  it('leaves what is none of its paths to the handler behind it, with what the server has handed over', async () => {
    const api = payoutApi({ ...made, basePath: '/v1' }, (request: Request, env: string) =>
      Promise.resolve(new Response(`${env} ${new URL(request.url).pathname}`)),
    );
    for (const path of ['/', '/v1', '/balance', '/v1/payout', '/v1/payout/balance/more', '/v1/payout/balance/']) {
      expect(await (await api(keyed(path), 'mine')).text()).toBe(`mine ${path}`);
    }
    for (const path of ['/V1/balance', '/v1/BALANCE', '/v1/openapijson', '/v1x/balance', '/x/v1/balance']) {
      expect(await (await api(keyed(path, { method: 'OPTIONS' }), 'mine')).text()).toBe(`mine ${path}`);
    }
    expect((await api(keyed('/v1/balance'), 'mine')).status).toBe(200);
  });

  it('answers 404 for what is none of its paths, where no handler is behind it', async () => {
    const answer = await payoutApi(made)(keyed('/elsewhere', { headers: { 'x-request-id': 'trace-1' } }));
    expect([answer.status, await answer.text(), answer.headers.get('x-request-id')]).toEqual([
      404,
      '{"error":"Not found"}',
      'trace-1',
    ]);
  });

  it('knows nothing by a name that cannot be decoded, nor tells that to a stranger', async () => {
    const api = payoutApi(made);
    for (const name of ['%ff', '%', '%2F']) {
      const answer = await api(keyed(`/payout/users/${name}`));
      expect([answer.status, await answer.text()]).toEqual([404, '{"error":"Not found"}']);
      expect((await api(keyed(`/payout/users/${name}`, { headers: { authorization: '' } }))).status).toBe(401);
    }
  });

  it('decodes a name that a client has encoded without need', async () => {
    const encoded = made.payoutUserId.replace('_', '%5F');
    expect((await payoutApi(made)(keyed(`/payout/users/${encoded}`))).status).toBe(200);
  });

  it('takes no part of a query or a fragment for its path', async () => {
    const api = payoutApi({ ...made, basePath: '/v1' });
    expect((await api(keyed('/x?/v1/balance'))).status).toBe(404);
    expect((await api(keyed('/x#/v1/balance'))).status).toBe(404);
    expect((await api(keyed('/v1/balance?x=/y#z'))).status).toBe(200);
  });

  it('has no body in an answer to HEAD', async () => {
    const answer = await payoutApi(made)(keyed('/balance', { method: 'HEAD' }));
    expect([answer.status, answer.body, answer.headers.get('content-type')]).toEqual([200, null, 'application/json']);
  });

  it('reads no more of a body than the limit', async () => {
    const api = payoutApi({ ...made, bodyLimit: 20 });
    const send = (body: string) =>
      api(keyed('/payout/fund', { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
    expect((await send('{"amount":1        }')).status).toBe(400);
    expect((await send('{"amount":1         }')).status).toBe(413);
  });

  it.each(['v1', '/v1/', '/', '//v1', '/v1//x', '/v 1', '/v1?x', '/v1#x', '/a/../b', '/é', '\\v1', 1])(
    'refuses the basePath %j when the server starts, since no URL would have it',
    (basePath) => {
      expect(() => payoutApi({ ...made, basePath: basePath as string })).toThrow(/^basePath must be a path/);
    },
  );

  it('refuses other wrong options when the server starts', () => {
    expect(() => payoutApi({} as typeof made)).toThrow(new TypeError('payouts must be what createPayouts() made'));
    expect(() => payoutApi({ ...made, bodyLimit: 0 })).toThrow(TypeError);
    expect(() => payoutApi(made, {} as () => Response)).toThrow(
      new TypeError('the handler behind it must be a function'),
    );
  });
});
