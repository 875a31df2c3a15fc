import { methodNotAllowed, requestId } from '@bursar/core';
import type { Caller } from '../audit/caller.js';
import { isId } from '../fields.js';
import type { PayoutsContext } from '../options.js';
import type { Payouts } from '../payouts.js';
import { type ApiAnswer, refusalAnswer } from './answer.js';
import { readBody } from './body.js';
import { businessRoutes } from './business.js';
import { readIdempotencyKey } from './idempotency-key.js';
import type { ApiRequest, Route, RouteCall } from './route.js';
import { userRoutes } from './user.js';
import { businessWithdrawalRoutes } from './withdrawals.js';

/** The table of routes. */
const routes: readonly Route[] = [...businessRoutes, ...businessWithdrawalRoutes, ...userRoutes];

/** One path of the API, for every method: what a framework package mounts. */
export interface ApiPath {
  /** Below the mount, with `:name` for a parameter, for example `/payout/users/:id`. */
  readonly path: string;
  /**
   * Answers a request to this path, whatever its method.
   *
   * @throws {StorageUnavailableError} where storage cannot be asked; `refusalOf` says what the client is to get.
   */
  answer(request: ApiRequest): Promise<ApiAnswer>;
}

/** The whole payout API as a list of paths. */
export function payoutApiPaths({ context }: Payouts): readonly ApiPath[] {
  const paths = [...new Set(routes.map(({ path }) => path))];
  return paths.map((path) => {
    const ofPath = routes.filter((route) => route.path === path);
    return { path, answer: (request) => dispatch(context, ofPath, request) };
  });
}

async function dispatch(context: PayoutsContext, ofPath: readonly Route[], request: ApiRequest): Promise<ApiAnswer> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const candidates = ofPath.filter((candidate) => candidate.method === method);
  const route =
    candidates.length < 2 ? candidates[0] : candidates.find(({ credential }) => credential === sent(request));
  if (route !== undefined) return run(context, route, request);
  const allow = allowed(ofPath);
  // A CORS preflight too: without the headers that a host's own CORS middleware would add, a browser goes no further.
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
  const { caller, ...principal } = guarded;
  if (route.method === 'GET') {
    return route.run({ context, request, ...principal, fields: undefined, idempotencyKey: undefined });
  }
  const address = context.auth.context.clientAddress(request);
  const call = {
    context: { ...context, caller: { ...caller, address, requestId: requestId(request) } },
    request,
    ...principal,
  };
  const key = readIdempotencyKey(request);
  if (!key.ok) return refusalAnswer(key.error);
  const body = await readBody(request);
  if (!body.ok) return refusalAnswer(body.error);
  return route.run({ ...call, fields: body.fields, idempotencyKey: key.idempotencyKey });
}

type Guarded =
  | ({ readonly ok: true; readonly caller: Caller } & Pick<RouteCall, 'business' | 'payoutUserId' | 'actor'>)
  | { readonly ok: false; readonly answer: ApiAnswer };

async function guard(context: PayoutsContext, route: Route, request: ApiRequest): Promise<Guarded> {
  const { guard: guards } = context.auth;
  if (route.credential === 'payout_hash') {
    const result = await guards.payoutHash(request);
    if (!result.ok) return { ok: false, answer: refusalAnswer(result.error) };
    const { business, payoutUser } = principalOf(result);
    const caller: Caller = { actorType: 'payout_user', actorId: payoutUser.id };
    return { ok: true, caller, business, payoutUserId: payoutUser.id, actor: 'payout_user' };
  }
  const result = await guards.apiKey(request, { scope: route.scope });
  if (!result.ok) return { ok: false, answer: refusalAnswer(result.error) };
  const { business, apiKey } = principalOf(result);
  const id = request.param('id') ?? '';
  const caller: Caller = { actorType: 'api_key', actorId: apiKey.id };
  return { ok: true, caller, business, payoutUserId: isId(id) ? id : '', actor: `business:${apiKey.id}` };
}

// No route has the method OPTIONS, and only with that is a request a preflight.
function principalOf<Principal>(
  result: { readonly preflight: true } | { readonly preflight: false; readonly principal: Principal },
): Principal {
  if (result.preflight) throw new Error('a preflight reached a route');
  return result.principal;
}
