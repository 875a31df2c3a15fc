import { type Auth, type RequestView, refusalOf, StorageUnavailableError } from '@bursar/core';
import { authOf } from '@bursar/payouts/http';
import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { answerId, JSON_TYPE, send } from './answer.js';
import { requestView } from './view.js';

/**
 * What to throw for a fault of ours, after it was reported: Hono hands it to the `onError` of the host, and without one
 * it answers with the response inside. The fault itself is the `cause`.
 */
export function faultOf(auth: Auth, c: Context, view: RequestView, error: unknown): HTTPException {
  auth.context.onError(error);
  const { status, headers, body } = refusalOf(error);
  const res = new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'content-type': JSON_TYPE, 'x-request-id': answerId(c, view) },
  });
  return new HTTPException(status, { res, cause: error, message: body.error });
}

/**
 * Makes an error handler that answers in JSON, for `app.onError`: a `StorageUnavailableError` that a route let through
 * with 503, an `HTTPException` with its own response, all else with 500. It tells the `onError` of `auth` of each but the
 * `HTTPException`, and nothing of a fault reaches the client.
 *
 * The guards and `payoutApi` do not need it: what they throw answers by itself.
 *
 * @throws {TypeError} where an option breaks its rule.
 * @example
 * app.onError(answerErrors({ auth }));
 */
export function answerErrors(options: { readonly auth: Auth }): ErrorHandler {
  const auth = authOf(options);
  return (error, c) => {
    if (!(error instanceof StorageUnavailableError) && 'getResponse' in error) {
      const response = error.getResponse();
      return c.newResponse(response.body, response);
    }
    auth.context.onError(error);
    return send(c, requestView(c, 1), refusalOf(error));
  };
}
