import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Auth, refusalOf, StorageUnavailableError } from '@bursar/core';
import { authOf } from '@bursar/payouts/http';
import { send } from './answer.js';
import { requestView } from './view.js';

/** Faults that `onError` was told of, each with what Express gets for it. */
const faults = new WeakMap<object, Error>();

/** What to hand to `next` for a fault of ours. `onError` is told of it, once. */
export function faultOf(auth: Auth, error: unknown): Error {
  const cause = error instanceof Error ? error : new Error('a value that is no error was thrown', { cause: error });
  const known = faults.get(cause);
  if (known !== undefined) return known;
  auth.context.onError(error);
  const fault = cause instanceof StorageUnavailableError ? cause : internal(cause);
  faults.set(cause, fault);
  faults.set(fault, fault);
  return fault;
}

// Express shows the stack of an error that nobody handles to the client, unless NODE_ENV is "production".
function internal(cause: Error): Error {
  const fault = new Error('Internal server error', { cause });
  fault.stack = `${fault.name}: ${fault.message}`;
  return fault;
}

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
    const isOurs = error instanceof StorageUnavailableError || (error instanceof Error && faults.has(error));
    // Express itself ends an answer that has begun.
    if (!isOurs || res.headersSent) next(error);
    else send(res, requestView(req, 1), refusalOf(faultOf(auth, error)));
  };
}
