import type { ServerResponse } from 'node:http';
import { type RequestView, requestId } from '@bursar/core';
import type { ApiAnswer } from '@bursar/payouts/http';

/** Sets headers; what a cache has to look at is added to what the host has said of that. */
export function setHeaders(res: ServerResponse, headers: ApiAnswer['headers']): void {
  if (res.headersSent) return;
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
}

/**
 * Writes the answer, byte for byte the same as `@bursar/hono`; `res.json` would add a charset and an ETag. Where somebody
 * has answered meanwhile, a time-out of the host for example, there is nothing left to do.
 */
export function send(res: ServerResponse, view: RequestView, { status, headers, body }: ApiAnswer): void {
  if (res.headersSent) return;
  setHeaders(res, headers);
  if (!res.hasHeader('x-request-id')) res.setHeader('x-request-id', requestId(view));
  res.statusCode = status;
  if (body === undefined) {
    res.end();
    return;
  }
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify(body));
}
