/**
 * The dashboard's own API, below `api/`: every request is looked at in the same order. Is it of our own page; who is it;
 * may he; what does he want.
 *
 * @module
 */
import {
  type BursarError,
  bodyTooLarge,
  digest,
  invalidFields,
  jsonBody,
  malformedBody,
  methodNotAllowed,
  notFound,
  refusalOf,
  requestId,
  StorageUnavailableError,
  sideOf,
  unsupportedMediaType,
} from '@bursar/core';
import { type ApiAnswer, readIdempotencyKey, refusalAnswer } from '@bursar/payouts/http';
import { refused } from './answers.js';
import { sessionOperator } from './operators/sessions.js';
import type { SignedIn } from './options.js';
import { type Call, type DashboardRoute, includesRole, matchPath, type OpenRoute, type Visitor } from './route.js';
import { apiKeyRoutes } from './routes/api-keys.js';
import { auditRoute } from './routes/audit.js';
import { operatorsRoutes } from './routes/operators.js';
import { overviewRoute } from './routes/overview.js';
import { payoutRoutes } from './routes/payouts.js';
import { openRoutes, passkeyRoutes, sessionRoutes } from './routes/session.js';
import { settingsRoutes } from './routes/settings.js';
import { usageRoute } from './routes/usage.js';
import { webhookRoutes } from './routes/webhooks.js';
import type { Sent } from './sent.js';
import type { DashboardState } from './state.js';

/** Answers what is asked below `api`: `path` begins with a slash. */
export type Api = (request: Sent, path: string) => Promise<ApiAnswer>;

/** How long a form that was sent is known. */
const FORM_LIFETIME_S = 86_400;

/** Makes the API of a dashboard. */
export function dashboardApi(state: DashboardState): Api {
  const { signIn, webhooks, usage } = state;
  const open: readonly OpenRoute[] = signIn === undefined ? openRoutes : [];
  const routes: readonly DashboardRoute[] = [
    ...sessionRoutes,
    ...(signIn === undefined ? [...passkeyRoutes, ...operatorsRoutes] : []),
    overviewRoute,
    ...payoutRoutes,
    ...apiKeyRoutes,
    ...(webhooks === undefined ? [] : webhookRoutes(webhooks)),
    ...(usage === undefined ? [] : [usageRoute(usage)]),
    auditRoute,
    ...settingsRoutes,
  ];
  return async (request, path) => {
    const foreign = foreignRefusal(state, request);
    if (foreign !== undefined) return foreign;
    try {
      return (await answerOpen(state, open, request, path)) ?? (await answerRoute(state, routes, request, path));
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) state.payouts.auth.context.onError(error);
      return refusalAnswer(refusalOf(error));
    }
  };
}

/**
 * A page of another origin can set no header of its own without asking first, and is never allowed to. What changes
 * something has an Origin besides: browsers send it, and nobody can forge it for somebody else's cookie.
 */
function foreignRefusal({ origin }: DashboardState, request: Sent): ApiAnswer | undefined {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const sentOrigin = request.header('origin');
  const site = request.header('sec-fetch-site');
  const isOwn =
    request.header('x-bursar-dashboard') === '1' &&
    (site === undefined || site === 'same-origin') &&
    (sentOrigin === origin.origin || (isRead && sentOrigin === undefined));
  if (isOwn) return undefined;
  return refused(403, 'Forbidden', `This page works at ${origin.origin} alone.`);
}

async function answerOpen(
  state: DashboardState,
  open: readonly OpenRoute[],
  request: Sent,
  path: string,
): Promise<ApiAnswer | undefined> {
  const route = open.find((candidate) => candidate.path === path && candidate.method === request.method);
  if (route === undefined) return undefined;
  const body = await readFields(request);
  if (!body.ok) return refusalAnswer(body.error);
  return route.run({ state, request: { ...request, param: () => undefined }, fields: body.fields });
}

