import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { RequestBody, RequestView } from '@bursar/core';
import { nodeHeader, nodeQuery } from '@bursar/payouts/http';

/** A request of any Fastify server. Not `FastifyRequest`, whose type depends on the server, its logger and the route. */
export interface AnyRequest {
  readonly raw: IncomingMessage | Http2ServerRequest;
  readonly ip: string;
}

/** A reply of any Fastify server. */
export interface AnyReply {
  readonly sent: boolean;
  hasHeader(name: string): boolean;
  getHeader(name: string): number | string | string[] | undefined;
}

/** A request as Bursar sees it. `raw` is the one of Fastify, which knows the address by its `trustProxy`. */
export function requestView(request: AnyRequest, body: () => Promise<RequestBody>): RequestView {
  const { raw } = request;
  return {
    identity: raw,
    raw: request,
    method: raw.method ?? '',
    header: (name) => nodeHeader(raw, name),
    query: (name) => nodeQuery(raw, name),
    body,
  };
}
