import type { ApiKeyPrincipal } from '@bursar/core';
import { payoutApi, requireApiKey, requirePayoutHash } from '@bursar/next';
import type { Payouts } from '@bursar/payouts';
import type { WebApp } from './target.js';

/** What Next.js hands to a route handler besides the request, by its documentation of version 15 and newer. */
interface RouteContext {
  readonly params: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

/** What a `route.ts` exports. */
type RouteModule = Readonly<Record<string, (request: Request, context: RouteContext) => Response | Promise<Response>>>;

/** Calls route handlers as Next.js does: one module for `/v1/[...path]`, and one for each of `/[name]`. */
export function nextApp(payouts: Payouts): WebApp {
  const api: RouteModule = { ...payoutApi({ payouts, basePath: '/v1' }) };
  const own = ownModules(payouts);
  return {
    fetch(request) {
      const [first = '', ...path] = new URL(request.url).pathname.slice(1).split('/');
      const [module, params] = first === 'v1' ? [api, { path }] : [own[first], {}];
      const handler = module?.[request.method];
      return (
        handler?.(request, { params: Promise.resolve(params) }) ?? new Response(null, { status: module ? 405 : 404 })
      );
    },
  };
}

function ownModules({ auth }: Payouts): Readonly<Record<string, RouteModule>> {
  const key = async (_: Request, { apiKey }: ApiKeyPrincipal, { params }: RouteContext) => {
    await params;
    return Response.json({ id: apiKey.id });
  };
  const both = requireApiKey(
    { auth },
    requirePayoutHash({ auth }, () => new Response('reached')),
  );
  return {
    keyed: { GET: requireApiKey({ auth }, key) },
    scoped: { GET: requireApiKey({ auth, scope: 'reports:read' }, key) },
    public: { GET: requireApiKey({ auth, publishable: true }, key) },
    paying: { GET: requireApiKey({ auth, payoutsEnabled: true }, key) },
    hashed: all(requirePayoutHash({ auth }, (_, { payoutUser }) => Response.json({ id: payoutUser.id }))),
    // A guard has no principal for a preflight: a host that lets pages in answers before it.
    both: {
      OPTIONS: (request) =>
        request.headers.has('access-control-request-method') ? new Response('reached') : both(request),
    },
  };
}

function all(handler: RouteModule[string]): RouteModule {
  return { GET: handler, POST: handler };
}
