import { methodNotAllowed, type RequestView } from '@bursar/core';
import { isId } from '../fields.js';
import type { PayoutsContext } from '../options.js';
import type { Payouts } from '../payouts.js';
import { type ApiAnswer, refusalAnswer } from './answer.js';
import { readBody } from './body.js';
import { type Cors, type CorsOptions, corsOf } from './cors.js';
import { readIdempotencyKey } from './idempotency-key.js';
import type { OpenApiOptions } from './openapi/document.js';
import { OPENAPI_PATH, openApiAnswers, openApiOptionsOf } from './openapi/path.js';
import type { ApiRequest, Route, RouteCall } from './route.js';
import { routes } from './table.js';

/** What may be switched on besides the routes. */
export interface ApiPathsOptions {
  /** Serves the OpenAPI document at `/openapi.json`, to everybody. @default false */
  readonly openapi?: boolean | OpenApiOptions | undefined;
  /** Lets web pages call the API from a browser. @default no headers of CORS: use your framework's middleware, or this */
  readonly cors?: CorsOptions | undefined;
}

/** One path of the API, for every method: what a framework package mounts. */
export interface ApiPath {
  /** Below the mount, with `:name` for a parameter, for example `/payout/users/:id`. */
  readonly path: string;
  /** What belongs on whatever becomes of the request, a fault included: by lower-case name; `vary` is added to. */
  headers(request: RequestView): Readonly<Record<string, string>>;
  /**
   * Answers a request to this path, whatever its method.
   *
   * @throws {StorageUnavailableError} where storage cannot be asked; `refusalOf` says what the client is to get.
   */
  answer(request: ApiRequest): Promise<ApiAnswer>;
}

/** The whole payout API as a list of paths. @throws {TypeError} where an option breaks its rule. */
export function payoutApiPaths(payouts: Payouts, options: ApiPathsOptions = {}): readonly ApiPath[] {
  const { context } = payouts;
  const cors = corsOf(options.cors);
  const openapi = openApiOptionsOf(options.openapi);
  const described = openapi === undefined ? [] : [{ path: OPENAPI_PATH, answer: openApiAnswers(payouts, openapi) }];
  const paths = [...new Set(routes.map(({ path }) => path))].map((path) => {
    const ofPath = routes.filter((route) => route.path === path);
    return { path, answer: (request: ApiRequest) => dispatch(context, ofPath, request) };
  });
  return [...paths, ...described].map(({ path, answer }) => ({
    path,
    headers: (request) => cors.headers(request),
    answer: async (request) => withPreflight(cors, request, await answer(request)),
  }));
}

function withPreflight(cors: Cors, request: ApiRequest, answered: ApiAnswer): ApiAnswer {
  const { allow } = answered.headers;
  if (request.method !== 'OPTIONS' || allow === undefined) return answered;
  return { ...answered, headers: { ...answered.headers, ...cors.preflight(request, allow) } };
}

async function dispatch(context: PayoutsContext, ofPath: readonly Route[], request: ApiRequest): Promise<ApiAnswer> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const candidates = ofPath.filter((candidate) => candidate.method === method);
  const route =
    candidates.length < 2 ? candidates[0] : candidates.find(({ credential }) => credential === sent(request));
  if (route !== undefined) return run(context, route, request);
  const allow = allowed(ofPath);
  // A CORS preflight too: without the headers of CORS, a browser goes no further.
  if (method === 'OPTIONS') return { status: 204, headers: { allow }, body: undefined };
  return refusalAnswer(methodNotAllowed(allow));
}

// The header of a hash comes first, as it does among the places of a hash; without either header, a hash may still stand in
// the query or the body, and an API key nowhere.
function sent(request: ApiRequest): Route['credential'] {
  const isBusiness = request.header('x-payout-hash') === undefined && request.header('authorization') !== undefined;
  return isBusiness ? 'api_key' : 'payout_hash';
}

function allowed(ofPath: readonly Route[]): string {
  const methods = [...new Set(ofPath.map(({ method }) => method))];
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

// The order is the same for all: authenticate, read, then what the route itself checks, replays and does.
async function run(context: PayoutsContext, route: Route, request: ApiRequest): Promise<ApiAnswer> {
  const guarded = await guard(context, route, request);
  if (!guarded.ok) return guarded.answer;
  const call = { context, request, ...guarded };
  if (route.method === 'GET') return route.run({ ...call, fields: undefined, idempotencyKey: undefined });
  const key = readIdempotencyKey(request);
  if (!key.ok) return refusalAnswer(key.error);
  const body = await readBody(request);
  if (!body.ok) return refusalAnswer(body.error);
  return route.run({ ...call, fields: body.fields, idempotencyKey: key.idempotencyKey });
}

type Guarded =
  | ({ readonly ok: true } & Pick<RouteCall, 'business' | 'payoutUserId' | 'actor'>)
  | { readonly ok: false; readonly answer: ApiAnswer };

async function guard(context: PayoutsContext, route: Route, request: ApiRequest): Promise<Guarded> {
  const { guard: guards } = context.auth;
  if (route.credential === 'payout_hash') {
    const result = await guards.payoutHash(request);
    if (!result.ok) return { ok: false, answer: refusalAnswer(result.error) };
    const { business, payoutUser } = principalOf(result);
    return { ok: true, business, payoutUserId: payoutUser.id, actor: 'payout_user' };
  }
  const result = await guards.apiKey(request, { scope: route.scope });
  if (!result.ok) return { ok: false, answer: refusalAnswer(result.error) };
  const { business, apiKey } = principalOf(result);
  const id = request.param('id') ?? '';
  return { ok: true, business, payoutUserId: isId(id) ? id : '', actor: `business:${apiKey.id}` };
}

// No route has the method OPTIONS, and only with that is a request a preflight.
function principalOf<Principal>(
  result: { readonly preflight: true } | { readonly preflight: false; readonly principal: Principal },
): Principal {
  if (result.preflight) throw new Error('a preflight reached a route');
  return result.principal;
}
