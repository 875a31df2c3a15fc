import type { RequestListener } from 'node:http';
import {
  answerErrors,
  apiKeyPrincipal,
  payoutApi,
  payoutUserPrincipal,
  requireApiKey,
  requirePayoutHash,
} from '@bursar/fastify';
import type { Payouts } from '@bursar/payouts';
import fastify, { type FastifyRequest } from 'fastify';

/** The payout API below `/v1`, and routes of a host's own, one for each option of the guards. */
export async function fastifyApp(payouts: Payouts): Promise<RequestListener> {
  const { auth } = payouts;
  const app = fastify();
  const key = async (request: FastifyRequest) => ({ id: apiKeyPrincipal(request).apiKey.id });
  await app.register(payoutApi, { payouts, prefix: '/v1' });
  app.all('/keyed', { preParsing: requireApiKey({ auth }) }, key);
  app.all('/scoped', { preParsing: requireApiKey({ auth, scope: 'reports:read' }) }, key);
  app.all('/public', { preParsing: requireApiKey({ auth, publishable: true }) }, key);
  app.all('/paying', { preParsing: requireApiKey({ auth, payoutsEnabled: true }) }, key);
  app.all('/hashed', { preParsing: requirePayoutHash({ auth }) }, async (request) => ({
    id: payoutUserPrincipal(request).payoutUser.id,
  }));
  app.all('/both', { preParsing: [requireApiKey({ auth }), requirePayoutHash({ auth })] }, async () => 'reached');
  app.setErrorHandler(answerErrors({ auth }));
  await app.ready();
  return app.routing;
}
