/** What the compiler promises to those who use the package; `npm run typecheck` is what runs these. */
import type { ApiKey, Auth, Business, PayoutUser } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import express, { type RequestHandler } from 'express';
import { describe, expectTypeOf, it } from 'vitest';
import { type payoutApi, requireApiKey, requirePayoutHash } from '../src/index.js';
import { scene } from './scene.js';

describe('the types', () => {
  it('of a route know the principal, and its own parameters', async () => {
    const { auth } = (await scene()).payouts;
    const app = express();
    app.get('/x/:name', requireApiKey({ auth }), (req, res) => {
      expectTypeOf(res.locals.business).toEqualTypeOf<Business>();
      expectTypeOf(res.locals.apiKey).toEqualTypeOf<ApiKey>();
      expectTypeOf(req.params.name).toEqualTypeOf<string>();
      expectTypeOf(res.locals).not.toHaveProperty('payoutUser');
    });
    app.post('/x/:name', express.json(), requirePayoutHash({ auth }), (req, res) => {
      expectTypeOf(res.locals.payoutUser).toEqualTypeOf<PayoutUser>();
      expectTypeOf(req.params.name).toEqualTypeOf<string>();
    });
    app.use('/y', requirePayoutHash({ auth }), (_, res) => {
      expectTypeOf(res.locals.payoutUser).toEqualTypeOf<PayoutUser>();
    });
    app.use(requireApiKey({ auth }));
    app.get('/both', requireApiKey({ auth }), requirePayoutHash({ auth }), (_, res) => {
      expectTypeOf(res.locals.business).toEqualTypeOf<Business>();
    });
    expectTypeOf(requireApiKey({ auth })).toExtend<RequestHandler>();
    app.get('/list', [requireApiKey({ auth }), requirePayoutHash({ auth })]);
    express.Router().use(requireApiKey({ auth })).get('/', requirePayoutHash({ auth }));
  });

  it('of the options name what has to be there', () => {
    expectTypeOf(requireApiKey).parameter(0).toHaveProperty('auth').toEqualTypeOf<Auth>();
    expectTypeOf<{ scope: string }>().not.toExtend<Parameters<typeof requireApiKey>[0]>();
    expectTypeOf<{ auth: Auth; scope: undefined }>().toExtend<Parameters<typeof requireApiKey>[0]>();
    expectTypeOf<{ payouts: Payouts }>().toExtend<Parameters<typeof payoutApi>[0]>();
  });
});
