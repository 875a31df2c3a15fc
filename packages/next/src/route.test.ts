import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts } from '@bursar/payouts';
import { beforeEach, describe, expect, it } from 'vitest';
import { payoutApi } from './route.js';

let payouts: Payouts;
let key: string;
beforeEach(async () => {
  payouts = createPayouts({ storage: memoryStorage(), secret: 'a secret of the tests, 32 bytes.' });
  await payouts.auth.businesses.create({ id: 'biz_1' });
  ({ key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' }));
});

describe('payoutApi', () => {
  it('answers every method that a route handler of Next.js can have', async () => {
    const handlers = payoutApi({ payouts, basePath: '/api' });
    const statuses = Object.entries(handlers).map(async ([method, handler]) => {
      const headers = { authorization: `Bearer ${key}` };
      const { status } = await handler(new Request('http://localhost/api/balance', { method, headers }));
      return [method, status];
    });
    expect(Object.fromEntries(await Promise.all(statuses))).toEqual({
      GET: 200,
      HEAD: 200,
      POST: 405,
      PUT: 405,
      PATCH: 405,
      DELETE: 405,
      OPTIONS: 204,
    });
  });

  it('answers 404 for what is none of its paths, since nothing is behind it', async () => {
    const { GET } = payoutApi({ payouts, basePath: '/api' });
    for (const path of ['/api', '/balance', '/api/nothing']) {
      const answer = await GET(new Request(`http://localhost${path}`));
      expect([answer.status, await answer.text()]).toEqual([404, '{"error":"Not found"}']);
    }
  });

  it('refuses wrong options when the module is loaded', () => {
    expect(() => payoutApi({ payouts, basePath: 'api' })).toThrow(/^basePath must be a path/);
  });
});
