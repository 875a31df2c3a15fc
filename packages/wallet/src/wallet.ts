import type { IncomingMessage, ServerResponse } from 'node:http';
import { methodNotAllowed, notFound } from '@bursar/core';
import { elementScript } from './element-script.js';
import { type CheckedOptions, checked, type WalletOptions } from './options.js';
import { pageHtml, pageStyle } from './page.js';

/** The page for every framework. */
export interface WalletPage {
  /** For frameworks whose requests are those of the Fetch standard. */
  fetch(request: Request): Promise<Response>;
  /** For Express, and for Node's own server. */
  node(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

interface Asked {
  readonly version: string | null;
  readonly acceptEncoding: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

type Content = (asked: Asked) => Promise<Answer> | Answer;

/**
 * Makes the page on which a payout user sees the balance, withdraws and follows it. It is opened by a link with the payout
 * hash after its `#`, which is sent to no server: `https://pay.example.com/wallet#<hash>`.
 *
 * Nothing on it comes from another host, and a strict Content-Security-Policy holds it to that.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * const page = wallet({ path: '/wallet', api: '/v1' });
 * app.all('/wallet/*', (c) => page.fetch(c.req.raw)); // Hono
 * app.use('/wallet', page.node); // Express
 */
export function wallet(options: WalletOptions): WalletPage {
  const contents = contentsOf(checked(options));
  const answer = async (method: string, url: string, acceptEncoding: string): Promise<Answer> => {
    const [pathname = '', query] = url.split('?');
    const content = contents.get(pathname);
    if (content === undefined) return refusal(notFound());
    if (method !== 'GET' && method !== 'HEAD') return refusal(methodNotAllowed('GET, HEAD'));
    return content({ version: new URLSearchParams(query).get('v'), acceptEncoding });
  };
  return {
    async fetch(request) {
      const { method, headers: sent, url } = request;
      const { pathname, search } = new URL(url);
      const { status, headers, body } = await answer(method, pathname + search, sent.get('accept-encoding') ?? '');
      return new Response(method === 'HEAD' ? null : body, { status, headers });
    },
    async node(req, res) {
      const { method = '', url = '', headers: sent } = req;
      // Express takes the mount away from `url`.
      const { originalUrl = url } = req as IncomingMessage & { originalUrl?: string };
      const { status, headers, body } = await answer(method, originalUrl, String(sent['accept-encoding'] ?? ''));
      res.writeHead(status, headers).end(method === 'HEAD' ? undefined : body);
    },
  };
}

const NOT_SNIFFED = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

function contentsOf(options: CheckedOptions): Map<string, Content> {
  const { path, policy } = options;
  const page = (folder: string): Content => {
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
    return async () => ({
      status: 200,
      headers: { ...headers, 'cache-control': 'no-cache', ...NOT_SNIFFED },
      body: pageHtml(options, folder, (await elementScript()).version),
    });
  };
  const style = pageStyle(options);
  return new Map<string, Content>([
    // Relative, so that a proxy may take a part of the path away.
    [path, page(`${path.slice(path.lastIndexOf('/') + 1)}/`)],
    [`${path}/`, page('')],
    [
      `${path}/wallet.css`,
      () => ({
        status: 200,
        headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache', ...NOT_SNIFFED },
        body: style,
      }),
    ],
    [`${path}/wallet.js`, script],
  ]);
}

async function script({ acceptEncoding, version: asked }: Asked): Promise<Answer> {
  const { plain, gzipped, version } = await elementScript();
  const isCompressed = /\bgzip\b/.test(acceptEncoding);
  return {
    status: 200,
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': asked === version ? 'public, max-age=31536000, immutable' : 'no-cache',
      // It holds nothing of anybody, and pages of other origins may put the element into themselves.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      vary: 'Accept-Encoding',
      ...NOT_SNIFFED,
    },
    body: isCompressed ? gzipped : plain,
  };
}

function refusal({ status, headers, body }: ReturnType<typeof notFound> | ReturnType<typeof methodNotAllowed>): Answer {
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
