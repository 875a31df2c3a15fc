import { notFound } from '@bursar/core';
import {
  type ApiPath,
  bodyLimitOf,
  type PayoutApiOptions as CommonOptions,
  payoutApiPaths,
  payoutsOf,
  refusalAnswer,
} from '@bursar/payouts/http';
import { responseTo } from './answer.js';
import { faultResponse } from './faults.js';
import { checkHandler, type Handler } from './handler.js';
import { requestView } from './view.js';

/** Options of the whole payout API. */
export interface PayoutApiOptions extends CommonOptions {
  /** Where it is, as the URL of a request has it: with `/v1`, the balance is at `/v1/balance`. @default at the root */
  readonly basePath?: string | undefined;
}

/**
 * The whole payout API as one handler. What is none of its paths goes on to `otherwise`, and without that is answered 404.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * Deno.serve(payoutApi({ payouts, basePath: '/v1' }, (request) => new Response('my own')));
 */
export function payoutApi<Sent extends Request = Request, Context extends readonly unknown[] = []>(
  options: PayoutApiOptions,
  otherwise?: Handler<Sent, Context>,
): (request: Sent, ...context: Context) => Promise<Response> {
  const { auth } = payoutsOf(options);
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  const basePath = basePathOf(options.basePath);
  if (otherwise !== undefined) checkHandler(otherwise);
  const paths = payoutApiPaths(options.payouts, options).map((path) => ({ path, pattern: patternOf(path, basePath) }));
  return async (request, ...context) => {
    const { pathname } = new URL(request.url);
    const view = requestView(request, context, bodyLimit);
    for (const { path, pattern } of paths) {
      const match = pattern.exec(pathname);
      if (match === null) continue;
      const besides = path.headers(view);
      try {
        const answer = await path.answer({ ...view, param: (name) => decoded(match.groups?.[name]) });
        return responseTo(view, answer, besides);
      } catch (error) {
        return faultResponse(auth, view, error, besides);
      }
    }
    return otherwise === undefined ? responseTo(view, refusalAnswer(notFound())) : otherwise(request, ...context);
  };
}

// As a `URL` writes it: anything else would never be found.
function basePathOf(basePath = ''): string {
  const isPath = typeof basePath === 'string' && (basePath === '' || /^(?:\/[^/]+)+$/.test(basePath));
  if (!isPath || new URL(`http://host${basePath}/`).pathname !== `${basePath}/`) {
    throw new TypeError('basePath must be a path, such as "/v1", as it stands in a URL and without a slash at its end');
  }
  return basePath;
}

function patternOf({ path }: ApiPath, basePath: string): RegExp {
  const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped(basePath)}${escaped(path).replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

// What cannot be decoded names nothing that exists.
function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
