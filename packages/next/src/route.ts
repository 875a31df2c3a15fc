import { payoutApi as fetchApi, type PayoutApiOptions } from '@bursar/fetch';

type RouteHandler = (request: Request) => Promise<Response>;

/** What a `route.ts` exports, by method: Next.js answers by itself to a method that is not there, and knows less of `Allow`. */
export interface PayoutApiHandlers {
  readonly GET: RouteHandler;
  readonly HEAD: RouteHandler;
  readonly POST: RouteHandler;
  readonly PUT: RouteHandler;
  readonly PATCH: RouteHandler;
  readonly DELETE: RouteHandler;
  readonly OPTIONS: RouteHandler;
}

/**
 * The whole payout API, for a catch-all route such as `app/api/[...path]/route.ts`. `basePath` is where that folder is; the
 * `basePath` of the Next.js configuration is no part of it, since route handlers do not see that.
 *
 * @throws {TypeError} where an option breaks its rule: when the module is loaded, not at the first request.
 * @example
 * export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = payoutApi({ payouts, basePath: '/api' });
 */
export function payoutApi(options: PayoutApiOptions): PayoutApiHandlers {
  const answer: RouteHandler = fetchApi(options);
  return { GET: answer, HEAD: answer, POST: answer, PUT: answer, PATCH: answer, DELETE: answer, OPTIONS: answer };
}
