import { type GuardResult, methodNotAllowed } from '@bursar/core';
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
  const { headers, ...answer } = await runGuarded(route, { context, request, ...guarded });
  return { ...answer, headers: { ...guarded.headers, ...headers } };
}

async function runGuarded(route: Route, call: Omit<RouteCall, 'fields' | 'idempotencyKey'>): Promise<ApiAnswer> {
  const { request } = call;
  if (route.method === 'GET') return route.run({ ...call, fields: undefined, idempotencyKey: undefined });
  const key = readIdempotencyKey(request);
  if (!key.ok) return refusalAnswer(key.error);
  const body = await readBody(request);
  if (!body.ok) return refusalAnswer(body.error);
  return route.run({ ...call, fields: body.fields, idempotencyKey: key.idempotencyKey });
}

type Guarded =
  | ({ readonly ok: true } & Pick<RouteCall, 'business' | 'payoutUserId' | 'actor'> & Pick<ApiAnswer, 'headers'>)
  | { readonly ok: false; readonly answer: ApiAnswer };

async function guard(context: PayoutsContext, route: Route, request: ApiRequest): Promise<Guarded> {
  const { guard: guards } = context.auth;
  if (route.credential === 'payout_hash') {
    const result = await guards.payoutHash(request);
    if (!result.ok) return { ok: false, answer: refusalAnswer(result.error) };
    const { principal, headers } = letIn(result);
    const { business, payoutUser } = principal;
    return { ok: true, headers, business, payoutUserId: payoutUser.id, actor: 'payout_user' };
  }
  const result = await guards.apiKey(request, { scope: route.scope, publishable: route.publishable });
  if (!result.ok) return { ok: false, answer: refusalAnswer(result.error) };
  const { principal, headers } = letIn(result);
  const { business, apiKey } = principal;
  const id = request.param('id') ?? '';
  return { ok: true, headers, business, payoutUserId: isId(id) ? id : '', actor: `business:${apiKey.id}` };
}

type LetIn<Principal> = Extract<GuardResult<Principal>, { readonly ok: true }>;

// No route has the method OPTIONS, and only with that is a request a preflight.
function letIn<Principal>(result: LetIn<Principal>): Exclude<LetIn<Principal>, { readonly preflight: true }> {
  if (result.preflight) throw new Error('a preflight reached a route');
  return result;
}