async function answerRoute(
  state: DashboardState,
  routes: readonly DashboardRoute[],
  request: Sent,
  path: string,
): Promise<ApiAnswer> {
  const visitor = await visitorOf(state, request);
  if (visitor === null) return refused(401, 'Unauthorized', 'Sign in first.');
  const matching = routes
    .map((route) => ({ route, params: matchPath(route.path, path) }))
    .filter(({ params }) => params !== undefined && /^(?:live|test)$/.test(params.get('side') ?? 'live'));
  if (matching.length === 0) return refusalAnswer(notFound());
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const found = matching.find(({ route }) => route.method === method);
  if (found === undefined) return refusalAnswer(methodNotAllowed(matching.map(({ route }) => route.method).join(', ')));
  const { route, params } = found;
  if (!includesRole(visitor.role, route.needs)) {
    return refused(403, 'Forbidden', `Your role is ${visitor.role}; this needs ${route.needs}.`);
  }
  const asked = { ...request, param: (name: string) => params?.get(name) };
  const mode = params?.get('side') === 'test' ? 'test' : 'live';
  const call = { state, request: asked, visitor, businessId: sideOf(state.businessId, mode) };
  return run(route, { ...call, payouts: actingAs(state, asked, visitor) });
}

function actingAs({ payouts }: DashboardState, request: Sent, { name }: SignedIn) {
  const address = payouts.auth.context.clientAddress(request);
  return payouts.as({ actorType: 'operator', actorId: name, address, requestId: requestId(request) });
}

async function visitorOf(state: DashboardState, request: Sent): Promise<Visitor | null> {
  if (state.signIn === undefined) {
    const operator = await sessionOperator(state, request);
    return operator && { id: operator.id, name: operator.body.name, role: operator.body.role, operator };
  }
  const signedIn = await state.signIn(request);
  if (signedIn === null) return null;
  const { name, role } = signedIn;
  if (typeof name !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name)) {
    throw new TypeError('signIn must answer null, or a name of 1 to 100 characters without control characters');
  }
  if (!['owner', 'operator', 'viewer'].includes(role)) {
    throw new TypeError('signIn must answer null, or a role that is owner, operator or viewer');
  }
  return { id: name, name, role, operator: null };
}

async function run(route: DashboardRoute, call: Omit<Call, 'fields'>): Promise<ApiAnswer> {
  if (route.method === 'GET' || route.method === 'DELETE') return route.run({ ...call, fields: undefined });
  const body = await readFields(call.request);
  if (!body.ok) return refusalAnswer(body.error);
  const asked = { ...call, fields: body.fields };
  return route.once === true ? once(route, asked) : route.run(asked);
}

/** A form that is sent twice is taken once: what it makes is shown with its first answer alone. */
async function once(route: DashboardRoute, call: Call): Promise<ApiAnswer> {
  const key = readIdempotencyKey(call.request);
  if (!key.ok) return refusalAnswer(key.error);
  if (key.idempotencyKey === undefined) return refused(409, 'Conflict', 'This form needs an Idempotency-Key.');
  const { sentForms } = call.state;
  const id = digest(JSON.stringify([call.visitor.id, call.request.method, call.request.pathname, key.idempotencyKey]));
  const claimed = await sentForms.put(id, null, {}, FORM_LIFETIME_S);
  if (claimed === undefined) {
    return refused(409, 'Conflict', 'This form was sent before: look at the list for what came of it.');
  }
  const answered = await route.run(call);
  // Nothing was made: the form may be corrected, and sent again.
  if (answered.status >= 400) await sentForms.remove(id, claimed.version);
  return answered;
}

type ReadFields = { readonly ok: true; readonly fields: unknown } | { readonly ok: false; readonly error: BursarError };

async function readFields(request: Sent): Promise<ReadFields> {
  const body = await jsonBody(request);
  if (!body.ok) {
    if (body.reason === 'too_large') return { ok: false, error: bodyTooLarge(body.limit) };
    return { ok: false, error: body.reason === 'unsupported' ? unsupportedMediaType() : malformedBody() };
  }
  const repeated = body.repeated.map((name) => [name, [`The ${name} field may be sent only once.`]] as const);
  if (repeated.length > 0) return { ok: false, error: invalidFields(Object.fromEntries(repeated)) };
  return { ok: true, fields: body.value ?? {} };
}
