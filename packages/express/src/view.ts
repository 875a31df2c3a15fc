import type { IncomingMessage } from 'node:http';
import type { RequestView } from '@bursar/core';
import { readBody } from './body.js';

/** A request as Bursar sees it. Express hands the same object to every router of one request. */
export function requestView(req: IncomingMessage, bodyLimit: number): RequestView {
  return {
    identity: req,
    raw: req,
    method: req.method ?? '',
    header: (name) => header(req, name),
    query: (name) => query(req, name),
    body: () => readBody(req, bodyLimit),
  };
}

// `req.headers` keeps only the first of two `Authorization` headers, and a proxy may have looked at the other one. Not
// `headersDistinct`, which throws in some releases of Node for a header that is called __proto__.
function header({ headers, rawHeaders }: IncomingMessage, name: string): string | undefined {
  let repeated: string | undefined;
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index] as string;
    if (sent.length !== name.length || sent.toLowerCase() !== name) continue;
    repeated = count++ === 0 ? rawHeaders[index + 1] : `${repeated}, ${rawHeaders[index + 1]}`;
  }
  if (count > 1) return repeated;
  // One that was sent once may have been changed or taken away by a middleware of the host.
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'object' ? value.join(', ') : value;
}

// Not `req.query`, whose form is the host's choice: in some, `payout_hash[]=x` and `payout_hash=x` are the same.
function query({ url = '' }: IncomingMessage, name: string): readonly string[] {
  const start = url.indexOf('?');
  return start === -1 ? [] : new URLSearchParams(url.slice(start)).getAll(name);
}
