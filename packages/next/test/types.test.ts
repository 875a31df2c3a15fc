/** What the compiler promises to those who use the package; `npm run typecheck` is what runs these. */
import type { ApiKey } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { createPayouts } from '@bursar/payouts';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { payoutApi, requireApiKey } from '../src/index.js';

/** As Next.js 15 and 16 write it down: `params` is a promise, and the request is a `Request` with more to it. */
interface NextRequest extends Request {
  readonly nextUrl: URL;
}
interface RouteContext {
  readonly params: Promise<{ readonly id: string }>;
}
/** What the type checker of Next.js holds each export of a `route.ts` against. */
type RouteHandler = (request: NextRequest, context: RouteContext) => Response | Promise<Response>;

const payouts = createPayouts({ storage: memoryStorage(), secret: 'a secret of the tests, 32 bytes.' });

describe('the types', () => {
  it('of the handlers are what Next.js asks for', async () => {
    const handler = requireApiKey(payouts, async (request: NextRequest, { apiKey }, { params }: RouteContext) => {
      expectTypeOf(apiKey).toEqualTypeOf<ApiKey>();
      return Response.json([request.nextUrl.pathname, (await params).id, apiKey.id]);
    });
    expectTypeOf(handler).toExtend<RouteHandler>();
    expectTypeOf(requireApiKey(payouts, () => new Response())).toExtend<RouteHandler>();
    expectTypeOf(payoutApi({ payouts }).GET).toExtend<RouteHandler>();
  });

  it('hand the parameters of the route on', async () => {
    await payouts.auth.businesses.create({ id: 'biz_1' });
    const { key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
    const handler = requireApiKey(payouts, async (_: Request, { business }, { params }: RouteContext) =>
      Response.json([business.id, (await params).id]),
    );
    const request = new Request('http://localhost/x/7', { headers: { authorization: `Bearer ${key}` } });
    expect(await (await handler(request, { params: Promise.resolve({ id: '7' }) })).json()).toEqual(['biz_1', '7']);
  });
});
