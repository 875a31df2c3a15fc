import type { IncomingMessage } from 'node:http';
import type { RequestView } from '@bursar/core';
import { nodeHeader, nodeQuery } from '@bursar/payouts/http';
import { readBody } from './body.js';

/** A request as Bursar sees it. Express hands the same object to every router of one request. */
export function requestView(req: IncomingMessage, bodyLimit: number): RequestView {
  return {
    identity: req,
    raw: req,
    method: req.method ?? '',
    header: (name) => nodeHeader(req, name),
    query: (name) => nodeQuery(req, name),
    body: () => readBody(req, bodyLimit),
  };
}
