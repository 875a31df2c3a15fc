import type { IncomingMessage } from 'node:http';
import type { RequestBody } from '@bursar/core';
import { announcedNodeBody, decodedBody, readNodeBody } from '@bursar/payouts/http';

/** A request as body parsers leave it. `_body`: what body-parser 1 and many others mark a read body with. */
export type ParsedRequest = IncomingMessage & { body?: unknown; _body?: boolean };

const bodies = new WeakMap<IncomingMessage, Promise<RequestBody>>();

/**
 * Takes the body from the parser before us, or reads it and leaves it for the one behind; once a request. A body that is
 * not JSON is left alone: an upload has to reach its route.
 */
export function readBody(req: ParsedRequest, limit: number): Promise<RequestBody> {
  const known = bodies.get(req);
  if (known !== undefined) return known;
  const body = read(req, limit);
  bodies.set(req, body);
  return body;
}

async function read(req: ParsedRequest, limit: number): Promise<RequestBody> {
  const announced = announcedNodeBody(req);
  if (announced !== null) return announced;
  // Another parser may have undone the encoding, and had a limit of its own.
  if (req._body === true || req.readableDidRead) return found(req.body);
  const bytes = await readNodeBody(req, req, limit, (chunk) => Buffer.from(chunk, req.readableEncoding ?? 'utf8'));
  if (!(bytes instanceof Uint8Array)) return bytes;
  const body = decodedBody(bytes);
  if (body.kind === 'text') leave(req, body.text);
  return body;
}

function found(body: unknown): RequestBody {
  // A parser that failed, and whose error the host let pass.
  if (body === undefined) return { kind: 'malformed' };
  if (body instanceof Uint8Array) return decodedBody(body);
  return typeof body === 'string' ? { kind: 'text', text: body } : { kind: 'parsed', value: body };
}

// body-parser 1 looks at the mark, body-parser 2 at the end of the stream; both then leave `req.body` as it is.
function leave(req: ParsedRequest, text: string): void {
  req._body = true;
  try {
    req.body = JSON.parse(text) as unknown;
  } catch {
    // Core refuses it with the right answer.
  }
}
