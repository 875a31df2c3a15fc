import { describe, expect, it, vi } from 'vitest';
import { request } from '../../test/requests.js';
import { scene } from '../../test/scene.js';
import { businessRoutes } from './business.js';
import { type ApiPathsOptions, payoutApiPaths } from './routes.js';
import { userRoutes } from './user.js';
import { businessWithdrawalRoutes } from './withdrawals.js';

const routes = [...businessRoutes, ...businessWithdrawalRoutes, ...userRoutes];

const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

describe('the table of routes', () => {
  it('says for each which credential and which scope it asks for', () => {
    const table = routes.map(({ method, path, credential, scope }) => [`${method} ${path}`, credential, scope]);
    expect(table).toEqual([
      ['POST /payout/create', 'api_key', 'payouts:write'],
      ['POST /payout/fund', 'api_key', 'payouts:write'],
      ['GET /balance', 'api_key', 'balance:read'],
      ['GET /payout/users', 'api_key', 'users:read'],
      ['GET /payout/users/:id', 'api_key', 'users:read'],
      ['PATCH /payout/users/:id', 'api_key', 'users:write'],
      ['POST /payout/users/:id/reissue', 'api_key', 'users:write'],
      ['POST /payout/users/:id/reclaim', 'api_key', 'payouts:write'],
      ['GET /payout/users/:id/operations', 'api_key', 'users:read'],
      ['GET /payout/methods', 'api_key', undefined],
      ['GET /payout/withdrawals', 'api_key', 'withdrawals:read'],
      ['GET /payout/withdrawals/:id', 'api_key', 'withdrawals:read'],
      ['PATCH /payout/withdrawals/:id', 'api_key', 'withdrawals:write'],
      ['POST /payout/withdrawals/:id/approve', 'api_key', 'withdrawals:write'],
      ['POST /payout/withdrawals/:id/refuse', 'api_key', 'withdrawals:write'],
      ['POST /payout/withdrawals/:id/return', 'api_key', 'withdrawals:write'],
      ['GET /payout/balance', 'payout_hash', undefined],
      ['GET /payout/operations', 'payout_hash', undefined],
      ['GET /payout/methods', 'payout_hash', undefined],
      ['POST /payout/withdraw', 'payout_hash', undefined],
      ['GET /payout/withdrawals', 'payout_hash', undefined],
      ['GET /payout/withdrawals/:id', 'payout_hash', undefined],
    ]);
  });

  it.each(routes)('has a name and a line of words for $method $path by $credential', ({ document }) => {
    expect(document.operationId).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
    expect(document.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(routes.filter((route) => route.document.operationId === document.operationId)).toHaveLength(1);
  });

  it('has each path once, for all of its methods', async () => {
    const { payouts } = await scene();
    const paths = payoutApiPaths(payouts).map(({ path }) => path);
    expect(paths).toEqual([...new Set(routes.map(({ path }) => path))]);
    expect(paths).toHaveLength(17);
  });
});

describe('a path of the API', () => {
  it.each([
    ['DELETE /balance', 'GET, HEAD, OPTIONS'],
    ['POST /payout/balance', 'GET, HEAD, OPTIONS'],
    ['GET /payout/create', 'POST, OPTIONS'],
    ['HEAD /payout/create', 'POST, OPTIONS'],
    ['PUT /payout/users/usr_1', 'GET, PATCH, HEAD, OPTIONS'],
    ['get /balance', 'GET, HEAD, OPTIONS'],
  ])('refuses another method: %s', async (line, allow) => {
    const { send } = await scene();
    expect(await send(line)).toEqual({
      status: 405,
      headers: { ...PRIVATE, allow },
      body: { error: 'Method not allowed' },
    });
  });

  it('refuses another method without a look at the credential', async () => {
    const { send, storage } = await scene();
    const find = vi.spyOn(storage, 'findApiKeys');
    expect(await send('DELETE /balance', { key: 'wrong' })).toMatchObject({ status: 405 });
    expect(find).not.toHaveBeenCalled();
  });

  it('answers OPTIONS, with or without a preflight’s headers, and lets nobody in by it', async () => {
    const { send } = await scene();
    const preflight = { origin: 'https://example.com', 'access-control-request-method': 'POST' };
    for (const headers of [{}, preflight]) {
      expect(await send('OPTIONS /payout/create', { key: null, headers })).toEqual({
        status: 204,
        headers: { allow: 'POST, OPTIONS' },
        body: undefined,
      });
    }
  });

  it('answers HEAD as GET', async () => {
    const { send, endow } = await scene();
    await endow(5);
    expect(await send('HEAD /balance')).toEqual(await send('GET /balance'));
    expect(await send('HEAD /balance', { key: null })).toMatchObject({ status: 401 });
  });
});

describe('what may be switched on besides', () => {
  const origin = 'https://app.example.com';
  const headers = { origin, 'access-control-request-method': 'POST' };
  const preflight = request({ method: 'OPTIONS', headers });
  const pathsWith = async (options?: ApiPathsOptions) => {
    const { payouts } = await scene();
    const byPath = new Map(payoutApiPaths(payouts, options).map((path) => [path.path, path]));
    return (path: string) => {
      const found = byPath.get(path);
      if (found === undefined) throw new Error(`there is no ${path}`);
      return found;
    };
  };

  it('is nothing unless it is said', async () => {
    const at = await pathsWith();
    expect(() => at('/openapi.json')).toThrow('there is no /openapi.json');
    expect(at('/payout/create').headers(preflight)).toEqual({});
    expect((await at('/payout/create').answer(preflight)).headers).toEqual({ allow: 'POST, OPTIONS' });
  });

  it('is the OpenAPI document, with the words of its option', async () => {
    const at = await pathsWith({ openapi: { title: 'Ours' } });
    expect(await at('/openapi.json').answer(request())).toMatchObject({
      status: 200,
      body: { info: { title: 'Ours' } },
    });
  });

  it('is CORS, also for the document: on every answer who may read it, on a preflight what it may send', async () => {
    const at = await pathsWith({ openapi: true, cors: { origins: [origin], maxAgeSeconds: 60 } });
    for (const [path, allow] of [
      ['/payout/create', 'POST, OPTIONS'],
      ['/openapi.json', 'GET, HEAD, OPTIONS'],
    ] as const) {
      expect(at(path).headers(preflight)).toMatchObject({ vary: 'Origin', 'access-control-allow-origin': origin });
      expect(await at(path).answer(preflight)).toMatchObject({
        status: 204,
        headers: { allow, 'access-control-allow-methods': allow, 'access-control-max-age': '60' },
      });
      expect(await at(path).answer(request({ method: 'DELETE', headers }))).toEqual({
        status: 405,
        headers: { ...PRIVATE, allow },
        body: { error: 'Method not allowed' },
      });
    }
  });

  it.each<[ApiPathsOptions, string]>([
    [{ openapi: { title: '' } }, 'openapi.title'],
    [{ cors: { origins: [] } }, 'cors.origins'],
  ])('is checked when the server starts: %j', async (options, name) => {
    await expect(pathsWith(options)).rejects.toThrow(`${name} must be`);
  });
});

describe('the order of the checks', () => {
  const wrong = { idempotencyKey: '', text: '{' };

  it('looks at the credential, then the scope, then the key, then the body, then the fields', async () => {
    const { send, payouts } = await scene();
    const issue = { businessId: 'biz_1', name: 'reader', scopes: ['balance:read'] };
    const { key: reader } = await payouts.auth.apiKeys.issue(issue);
    const statuses = [];
    for (const sent of [
      { ...wrong, key: null },
      { ...wrong, key: 'wrong' },
      { ...wrong, key: reader },
      wrong,
      { ...wrong, idempotencyKey: 'k' },
      { ...wrong, idempotencyKey: 'k', text: '{}' },
    ]) {
      const { status, body } = await send('POST /payout/create', sent);
      statuses.push([status, (body as { message?: string }).message ?? body]);
    }
    expect(statuses).toEqual([
      [401, 'Missing authorization header'],
      [401, 'Invalid API key'],
      [403, 'This API key does not have the scope payouts:write.'],
      [
        400,
        'The Idempotency-Key header must be sent once, with 1 to 255 visible ASCII characters, bare or as a quoted string.',
      ],
      [400, 'The body is not valid JSON.'],
      [422, { email: ['The email field is required.'], amount: ['The amount field is required.'] }],
    ]);
  });

  it('reads neither body nor key of a request that is refused, and none of a GET', async () => {
    const { payouts, key } = await scene();
    const body = vi.fn(() => ({ kind: 'none' }) as const);
    const pathOf = (path: string) => payoutApiPaths(payouts).find((candidate) => candidate.path === path);
    const view = (method: string, authorization: string) => ({
      ...request({ method, headers: { authorization, 'idempotency-key': '' } }),
      body,
    });
    expect(await pathOf('/payout/create')?.answer(view('POST', 'Bearer wrong'))).toMatchObject({ status: 401 });
    expect(await pathOf('/balance')?.answer(view('GET', `Bearer ${key}`))).toMatchObject({ status: 200 });
    expect(body).not.toHaveBeenCalled();
  });

  it('takes no id that storage might choke on', async () => {
    const { send, storage } = await scene();
    const find = vi.spyOn(storage, 'findPayoutUser');
    for (const id of ['%00', 'usr%201', '%C3%BC', 'x'.repeat(256)]) {
      expect(await send(`GET /payout/users/${id}`)).toMatchObject({ status: 404, body: { error: 'Not found' } });
    }
    expect(find.mock.calls.map(([, id]) => id)).toEqual(['', '', '', '']);
  });
});
