import { type RequestView, requestId } from '@bursar/core';
import type { ApiAnswer } from '@bursar/payouts/http';
import type { Context } from 'hono';
import type { StatusCode } from 'hono/utils/http-status';

/** Every body is written so, byte for byte the same as by `@bursar/express`. */
export const JSON_TYPE = 'application/json';

/** The id that the host has given this answer, or else ours. */
export function answerId(c: Context, view: RequestView): string {
  return c.res.headers.get('x-request-id') ?? requestId(view);
}

/** Sets headers; what a cache has to look at is added to what the host has said of that. */
export function setHeaders(c: Context, headers: ApiAnswer['headers']): void {
  for (const [name, value] of Object.entries(headers)) c.header(name, value, { append: name === 'vary' });
}

/** Makes the answer. `c.header` and not a response's own headers: those lose against what the host has set before. */
export function send(c: Context, view: RequestView, { status, headers, body }: ApiAnswer): Response {
  c.header('x-request-id', answerId(c, view));
  setHeaders(c, headers);
  c.status(status as StatusCode);
  if (body === undefined) return c.body(null);
  c.header('content-type', JSON_TYPE);
  return c.body(JSON.stringify(body));
}
