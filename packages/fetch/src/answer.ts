import { type RequestView, requestId } from '@bursar/core';
import type { ApiAnswer } from '@bursar/payouts/http';

/** Makes the response, byte for byte the same as `@bursar/hono`; `Response.json` would be free to write it another way. */
export function responseTo(
  view: RequestView,
  { status, headers, body }: ApiAnswer,
  besides: ApiAnswer['headers'] = {},
): Response {
  const all = new Headers({ ...besides, ...headers, 'x-request-id': requestId(view) });
  if (body === undefined) return new Response(null, { status, headers: all });
  all.set('content-type', 'application/json');
  return new Response(view.method === 'HEAD' ? null : JSON.stringify(body), { status, headers: all });
}

/** Adds the headers that a handler has not chosen itself. */
export function withHeaders(response: Response, headers: ApiAnswer['headers']): Response {
  const missing = Object.entries(headers).filter(([name]) => !response.headers.has(name));
  // What opens a WebSocket is no answer that anybody keeps, and cannot be made again.
  if (missing.length === 0 || response.status < 200) return response;
  try {
    return added(response, missing);
  } catch {
    // Those of a redirect, or of what `fetch` answered, cannot be changed.
    return added(new Response(response.body, response), missing);
  }
}

function added(response: Response, headers: readonly (readonly [string, string])[]): Response {
  for (const [name, value] of headers) response.headers.set(name, value);
  return response;
}
