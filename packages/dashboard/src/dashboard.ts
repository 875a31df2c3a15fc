import type { IncomingMessage, ServerResponse } from 'node:http';
import { methodNotAllowed, notFound, requestId } from '@bursar/core';
import { type ApiAnswer, refusalAnswer } from '@bursar/payouts/http';
import { type Api, dashboardApi } from './api.js';
import { type Asset, type Assets, publishedAssets } from './assets.js';
import { makeLink, type SignInLink } from './operators/links.js';
import { openOperator } from './operators/operator.js';
import { type DashboardContext, type DashboardOptions, dashboardContext, type SignedIn } from './options.js';
import { pageHtml, SAFE_HEADERS } from './page.js';
import { type Answer, fetchRequest, fetchResponse, nodeRequest, type Sent, sendNode } from './sent.js';
import { dashboardState } from './state.js';

/** The dashboard for every framework. */
export interface Dashboard {
  /**
   * For frameworks whose requests are those of the Fetch standard.
   *
   * @param raw What `clientAddress` and `signIn` find in `request.raw`, such as Hono's context. @default the request
   */
  fetch(request: Request, raw?: unknown): Promise<Response>;
  /** For Express, and for Node's own server. */
  node(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /**
   * A link that signs this operator in, once, within a quarter of an hour; makes the operator where there is none, and gives
   * the role. For the first one, and for one who has lost the passkey: for a command line, never a route.
   *
   * @throws {TypeError} where the name or the role breaks its rule.
   */
  createSignInLink(operator: SignedIn): Promise<SignInLink>;
}

/**
 * Makes the pages on which a business runs its payouts. What they do goes through the same operations, with the same checks
 * and the same audit log, as what an API key does.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * const board = dashboard({ payouts, businessId: 'biz_1', path: '/dashboard', origin: 'https://pay.example.com' });
 * app.all('/dashboard/*', (c) => board.fetch(c.req.raw, c)); // Hono
 * app.use('/dashboard', board.node); // Express
 */
export function dashboard(options: DashboardOptions): Dashboard {
  return dashboardWith(options, publishedAssets);
}

/** The same, with the page's files from elsewhere. */
export function dashboardWith(options: DashboardOptions, assets: () => Promise<Assets>): Dashboard {
  const state = dashboardState(dashboardContext(options));
  const answer = answering(state, dashboardApi(state), assets);
  return {
    async fetch(request, raw = request) {
      return fetchResponse(await answer(fetchRequest(request, raw)), request.method);
    },
    async node(req, res) {
      sendNode(res, await answer(nodeRequest(req)), req.method ?? '');
    },
    async createSignInLink(operator) {
      if (state.signIn !== undefined) throw new TypeError('operators sign in by signIn: there are no links');
      const opened = await openOperator(state, operator);
      const { name, role } = opened.body;
      const act = { businessId: state.businessId, action: 'operator.link', target: opened.id, details: { name, role } };
      await state.payouts.audit.record(act);
      return makeLink(state, opened);
    },
  };
}

function answering(
  { path, signIn, signInUrl = '' }: DashboardContext,
  api: Api,
  assets: () => Promise<Assets>,
): (request: Sent) => Promise<Answer> {
  return async (request) => {
    const { pathname } = request;
    if (pathname !== path && !pathname.startsWith(`${path}/`)) return written(request, refusalAnswer(notFound()));
    const below = pathname.slice(path.length);
    if (below.startsWith('/api/')) return written(request, await api(request, below.slice('/api'.length)));
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return written(request, refusalAnswer(methodNotAllowed('GET, HEAD')));
    }
    const { script, style } = await assets();
    if (below.startsWith('/assets/')) {
      const asset = [script, style].find(({ name }) => below === `/assets/${name}`);
      return asset === undefined ? written(request, refusalAnswer(notFound())) : file(request, asset);
    }
    // Which page it is, its script knows.
    const body = pageHtml({
      path,
      signIn: signIn === undefined ? 'own' : signInUrl,
      script: `${path}/assets/${script.name}`,
      style: `${path}/assets/${style.name}`,
    });
    const headers = { ...SAFE_HEADERS, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' };
    return { status: 200, headers, body };
  };
}

function written(request: Sent, { status, headers, body }: ApiAnswer): Answer {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    status,
    headers: { ...SAFE_HEADERS, ...headers, ...json, 'x-request-id': requestId(request) },
    body: body === undefined ? null : JSON.stringify(body),
  };
}

function file(request: Sent, { name, plain, gzipped }: Asset): Answer {
  const isCompressed = /\bgzip\b/.test(request.header('accept-encoding') ?? '');
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  return {
    status: 200,
    headers: {
      ...SAFE_HEADERS,
      'content-type': `${type}; charset=utf-8`,
      // Another content has another name.
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
    },
    body: isCompressed ? gzipped : plain,
  };
}
