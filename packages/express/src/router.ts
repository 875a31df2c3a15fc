import type { IncomingMessage, ServerResponse } from 'node:http';
import { notFound } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import {
  type ApiPath,
  bodyLimitOf,
  faultOf,
  type PayoutApiOptions,
  payoutApiPaths,
  payoutsOf,
  refusalAnswer,
} from '@bursar/payouts/http';
import { type Request, Router } from 'express';
import { send, setHeaders } from './answer.js';
import { answerErrors } from './faults.js';
import { requestView } from './view.js';

type Next = (error?: unknown) => void;

/**
 * Makes the whole payout API, to be mounted under any path. What is none of its paths goes on to the host's own routes.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * app.use('/v1', payoutApi({ payouts }));
 */
export function payoutApi(options: PayoutApiOptions): Router {
  const payouts = payoutsOf(options);
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  // The paths are the ones that are written down and no others, as in other frameworks.
  const router = Router({ caseSensitive: true, strict: true });
  for (const path of payoutApiPaths(payouts, options)) {
    router.all(path.path, (req, res, next) => answerPath(payouts, path, bodyLimit, req, res, next));
  }
  router.use(answerUndecodable, answerErrors({ auth: payouts.auth }));
  return router;
}

async function answerPath(
  { auth }: Payouts,
  path: ApiPath,
  bodyLimit: number,
  req: Request,
  res: ServerResponse,
  next: Next,
): Promise<void> {
  const view = { ...requestView(req, bodyLimit), param: (name: string) => param(req, name) };
  setHeaders(res, path.headers(view));
  try {
    send(res, view, await path.answer(view));
  } catch (error) {
    next(faultOf(auth, error));
  }
}

function param({ params }: Request, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
}

// A parameter like `%ff`, which Express cannot decode, names nothing that exists.
function answerUndecodable(error: unknown, req: IncomingMessage, res: ServerResponse, next: Next): void {
  if (error instanceof URIError) send(res, requestView(req, 1), refusalAnswer(notFound()));
  else next(error);
}
