/** Compiled in the consumer's project: the packages together, as an ES module uses them. */
import { derivePayoutHash, generateApiKey, parseApiKey } from '@bursar/core';
import * as guards from '@bursar/fastify';
import { payoutApi as fastifyApi } from '@bursar/fastify';
import { payoutApi as fetchApi, requirePayoutHash } from '@bursar/fetch';
import { memoryStorage } from '@bursar/memory';
import { payoutApi as nextApi } from '@bursar/next';
import { createPayouts } from '@bursar/payouts';
import fastify from 'fastify';

const { key } = generateApiKey({ mode: 'test' });
const parsed = parseApiKey(key);
export const mode: 'live' | 'test' | undefined = parsed.ok ? parsed.mode : undefined;

export const hash: string = derivePayoutHash({ secret: 's'.repeat(32), businessId: 'biz_1', email: 'ada@example.com' });

export const storage = memoryStorage();

/** The adapters as their quick starts have them: their types hold in both ways of resolving. */
const payouts = createPayouts({ storage, secret: 's'.repeat(32) });
export const app = fastify();
await app.register(fastifyApi, { payouts, prefix: '/v1' });
app.get(
  '/me',
  { preParsing: guards.requireApiKey(payouts) },
  async (request) => guards.apiKeyPrincipal(request).apiKey.id,
);
export const served = {
  fetch: fetchApi(
    { payouts },
    requirePayoutHash(payouts, (_, { payoutUser }) => new Response(payoutUser.id)),
  ),
};
export const { GET, POST } = nextApi({ payouts, basePath: '/api' });
