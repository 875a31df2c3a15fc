import type {
  ApiKey,
  ApiKeyPrincipal,
  Auth,
  Business,
  GuardResult,
  PayoutUser,
  PayoutUserPrincipal,
  RequestView,
} from '@bursar/core';
import type { Awaitable } from '@bursar/core/storage';
import {
  apiKeyGuardOptionsOf,
  authOf,
  bodyLimitOf,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
} from '@bursar/payouts/http';
import type { Context, MiddlewareHandler } from 'hono';
import { send } from './answer.js';
import { faultOf } from './faults.js';
import { requestView } from './view.js';

/** What {@link requireApiKey} puts on the context. A CORS preflight passes without. */
export interface ApiKeyEnv {
  Variables: { readonly business: Business; readonly apiKey: ApiKey };
}

/** What {@link requirePayoutHash} puts on the context. A CORS preflight passes without. */
export interface PayoutUserEnv {
  Variables: { readonly business: Business; readonly payoutUser: PayoutUser };
}

/**
 * Makes a middleware that lets requests with a valid API key in, and answers all others.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * app.get('/invoices', requireApiKey({ auth, scope: 'invoices:read' }), (c) => c.json(invoicesOf(c.var.business.id)));
 */
export function requireApiKey(options: RequireApiKeyOptions): MiddlewareHandler<ApiKeyEnv> {
  const auth = authOf(options);
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  const asked = apiKeyGuardOptionsOf(options);
  return guard(auth, bodyLimit, (view) => auth.guard.apiKey(view, asked), keepApiKey);
}

function keepApiKey(c: Context<ApiKeyEnv>, { business, apiKey }: ApiKeyPrincipal): void {
  c.set('business', business);
  c.set('apiKey', apiKey);
}

/**
 * Makes a middleware that lets requests with a valid payout hash in, and answers all others.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * app.get('/me', requirePayoutHash({ auth }), (c) => c.json({ email: c.var.payoutUser.email }));
 */
export function requirePayoutHash(options: RequirePayoutHashOptions): MiddlewareHandler<PayoutUserEnv> {
  const auth = authOf(options);
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  return guard(auth, bodyLimit, (view) => auth.guard.payoutHash(view), keepPayoutUser);
}

function keepPayoutUser(c: Context<PayoutUserEnv>, { business, payoutUser }: PayoutUserPrincipal): void {
  c.set('business', business);
  c.set('payoutUser', payoutUser);
}

function guard<Env extends ApiKeyEnv | PayoutUserEnv, Principal>(
  auth: Auth,
  bodyLimit: number,
  ask: (view: RequestView) => Awaitable<GuardResult<Principal>>,
  keep: (c: Context<Env>, principal: Principal) => void,
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const view = requestView(c, bodyLimit);
    let result: GuardResult<Principal>;
    try {
      const asked = ask(view);
      // A storage in this process answers at once; to await that costs a tenth of the whole guard.
      result = asked instanceof Promise ? await asked : (asked as GuardResult<Principal>);
    } catch (error) {
      throw faultOf(auth, c, view, error);
    }
    if (!result.ok) return send(c, view, result.error);
    if (result.preflight) return next();
    keep(c, result.principal);
    const headers = Object.entries(result.headers);
    // Before the route, so that it may choose another value; after it, because a response that it made itself has none.
    for (const [name, value] of headers) c.header(name, value);
    await next();
    for (const [name, value] of headers) if (!c.res.headers.has(name)) c.header(name, value);
  };
}
