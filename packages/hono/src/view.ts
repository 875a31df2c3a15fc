import type { RequestView } from '@bursar/core';
import type { Context } from 'hono';
import { readBody } from './body.js';

/**
 * A request as Bursar sees it. `c.req` is the same object in every middleware and sub-app of one request, also after a
 * middleware has put another `Request` under it.
 */
export function requestView(c: Context, bodyLimit: number): RequestView {
  const { req } = c;
  return {
    identity: req,
    raw: c,
    method: req.method,
    header: (name) => req.header(name),
    query: (name) => req.queries(name) ?? [],
    body: () => readBody(c, bodyLimit),
  };
}
