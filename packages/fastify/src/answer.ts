import { type RequestView, requestId } from '@bursar/core';
import type { ApiAnswer } from '@bursar/payouts/http';
import type { AnyReply } from './view.js';

/** What is written of a reply. In Fastify's own type, what may be sent depends on the route. */
interface Written extends AnyReply {
  header(name: string, value: string): unknown;
  code(status: number): unknown;
  send(payload?: Uint8Array): unknown;
}

/** Sets headers; what a cache has to look at is added to what the host has said of that. */
export function setHeaders(reply: AnyReply, headers: ApiAnswer['headers']): void {
  for (const [name, value] of Object.entries(headers)) {
    const before = name === 'vary' ? reply.getHeader(name) : undefined;
    (reply as Written).header(name, before === undefined ? value : `${before}, ${value}`);
  }
}

/**
 * Sends the answer, byte for byte the same as `@bursar/express`. Where somebody has answered meanwhile, a time-out of the host
 * for example, there is nothing left to do.
 */
export function send(reply: AnyReply, view: RequestView, { status, headers, body }: ApiAnswer): void {
  if (reply.sent) return;
  const written = reply as Written;
  setHeaders(reply, headers);
  if (!reply.hasHeader('x-request-id')) written.header('x-request-id', requestId(view));
  written.code(status);
  if (body === undefined) {
    written.send();
    return;
  }
  written.header('content-type', 'application/json');
  // As bytes: to the type of a text Fastify adds a charset.
  written.send(Buffer.from(JSON.stringify(body)));
}
