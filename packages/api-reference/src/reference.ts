import type { IncomingMessage, ServerResponse } from 'node:http';
import { methodNotAllowed, notFound } from '@bursar/core';
import { contentSecurityPolicy, pageHtml, startScript } from './page.js';
import { scalarScript } from './script.js';

/** What the page shows, and where it is. */
export interface ApiReferenceOptions {
  /** The page's whole path, for example `/docs`. Its two scripts lie below it. */
  readonly path: string;
  /** Where the page finds the OpenAPI document, for example `/v1/openapi.json`. */
  readonly openapi: string;
  /** @default 'API reference' */
  readonly title?: string | undefined;
  /**
   * Origins that the page may connect to besides its own, such as `https://api.example.com`: for a document, or an API to
   * try, that is elsewhere.
   *
   * @default none
   */
  readonly connectTo?: readonly string[] | undefined;
}

/** The page for every framework. */
export interface ApiReference {
  /** For frameworks whose requests are those of the Fetch standard. */
  fetch(request: Request): Promise<Response>;
  /** For Express, and for Node's own server. */
  node(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

interface Asked {
  readonly method: string;
  readonly pathname: string;
  readonly acceptEncoding: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

type Content = (asked: Asked) => Promise<Answer> | Answer;

/**
 * Makes a page that shows an OpenAPI document, by Scalar. Nothing on it comes from another host, so it needs no internet,
 * and a strict Content-Security-Policy holds it to that.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * const docs = apiReference({ path: '/docs', openapi: '/v1/openapi.json' });
 * app.all('/docs/*', (c) => docs.fetch(c.req.raw)); // Hono
 * app.use('/docs', docs.node); // Express
 */
export function apiReference(options: ApiReferenceOptions): ApiReference {
  const contents = contentsOf(checked(options));
  const answer = async (asked: Asked): Promise<Answer> => {
    const content = contents.get(asked.pathname);
    if (content === undefined) return refusal(notFound());
    return asked.method === 'GET' || asked.method === 'HEAD' ? content(asked) : refusal(methodNotAllowed('GET, HEAD'));
  };
  return {
    async fetch(request) {
      const { method, headers: sent, url } = request;
      const { pathname } = new URL(url);
      const { status, headers, body } = await answer({
        method,
        pathname,
        acceptEncoding: sent.get('accept-encoding') ?? '',
      });
      return new Response(method === 'HEAD' ? null : body, { status, headers });
    },
    async node(req, res) {
      const { method = '', url = '', headers: sent } = req;
      // Express takes the mount away from `url`.
      const { originalUrl = url } = req as IncomingMessage & { originalUrl?: string };
      const acceptEncoding = String(sent['accept-encoding'] ?? '');
      const { status, headers, body } = await answer({
        method,
        pathname: originalUrl.split('?')[0] ?? '',
        acceptEncoding,
      });
      res.writeHead(status, headers).end(method === 'HEAD' ? undefined : body);
    },
  };
}

function checked(options: ApiReferenceOptions): Required<{ [Name in keyof ApiReferenceOptions]: string }> {
  const { path, openapi, title = 'API reference', connectTo = [] } = options;
  if (typeof path !== 'string' || !/^(?:\/[\w.~-]+)+$/.test(path)) {
    throw new TypeError('path must be a whole path without a slash at its end, such as "/docs"');
  }
  if (typeof openapi !== 'string' || openapi === '') throw new TypeError('openapi must be the URL of a document');
  if (typeof title !== 'string' || title === '') throw new TypeError('title must be a text');
  if (!Array.isArray(connectTo) || !connectTo.every(isOrigin)) {
    throw new TypeError('connectTo must be exact origins, such as "https://api.example.com"');
  }
  return { path, openapi, title, connectTo: contentSecurityPolicy(connectTo as readonly string[]) };
}

function isOrigin(origin: unknown): boolean {
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin;
}

const NOT_SNIFFED = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

function contentsOf({ path, openapi, title, connectTo: policy }: ReturnType<typeof checked>): Map<string, Content> {
  const page = (folder: string): Content => {
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
    return () => ({
      status: 200,
      headers: { ...headers, 'cache-control': 'no-cache', ...NOT_SNIFFED },
      body: pageHtml(title, folder),
    });
  };
  return new Map<string, Content>([
    // Relative, so that a proxy may take a part of the path away.
    [path, page(`${path.slice(path.lastIndexOf('/') + 1)}/`)],
    [`${path}/`, page('')],
    [`${path}/start.js`, () => script(startScript(openapi), 'no-cache')],
    [`${path}/scalar.js`, scalar],
  ]);
}

async function scalar({ acceptEncoding }: Asked): Promise<Answer> {
  const { plain, gzipped } = await scalarScript();
  const isCompressed = /\bgzip\b/.test(acceptEncoding);
  const { headers, ...answer } = script(isCompressed ? gzipped : plain, 'public, max-age=86400');
  const encoding = isCompressed ? { 'content-encoding': 'gzip' } : {};
  return { ...answer, headers: { ...headers, ...encoding, vary: 'Accept-Encoding' } };
}

function script(body: Answer['body'], caching: string): Answer {
  const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': caching, ...NOT_SNIFFED };
  return { status: 200, headers, body };
}

function refusal({ status, headers, body }: ReturnType<typeof notFound> | ReturnType<typeof methodNotAllowed>): Answer {
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
