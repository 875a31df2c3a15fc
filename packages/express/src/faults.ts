import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Auth, refusalOf } from '@bursar/core';
import { authOf, faultOf, isFault } from '@bursar/payouts/http';
import { send } from './answer.js';
import { requestView } from './view.js';

/**
 * Makes an error middleware that answers in JSON for faults of Bursar: those of its guards, and a
 * `StorageUnavailableError` that a route of the host let through, of which it tells the `onError` of `auth`. All others go
 * on to the next error middleware. `payoutApi` has it built in.
 *
 * @throws {TypeError} where an option breaks its rule.
 * @example
 * app.use(answerErrors({ auth }));
 */
export function answerErrors(options: {
  readonly auth: Auth;
}): (error: unknown, req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void {
  const auth = authOf(options);
  // Four parameters: Express knows an error middleware by their number.
  return (error, req, res, next) => {
    // Express itself ends an answer that has begun.
    if (!isFault(error) || res.headersSent) next(error);
    else send(res, requestView(req, 1), refusalOf(faultOf(auth, error)));
  };
}
