import type { IncomingMessage } from 'node:http';
import type { RequestBody } from '@bursar/core';

/** A request as body parsers leave it. `_body`: what body-parser 1 and many others mark a read body with. */
export type ParsedRequest = IncomingMessage & { body?: unknown; _body?: boolean };

// Only whether to read; core knows the exact form, and says of `text/json` that it is unsupported.
const NAMES_JSON = /^[^;]*json/i;

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
  const { headers } = req;
  const length = headers['content-length'];
  // RFC 9112, section 6.3: without both headers, a request has no body.
  if (headers['transfer-encoding'] === undefined && (length === undefined || Number(length) === 0)) {
    return { kind: 'none' };
  }
  if (!NAMES_JSON.test(headers['content-type'] ?? '')) return { kind: 'unsupported' };
  // Another parser may have undone the encoding, and had a limit of its own.
  if (req._body === true || req.readableDidRead) return found(req.body);
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return { kind: 'unsupported' };
  if (Number(length) > limit) return { kind: 'too_large', limit };
  const bytes = await collect(req, limit);
  if (bytes === 'too_large') return { kind: 'too_large', limit };
  const body: RequestBody = bytes === 'broken' ? { kind: 'malformed' } : decoded(bytes);
  if (body.kind === 'text') leave(req, body.text);
  return body;
}

function found(body: unknown): RequestBody {
  // A parser that failed, and whose error the host let pass.
  if (body === undefined) return { kind: 'malformed' };
  if (body instanceof Uint8Array) return decoded(body);
  return typeof body === 'string' ? { kind: 'text', text: body } : { kind: 'parsed', value: body };
}

function decoded(bytes: Uint8Array): RequestBody {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'malformed' };
  }
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

// Events and not `for await`, which would destroy the request, and the connection with the answer, when it stops early.
function collect(req: IncomingMessage, limit: number): Promise<Uint8Array | 'too_large' | 'broken'> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const finish = (result: Uint8Array | 'too_large' | 'broken'): void => {
      req.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      resolve(result);
    };
    const onData = (chunk: Uint8Array | string): void => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, req.readableEncoding ?? 'utf8') : chunk;
      length += bytes.length;
      if (length <= limit) {
        chunks.push(bytes);
        return;
      }
      // The stream flows on without a listener, so that the connection can be used again; `requestTimeout` bounds it.
      finish('too_large');
    };
    const onEnd = (): void => finish(Buffer.concat(chunks));
    const onBroken = (): void => finish('broken');
    if (req.destroyed) onBroken();
    else req.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}
