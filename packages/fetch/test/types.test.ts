/** What the compiler promises to those who use the package; `npm run typecheck` is what runs these. */
import type { ApiKey, Auth, Business, PayoutUser } from '@bursar/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Handler, payoutApi, requireApiKey, requirePayoutHash } from '../src/index.js';
import { scene } from './scene.js';

describe('the types', () => {
  it('of a handler know the principal, its own request, and what the server hands over', async () => {
    const { payouts } = await scene();
    const { auth } = payouts;
    interface OwnRequest extends Request {
      readonly geo: string;
    }
    const route = requireApiKey({ auth }, (request: OwnRequest, principal, env: { KEY: string }) => {
      expectTypeOf(request.geo).toEqualTypeOf<string>();
      expectTypeOf(principal.business).toEqualTypeOf<Business>();
      expectTypeOf(principal.apiKey).toEqualTypeOf<ApiKey>();
      expectTypeOf(principal).not.toHaveProperty('payoutUser');
      return new Response(env.KEY);
    });
    expectTypeOf(route).parameters.toEqualTypeOf<[request: OwnRequest, env: { KEY: string }]>();
    expectTypeOf(route).returns.toEqualTypeOf<Promise<Response>>();
    const plain = requirePayoutHash({ auth }, (request, { payoutUser }) => {
      expectTypeOf(request).toEqualTypeOf<Request>();
      expectTypeOf(payoutUser).toEqualTypeOf<PayoutUser>();
      return Promise.resolve(new Response());
    });
    expectTypeOf(plain).toExtend<Handler>();
    expectTypeOf(payoutApi({ payouts })).toExtend<Handler>();
    const api = payoutApi({ payouts }, (_: Request, env: string) => new Response(env));
    expectTypeOf(api).parameters.toEqualTypeOf<[request: Request, env: string]>();
    expectTypeOf(
      requireApiKey(
        { auth },
        requirePayoutHash({ auth }, () => new Response()),
      ),
    ).toExtend<Handler>();
  });

  it('let nobody guard nothing, or take a principal that is not there', async () => {
    const { auth } = (await scene()).payouts;
    // @ts-expect-error: without a handler nothing is guarded
    expect(() => requireApiKey({ auth })).toThrow(TypeError);
    // @ts-expect-error: an API key belongs to no payout user
    requireApiKey({ auth }, (_, { payoutUser }) => Response.json(payoutUser));
    // @ts-expect-error: a handler answers with a response
    requireApiKey({ auth }, (_, { business }) => business.name);
    expectTypeOf(requireApiKey).parameter(0).toHaveProperty('auth').toEqualTypeOf<Auth>();
  });
});
