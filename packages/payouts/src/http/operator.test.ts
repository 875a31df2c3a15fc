import { describe, expect, it } from 'vitest';
import { type RequestParts, request } from '../../test/requests.js';
import { scene } from '../../test/scene.js';
import { operatorRoutes } from './operator.js';
import { routes } from './table.js';

async function asOperator() {
  const { payouts, endow } = await scene({ audit: true });
  await endow(10_000);
  const by = {
    payouts: payouts.as({ actorType: 'operator', actorId: 'Ada' }),
    businessId: 'biz_1',
    actor: 'operator:Ada',
  };
  const send = (method: string, path: string, parts: RequestParts = {}) => {
    const route = operatorRoutes.find((candidate) => candidate.method === method && candidate.path === path);
    if (route === undefined) throw new Error(`there is no ${method} ${path}`);
    return route.answer(request({ method, headers: { 'content-type': 'application/json' }, ...parts }), by);
  };
  return { payouts, send };
}

const json = (value: unknown) => ({ kind: 'text', text: JSON.stringify(value) }) as const;

describe('operatorRoutes', () => {
  it('are those of the business, and none of the payout user', () => {
    const ofBusiness = routes.filter(({ credential }) => credential === 'api_key');
    expect(operatorRoutes.map(({ method, path }) => `${method} ${path}`)).toEqual(
      ofBusiness.map(({ method, path }) => `${method} ${path}`),
    );
  });

  it('check, do and write down what an API key does, under the name of the operator', async () => {
    const { payouts, send } = await asOperator();
    const wrong = await send('POST', '/payout/create', { body: json({ email: 'ann@example.com', amount: 0 }) });
    expect([wrong.status, wrong.body]).toEqual([422, { amount: ['The amount must be at least 1.'] }]);
    const created = await send('POST', '/payout/create', { body: json({ email: 'ann@example.com', amount: 100 }) });
    expect(created.body).toEqual({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const log = await payouts.audit.list({ businessId: 'biz_1', limit: 1 });
    expect(log.ok && log.value.items[0]).toMatchObject({
      actorType: 'operator',
      actorId: 'Ada',
      action: 'payout.create',
      outcome: 'ok',
    });
  });

  it('answer again what was answered to the same Idempotency-Key', async () => {
    const { payouts, send } = await asOperator();
    const parts = {
      headers: { 'content-type': 'application/json', 'idempotency-key': 'form-1' },
      body: json({ email: 'ann@example.com', amount: 100 }),
    };
    await send('POST', '/payout/create', parts);
    expect((await send('POST', '/payout/create', parts)).headers).toMatchObject({ 'idempotency-replayed': 'true' });
    expect((await payouts.balance({ businessId: 'biz_1' })).payoutBalance).toBe(9900);
  });

  it('find what the path names, and nothing else', async () => {
    const { send } = await asOperator();
    expect((await send('GET', '/payout/users/:id', { params: { id: 'a\0' } })).status).toBe(404);
    expect((await send('GET', '/balance')).body).toEqual({ balance: 0, payout_balance: 10_000 });
  });
});
