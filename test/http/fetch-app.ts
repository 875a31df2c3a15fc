import { type Handler, payoutApi, requireApiKey, requirePayoutHash } from '@bursar/fetch';
import type { Payouts } from '@bursar/payouts';
import type { WebApp } from './target.js';

/** The payout API below `/v1`, and routes of a host's own, one for each option of the guards. */
export function fetchApp(payouts: Payouts): WebApp {
  const routes = ownRoutes(payouts);
  return {
    fetch: payoutApi({ payouts, basePath: '/v1' }, (request) => {
      const route = routes[new URL(request.url).pathname];
      return route === undefined ? new Response('no such page', { status: 404 }) : route(request);
    }),
  };
}

function ownRoutes({ auth }: Payouts): Readonly<Record<string, Handler>> {
  const both = requireApiKey(
    { auth },
    requirePayoutHash({ auth }, () => new Response('reached')),
  );
  return {
    '/keyed': requireApiKey({ auth }, (_, { apiKey }) => Response.json({ id: apiKey.id })),
    '/scoped': requireApiKey({ auth, scope: 'reports:read' }, (_, { apiKey }) => Response.json({ id: apiKey.id })),
    '/public': requireApiKey({ auth, publishable: true }, (_, { apiKey }) => Response.json({ id: apiKey.id })),
    '/paying': requireApiKey({ auth, payoutsEnabled: true }, (_, { apiKey }) => Response.json({ id: apiKey.id })),
    '/hashed': requirePayoutHash({ auth }, (_, { payoutUser }) => Response.json({ id: payoutUser.id })),
    // A guard has no principal for a preflight: a host that lets pages in answers before it.
    '/both': (request) =>
      request.headers.has('access-control-request-method') ? new Response('reached') : both(request),
  };
}
