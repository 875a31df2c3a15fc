import { digest, methodNotAllowed } from '@bursar/core';
import type { Payouts } from '../../payouts.js';
import { type ApiAnswer, refusalAnswer } from '../answer.js';
import type { ApiRequest } from '../route.js';
import { type OpenApiOptions, openApiDocument } from './document.js';

/** Where the document is served, below the mount. */
export const OPENAPI_PATH = '/openapi.json';

const ALLOW = 'GET, HEAD, OPTIONS';

/** Checks the option; `undefined` for no document. @throws {TypeError} which names the rule. */
export function openApiOptionsOf(openapi: boolean | OpenApiOptions = false): OpenApiOptions | undefined {
  if (typeof openapi === 'boolean') return openapi ? {} : undefined;
  const { title, version, servers } = openapi;
  for (const [name, text] of [
    ['title', title],
    ['version', version],
  ] as const) {
    if (text !== undefined && (typeof text !== 'string' || text === '')) {
      throw new TypeError(`openapi.${name} must be a text`);
    }
  }
  if (servers !== undefined && !(Array.isArray(servers) && servers.length > 0 && servers.every(hasUrl))) {
    throw new TypeError('openapi.servers must be an array of servers, each with a url');
  }
  return openapi;
}

/** Answers with the document; it is the same for everybody, and asks for no credential. */
export function openApiAnswers(payouts: Payouts, options: OpenApiOptions): (request: ApiRequest) => ApiAnswer {
  const document = openApiDocument({ ...options, payouts });
  const etag = `"${digest(JSON.stringify(document)).slice(0, 20)}"`;
  const headers = { 'cache-control': 'public, max-age=300', etag };
  return (request) => {
    if (request.method === 'OPTIONS') return { status: 204, headers: { allow: ALLOW }, body: undefined };
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusalAnswer(methodNotAllowed(ALLOW));
    const isKnown = matches(request.header('if-none-match'), etag);
    return isKnown ? { status: 304, headers, body: undefined } : { status: 200, headers, body: document };
  };
}

// RFC 9110, section 13.1.2: weak comparison, a list, or `*`.
function matches(header: string | undefined, etag: string): boolean {
  const isThis = (tag: string): boolean => {
    const name = tag.trim();
    return name === '*' || name.replace(/^W\//, '') === etag;
  };
  return header?.split(',').some(isThis) ?? false;
}

function hasUrl(server: unknown): boolean {
  return typeof server === 'object' && server !== null && 'url' in server && typeof server.url === 'string';
}
