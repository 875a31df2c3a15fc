import { type Auth, type RequestView, refusalOf } from '@bursar/core';
import { authOf, isFault } from '@bursar/payouts/http';
import { responseTo } from './answer.js';
import { checkHandler, type Handler } from './handler.js';
import { requestView } from './view.js';

/**
 * The answer to a fault of ours, after `onError` was told. Not thrown: there is no framework behind, and the servers have no
 * common way of errors.
 */
export function faultResponse(
  auth: Auth,
  view: RequestView,
  error: unknown,
  besides: Readonly<Record<string, string>> = {},
): Response {
  auth.context.onError(error);
  return responseTo(view, refusalOf(error), besides);
}

/**
 * Answers in JSON for a `StorageUnavailableError` that a handler let through, and tells the `onError` of `auth`. All other
 * errors go on to the server. The guards and `payoutApi` do not need it.
 *
 * @throws {TypeError} where an option breaks its rule.
 * @example
 * export default { fetch: answerErrors({ auth }, handler) };
 */
export function answerErrors<Sent extends Request = Request, Context extends readonly unknown[] = []>(
  options: { readonly auth: Auth },
  handler: Handler<Sent, Context>,
): (request: Sent, ...context: Context) => Promise<Response> {
  const auth = authOf(options);
  checkHandler(handler);
  return async (request, ...context) => {
    try {
      return await handler(request, ...context);
    } catch (error) {
      if (!isFault(error)) throw error;
      return faultResponse(auth, requestView(request, context, 1), error);
    }
  };
}
