import type { RequestView } from '@bursar/core';
import { readBody } from './body.js';

/** A request as Bursar sees it. `raw` is all that the server has called the handler with, the request first. */
export function requestView(request: Request, context: readonly unknown[], bodyLimit: number): RequestView {
  return {
    identity: request,
    raw: [request, ...context],
    method: request.method,
    header: (name) => request.headers.get(name) ?? undefined,
    query: (name) => new URL(request.url).searchParams.getAll(name),
    body: () => readBody(request, bodyLimit),
  };
}
