import { type RequestView, requestId } from '@bursar/core';
import type { ApiAnswer } from '@bursar/payouts/http';
import type { FastifyReply } from 'fastify';
import type { AnyReply } from './view.js';

/** Sets headers; what a cache has to look at is added to what the host has said of that. */
export function setHeaders(reply: AnyReply, headers: ApiAnswer['headers']): void {
  for (const [name, value] of Object.entries(headers)) {
    const before = name === 'vary' ? reply.getHeader(name) : undefined;
    (reply as FastifyReply).header(name, before === undefined ? value : `${before}, ${value}`);
  }
}

/**
 * Sends the answer, byte for byte the same as `@bursar/express`. Where somebody has answered meanwhile, a time-out of the host
 * for example, there is nothing left to do.
 */
export function send(anyReply: AnyReply, view: RequestView, { status, headers, body }: ApiAnswer): void {
  const reply = anyReply as FastifyReply;
  if (reply.sent) return;
  setHeaders(reply, headers);
  if (!reply.hasHeader('x-request-id')) reply.header('x-request-id', requestId(view));
  reply.code(status);
  if (body === undefined) {
    reply.send();
    return;
  }
  // As bytes: to the type of a text Fastify adds a charset.
  reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(body)));
}
