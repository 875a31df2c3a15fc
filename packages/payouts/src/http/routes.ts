import { methodNotAllowed, type RequestView, requestId } from '@bursar/core';
import type { Caller } from '../audit/caller.js';
import { isId } from '../fields.js';
import type { PayoutsContext } from '../options.js';
import type { Payouts } from '../payouts.js';
import { type ApiAnswer, refusalAnswer } from './answer.js';
import { readBody } from './body.js';
import { type Cors, type CorsOptions, corsOf } from './cors.js';
import { readIdempotencyKey } from './idempotency-key.js';
import type { OpenApiOptions } from './openapi/document.js';
import { OPENAPI_PATH, openApiAnswers, openApiOptionsOf } from './openapi/path.js';
import { authenticate, type Principal } from './principal.js';
import type { ApiRequest, Route, RouteCall } from './route.js';
import { routes } from './table.js';
import { watched } from './watch.js';

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
    return {
      path,
      answer(request: ApiRequest) {
        const route = routeOf(ofPath, request);
        return watched(context, request, { path, route }, async (known) =>
          route === undefined ? answerWithout(ofPath, request) : run(context, route, request, known),
        );
      },
    };
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

function routeOf(ofPath: readonly Route[], request: ApiRequest): Route | undefined {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const candidates = ofPath.filter((candidate) => candidate.method === method);
  if (candidates.length < 2) return candidates[0];
  return candidates.find(({ credential }) => credential === sent(request));
}

function answerWithout(ofPath: readonly Route[], { method }: ApiRequest): ApiAnswer {
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
async function run(
  context: PayoutsContext,
  route: Route,
  request: ApiRequest,
  known: (principal: Principal) => void,
): Promise<ApiAnswer> {
  const authenticated = await authenticate(context.auth, route, request);
  const { principal } = authenticated;
  if (principal !== null) known(principal);
  if (!authenticated.ok) return refusalAnswer(authenticated.error);
  const { headers, ...answer } = await runFor(context, route, request, authenticated.principal);
  return { ...answer, headers: { ...authenticated.headers, ...headers } };
}

async function runFor(
  context: PayoutsContext,
  route: Route,
  request: ApiRequest,
  principal: Principal,
): Promise<ApiAnswer> {
  const call = { request, ...callOf(principal, request) };
  return answerCall(context, route, call, () => callerOf(context, request, principal));
}

/** Answers a request whose sender is known. `caller` says, where something changes, who that was. */
export async function answerCall(
  context: PayoutsContext,
  route: Route,
  call: Pick<RouteCall, 'request' | 'business' | 'payoutUserId' | 'actor'>,
  caller: () => Caller,
): Promise<ApiAnswer> {
  if (route.method === 'GET') return route.run({ ...call, context, fields: undefined, idempotencyKey: undefined });
  const key = readIdempotencyKey(call.request);
  if (!key.ok) return refusalAnswer(key.error);
  const body = await readBody(call.request);
  if (!body.ok) return refusalAnswer(body.error);
  const by = { ...context, caller: caller() };
  return route.run({ ...call, context: by, fields: body.fields, idempotencyKey: key.idempotencyKey });
}

function callOf({ business, credential: { kind, id } }: Principal, request: ApiRequest) {
  if (kind === 'payout_hash') return { business, payoutUserId: id, actor: 'payout_user' };
  return { business, payoutUserId: namedUser(request), actor: `business:${id}` };
}

/** The payout user that a path of the business may name. */
export function namedUser(request: ApiRequest): string {
  const named = request.param('id') ?? '';
  return isId(named) ? named : '';
}

function callerOf({ auth }: PayoutsContext, request: ApiRequest, { credential: { kind, id } }: Principal): Caller {
  const address = auth.context.clientAddress(request);
  const actorType = kind === 'api_key' ? 'api_key' : 'payout_user';
  return { actorType, actorId: id, address, requestId: requestId(request) };
}
