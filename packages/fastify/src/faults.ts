import { type Auth, refusalOf } from '@bursar/core';
import { authOf, faultOf, isFault } from '@bursar/payouts/http';
import { send } from './answer.js';
import { type AnyReply, type AnyRequest, requestView } from './view.js';

/**
 * Makes an error handler that answers in JSON for faults of Bursar: those of its guards, and a `StorageUnavailableError` that
 * a route of the host let through, of which it tells the `onError` of `auth`. All others go on to the error handler of the
 * context around. `payoutApi` has it built in.
 *
 * @throws {TypeError} where an option breaks its rule.
 * @example
 * app.setErrorHandler(answerErrors({ auth }));
 */
export function answerErrors(options: {
  readonly auth: Auth;
}): (error: unknown, request: AnyRequest, reply: AnyReply) => void {
  const auth = authOf(options);
  return (error, request, reply) => {
    if (!isFault(error)) throw error;
    const view = requestView(request, async () => ({ kind: 'none' }));
    send(reply, view, refusalOf(faultOf(auth, error)));
  };
}
