/** What the compiler promises to those who use the package; `npm run typecheck` is what runs these. */
import type { ApiKey, Auth, Business, PayoutUser } from '@bursar/core';
import fastify from 'fastify';
import { describe, expectTypeOf, it } from 'vitest';
import {
  answerErrors,
  apiKeyPrincipal,
  payoutApi,
  payoutUserPrincipal,
  requireApiKey,
  requirePayoutHash,
} from '../src/index.js';
import { scene } from './scene.js';

describe('the types', () => {
  it('fit every server and every route of Fastify', async () => {
    const made = await scene();
    const { auth } = made.payouts;
    const guards = [requireApiKey({ auth }), requirePayoutHash({ auth })];
    const app = fastify();
    app.addHook('preParsing', requireApiKey({ auth }));
    await app.register(payoutApi, { ...made, prefix: '/v1' });
    app.setErrorHandler(answerErrors({ auth }));
    app.get<{ Params: { id: string }; Reply: { 200: { id: string } } }>(
      '/x/:id',
      { preParsing: guards },
      async (request) => {
        expectTypeOf(request.params.id).toEqualTypeOf<string>();
        const { business, apiKey } = apiKeyPrincipal(request);
        expectTypeOf(business).toEqualTypeOf<Business>();
        expectTypeOf(apiKey).toEqualTypeOf<ApiKey>();
        expectTypeOf(payoutUserPrincipal(request).payoutUser).toEqualTypeOf<PayoutUser>();
        return { id: apiKey.id };
      },
    );
    const other = fastify({ http2: true });
    other.addHook('preParsing', requirePayoutHash({ auth }));
    await other.register(payoutApi, { ...made, prefix: '/v1' });
    other.setErrorHandler(answerErrors({ auth }));
    other.route({
      method: 'POST',
      url: '/',
      preParsing: guards,
      handler: async (request) => apiKeyPrincipal(request).apiKey.id,
    });
  });

  it('let a guard be no other hook', async () => {
    const { auth } = (await scene()).payouts;
    const app = fastify();
    // @ts-expect-error: what is read of a body could not be handed on to the parser
    app.get('/a', { onRequest: requireApiKey({ auth }) }, async () => '');
    // @ts-expect-error: the body is parsed already
    app.get('/b', { preHandler: requirePayoutHash({ auth }) }, async () => '');
    // @ts-expect-error: a reply has no principal
    app.get('/c', async (_, reply) => apiKeyPrincipal(reply));
  });

  it('of the options name what has to be there', () => {
    expectTypeOf(requireApiKey).parameter(0).toHaveProperty('auth').toEqualTypeOf<Auth>();
    expectTypeOf<{ scope: string }>().not.toExtend<Parameters<typeof requireApiKey>[0]>();
    expectTypeOf<{ auth: Auth; scope: undefined }>().toExtend<Parameters<typeof requireApiKey>[0]>();
  });
});
