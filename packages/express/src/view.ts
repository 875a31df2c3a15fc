import type { IncomingMessage } from 'node:http';
import type { RequestView } from '@bursar/core';
import { readBody } from './body.js';

/** A request as Bursar sees it. Express hands the same object to every router of one request. */
export function requestView(req: IncomingMessage, bodyLimit: number): RequestView {
  return {
    identity: req,
    method: req.method ?? '',
    header: (name) => header(req, name),
    query: (name) => query(req, name),
    body: () => readBody(req, bodyLimit),
  };
}

// `req.headers` keeps only the first of two `Authorization` headers, and a proxy may have looked at the other one. Not
// `headersDistinct`, which throws in some releases of Node for a header that is called __proto__.
function header({ headers, rawHeaders }: IncomingMessage, name: string): string | undefined {
  const values = rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === name && index % 2 === 1);
  if (values.length > 1) return values.join(', ');
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'object' ? value.join(', ') : value;
}

// Not `req.query`, whose form is the host's choice: in some, `payout_hash[]=x` and `payout_hash=x` are the same.
function query({ url = '' }: IncomingMessage, name: string): readonly string[] {
  const start = url.indexOf('?');
  return start === -1 ? [] : new URLSearchParams(url.slice(start)).getAll(name);
}
