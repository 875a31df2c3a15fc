import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiKey, Auth, Business, GuardResult, PayoutUser, RequestView } from '@bursar/core';
import type { Awaitable } from '@bursar/core/storage';
import {
  apiKeyGuardOptionsOf,
  authOf,
  bodyLimitOf,
  faultOf,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
} from '@bursar/payouts/http';
import { send } from './answer.js';
import { requestView } from './view.js';

/** What {@link requireApiKey} puts in `res.locals`. A CORS preflight passes without. */
export interface ApiKeyLocals {
  business: Business;
  apiKey: ApiKey;
}

/** What {@link requirePayoutHash} puts in `res.locals`. A CORS preflight passes without. */
export interface PayoutUserLocals {
  business: Business;
  payoutUser: PayoutUser;
}

/**
 * A middleware that types `res.locals` for the handlers behind it in the same call. Not Express' `RequestHandler`, which
 * would also fix the types of the route's parameters and bodies; it can stand wherever one is asked for.
 */
export interface Guard<Locals> {
  (
    req: IncomingMessage,
    res: ServerResponse & { locals: object },
    next: (error?: unknown) => void,
  ): Promise<void> | void;
  // The last one is the one that types are inferred from.
  (
    req: IncomingMessage,
    res: ServerResponse & { locals: Locals },
    next: (error?: unknown) => void,
  ): Promise<void> | void;
}

/**
 * Makes a middleware that lets requests with a valid API key in, and answers all others.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * app.get('/invoices', requireApiKey({ auth, scope: 'invoices:read' }), (req, res) => {
 *   res.json(invoicesOf(res.locals.business.id));
 * });
 */
export function requireApiKey(options: RequireApiKeyOptions): Guard<ApiKeyLocals> {
  const auth = authOf(options);
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  const asked = apiKeyGuardOptionsOf(options);
  return guard(
    auth,
    bodyLimit,
    (view) => auth.guard.apiKey(view, asked),
    ({ business, apiKey }) => ({ business, apiKey }),
  );
}

/**
 * Makes a middleware that lets requests with a valid payout hash in, and answers all others.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * app.get('/me', requirePayoutHash({ auth }), (req, res) => {
 *   res.json({ email: res.locals.payoutUser.email });
 * });
 */
export function requirePayoutHash(options: RequirePayoutHashOptions): Guard<PayoutUserLocals> {
  const auth = authOf(options);
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  return guard(
    auth,
    bodyLimit,
    (view) => auth.guard.payoutHash(view),
    ({ business, payoutUser }) => ({ business, payoutUser }),
  );
}

function guard<Principal, Locals extends object>(
  auth: Auth,
  bodyLimit: number,
  ask: (view: RequestView) => Awaitable<GuardResult<Principal>>,
  localsOf: (principal: Principal) => Locals,
): Guard<Locals> {
  return (req: IncomingMessage, res: ServerResponse & { locals: object }, next: (error?: unknown) => void) => {
    const view = requestView(req, bodyLimit);
    const fail = (error: unknown): void => next(faultOf(auth, error));
    const decide = (result: GuardResult<Principal>): void => {
      if (!result.ok) {
        send(res, view, result.error);
        return;
      }
      if (!result.preflight) {
        Object.assign(res.locals, localsOf(result.principal));
        if (!res.headersSent) setHeaders(res, result.headers);
      }
      next();
    };
    let asked: Awaitable<GuardResult<Principal>>;
    try {
      asked = ask(view);
    } catch (error) {
      return fail(error);
    }
    // A storage in this process answers at once: the route then runs in the same turn, as behind any other middleware.
    if (asked instanceof Promise) return asked.then(decide, fail);
    return decide(asked as GuardResult<Principal>);
  };
}

// Before the route, so that it may choose another value.
function setHeaders(res: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
}
