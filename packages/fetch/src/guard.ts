import type { ApiKeyPrincipal, Auth, GuardResult, PayoutUserPrincipal, RequestView } from '@bursar/core';
import type { Awaitable } from '@bursar/core/storage';
import {
  apiKeyGuardOptionsOf,
  authOf,
  bodyLimitOf,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
} from '@bursar/payouts/http';
import { responseTo, withHeaders } from './answer.js';
import { faultResponse } from './faults.js';
import { checkHandler } from './handler.js';
import { requestView } from './view.js';

/**
 * Lets requests with a valid API key through to a handler, and answers all others. The principal comes second; whatever else
 * the server hands over comes behind it.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * Deno.serve(requireApiKey({ auth, scope: 'invoices:read' }, (request, { business }) => Response.json(invoicesOf(business.id))));
 */
export function requireApiKey<Sent extends Request = Request, Context extends readonly unknown[] = []>(
  options: RequireApiKeyOptions,
  handler: (request: Sent, principal: ApiKeyPrincipal, ...context: Context) => Awaitable<Response>,
): (request: Sent, ...context: Context) => Promise<Response> {
  const auth = authOf(options);
  const asked = apiKeyGuardOptionsOf(options);
  return guarded(auth, bodyLimitOf(options.bodyLimit), (view) => auth.guard.apiKey(view, asked), handler);
}

/**
 * Lets requests with a valid payout hash through to a handler, and answers all others. The principal comes second; whatever
 * else the server hands over comes behind it.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * Deno.serve(requirePayoutHash({ auth }, (request, { payoutUser }) => Response.json({ email: payoutUser.email })));
 */
export function requirePayoutHash<Sent extends Request = Request, Context extends readonly unknown[] = []>(
  options: RequirePayoutHashOptions,
  handler: (request: Sent, principal: PayoutUserPrincipal, ...context: Context) => Awaitable<Response>,
): (request: Sent, ...context: Context) => Promise<Response> {
  const auth = authOf(options);
  return guarded(auth, bodyLimitOf(options.bodyLimit), (view) => auth.guard.payoutHash(view), handler);
}

function guarded<Principal, Sent extends Request, Context extends readonly unknown[]>(
  auth: Auth,
  bodyLimit: number,
  ask: (view: RequestView) => Awaitable<GuardResult<Principal>>,
  handler: (request: Sent, principal: Principal, ...context: Context) => Awaitable<Response>,
): (request: Sent, ...context: Context) => Promise<Response> {
  checkHandler(handler);
  return async (request, ...context) => {
    const view = requestView(request, context, bodyLimit);
    let result: GuardResult<Principal>;
    try {
      result = await ask(view);
    } catch (error) {
      return faultResponse(auth, view, error);
    }
    if (!result.ok) return responseTo(view, result.error);
    // Without a principal the handler cannot be asked; a host with CORS adds its headers to this, or answers before.
    if (result.preflight) return new Response(null, { status: 204 });
    return withHeaders(await handler(request, result.principal, ...context), result.headers);
  };
}
