/** What the compiler promises to those who use the package; `npm run typecheck` is what runs these. */
import type { ApiKey, Auth, Business, PayoutUser } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import { Hono } from 'hono';
import { describe, expectTypeOf, it } from 'vitest';
import { type payoutApi, requireApiKey, requirePayoutHash } from '../src/index.js';
import { scene } from './scene.js';

describe('the types', () => {
  it('of a route know the principal, its own parameters and what a middleware before has set', async () => {
    const { auth } = (await scene()).payouts;
    const app = new Hono<{ Variables: { locale: string } }>();
    app.get('/x/:name', requireApiKey({ auth }), (c) => {
      expectTypeOf(c.var.business).toEqualTypeOf<Business>();
      expectTypeOf(c.var.apiKey).toEqualTypeOf<ApiKey>();
      expectTypeOf(c.var.locale).toEqualTypeOf<string>();
      expectTypeOf(c.req.param('name')).toEqualTypeOf<string>();
      expectTypeOf(c.var).not.toHaveProperty('payoutUser');
      return c.text(c.var.apiKey.id);
    });
    app.get('/both', requireApiKey({ auth }), requirePayoutHash({ auth }), (c) => {
      expectTypeOf(c.var.apiKey).toEqualTypeOf<ApiKey>();
      expectTypeOf(c.var.payoutUser).toEqualTypeOf<PayoutUser>();
      return c.text(c.var.payoutUser.id);
    });
    new Hono().use(requirePayoutHash({ auth })).get('/', (c) => {
      expectTypeOf(c.var.payoutUser).toEqualTypeOf<PayoutUser>();
      return c.text(c.var.payoutUser.id);
    });
  });

  it('of the options name what has to be there', () => {
    expectTypeOf(requireApiKey).parameter(0).toHaveProperty('auth').toEqualTypeOf<Auth>();
    expectTypeOf<{ scope: string }>().not.toExtend<Parameters<typeof requireApiKey>[0]>();
    expectTypeOf<{ auth: Auth; scope: undefined }>().toExtend<Parameters<typeof requireApiKey>[0]>();
    expectTypeOf<{ payouts: Payouts }>().toExtend<Parameters<typeof payoutApi>[0]>();
  });
});
