import type { Readable } from 'node:stream';
import type { ApiKeyPrincipal, Auth, GuardResult, PayoutUserPrincipal, RequestView } from '@bursar/core';
import type { Awaitable } from '@bursar/core/storage';
import {
  apiKeyGuardOptionsOf,
  authOf,
  bodyLimitOf,
  faultOf,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
} from '@bursar/payouts/http';
import { send, setHeaders } from './answer.js';
import { readBody } from './body.js';
import { apiKeyPrincipals, type Kept, payoutUserPrincipals } from './principal.js';
import { type AnyReply, type AnyRequest, requestView } from './view.js';

/**
 * A `preParsing` hook: nothing of a body is parsed for somebody who is not let in, and a hash in the body is read as it was
 * sent. What was read is handed on to Fastify's parser.
 */
export type Guard = (
  request: AnyRequest,
  reply: AnyReply,
  payload: Readable,
  done: (error?: Error | null, payload?: Readable) => void,
) => void;

/**
 * Makes a `preParsing` hook that lets requests with a valid API key in, and answers all others. `apiKeyPrincipal(request)`
 * then says whose.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * app.get('/invoices', { preParsing: requireApiKey({ auth, scope: 'invoices:read' }) }, async (request) =>
 *   invoicesOf(apiKeyPrincipal(request).business.id));
 */
export function requireApiKey(options: RequireApiKeyOptions): Guard {
  const auth = authOf(options);
  const asked = apiKeyGuardOptionsOf(options);
  const ask = (view: RequestView): Awaitable<GuardResult<ApiKeyPrincipal>> => auth.guard.apiKey(view, asked);
  return guard(auth, bodyLimitOf(options.bodyLimit), ask, apiKeyPrincipals);
}

/**
 * Makes a `preParsing` hook that lets requests with a valid payout hash in, and answers all others.
 * `payoutUserPrincipal(request)` then says whose.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * app.get('/me', { preParsing: requirePayoutHash({ auth }) }, async (request) =>
 *   ({ email: payoutUserPrincipal(request).payoutUser.email }));
 */
export function requirePayoutHash(options: RequirePayoutHashOptions): Guard {
  const auth = authOf(options);
  const ask = (view: RequestView): Awaitable<GuardResult<PayoutUserPrincipal>> => auth.guard.payoutHash(view);
  return guard(auth, bodyLimitOf(options.bodyLimit), ask, payoutUserPrincipals);
}

function guard<Principal>(
  auth: Auth,
  bodyLimit: number,
  ask: (view: RequestView) => Awaitable<GuardResult<Principal>>,
  principals: Kept<Principal>,
): Guard {
  return (request, reply, payload, done) => {
    if (typeof done !== 'function') throw new TypeError('a guard of Bursar is a preParsing hook, and no other');
    let left = payload;
    const view = requestView(request, async () => {
      const read = await readBody(request, payload, bodyLimit);
      left = read.payload;
      return read.body;
    });
    const decide = (result: GuardResult<Principal>): void => {
      // `done` is not called, nor a promise settled: Fastify would go on to the route as soon as the client hangs up while
      // an `onSend` hook of the host still works at the answer.
      if (!result.ok) {
        send(reply, view, result.error);
        return;
      }
      if (!result.preflight) {
        principals.set(request, result.principal);
        if (!reply.sent) setHeaders(reply, result.headers);
      }
      done(null, left);
    };
    const fail = (error: unknown): void => done(faultOf(auth, error));
    let asked: Awaitable<GuardResult<Principal>>;
    try {
      asked = ask(view);
    } catch (error) {
      fail(error);
      return;
    }
    if (asked instanceof Promise) void asked.then(decide, fail);
    else decide(asked as GuardResult<Principal>);
  };
}
