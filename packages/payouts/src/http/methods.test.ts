import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { scene } from '../../test/scene.js';
import { payoutMethod } from '../index.js';
import { businessRoutes } from './business.js';
import { businessWithdrawalRoutes } from './withdrawals.js';

const gift = payoutMethod({
  id: 'gift_card',
  name: 'Gift card',
  schema: z.strictObject({ email: z.email() }),
  minimum: 100,
  maximum: 10_000,
  mask: ({ email }) => email.slice(0, 1),
  send: async () => ({ status: 'sent', reference: null }),
});

async function published() {
  const made = await scene({ methods: [gift] });
  const { key } = await made.payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'page', kind: 'publishable' });
  return { ...made, publishable: key };
}

describe('a publishable key', () => {
  it('lists the payout methods, as a payout user sees them', async () => {
    const { send, publishable, payouts, key } = await published();
    const { hash } = await payouts.auth.payoutUsers.open({ businessId: 'biz_1', email: 'user@example.com' });
    const seen = await send('GET /payout/methods', { key: publishable });
    expect(seen).toMatchObject({ status: 200, body: { items: [{ id: 'gift_card' }] } });
    expect(seen).toEqual(await send('GET /payout/methods', { hash }));
    expect(seen).toEqual(await send('GET /payout/methods', { key }));
  });

  it.each(
    [...businessRoutes, ...businessWithdrawalRoutes]
      .filter(({ path }) => path !== '/payout/methods')
      .map(({ method, path }) => `${method} ${path}`),
  )('does nothing else: %s', async (line) => {
    const { send, publishable } = await published();
    expect(await send(line.replace(':id', 'usr_1'), { key: publishable })).toMatchObject({
      status: 403,
      body: { error: 'Forbidden', message: expect.stringMatching(/secret/) },
    });
  });
});

it('the headers of a limiter are on each answer of the API', async () => {
  const headers = { ratelimit: '"k";r=1;t=60' };
  const { send, key } = await scene({ limiter: () => ({ ok: true, headers }) });
  expect((await send('GET /balance')).headers).toMatchObject(headers);
  expect((await send('POST /payout/create', { key, json: {} })).headers).toMatchObject(headers);
  expect((await send('GET /balance', { key: 'wrong' })).headers).toMatchObject({
    ...headers,
    'www-authenticate': expect.any(String),
  });
});
