/**
 * Requests of both kinds, as the dashboard sees them, and answers to them.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestBody, RequestView } from '@bursar/core';

/** What is sent back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** A request to the dashboard. */
export interface Sent extends RequestView {
  /** As it stands in the URL, not decoded. */
  readonly pathname: string;
}

/** The longest body: no form has more. */
const BODY_LIMIT = 65_536;
const JSON_TYPE = /^application\/json[\t ]*(?:;|$)/i;

/** A request of the Fetch standard. */
export function fetchRequest(request: Request, raw: unknown): Sent {
  const { pathname, searchParams } = new URL(request.url);
  let body: Promise<RequestBody> | undefined;
  return {
    identity: request,
    raw,
    method: request.method,
    pathname,
    header: (name) => request.headers.get(name) ?? undefined,
    query: (name) => searchParams.getAll(name),
    body: () => {
      body ??= readStream(request);
      return body;
    },
  };
}

async function readStream(request: Request): Promise<RequestBody> {
  if (request.body === null) return { kind: 'none' };
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) return { kind: 'unsupported' };
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > BODY_LIMIT) return { kind: 'too_large', limit: BODY_LIMIT };
      chunks.push(chunk);
    }
    return decoded(Buffer.concat(chunks));
  } catch {
    // The client went away, or somebody has read the body before us.
    return { kind: 'malformed' };
  }
}

/** A request of Node or Express, whose body a parser may have read before us. */
type ParsedRequest = IncomingMessage & { originalUrl?: string; body?: unknown; _body?: boolean };

/** A request of Node's own server, or of Express. */
export function nodeRequest(req: IncomingMessage): Sent {
  // Express takes the mount away from `url`.
  const { originalUrl = req.url ?? '' } = req as ParsedRequest;
  const [pathname = '', search] = originalUrl.split('?', 2);
  let body: Promise<RequestBody> | undefined;
  return {
    identity: req,
    raw: req,
    method: req.method ?? '',
    pathname,
    header: (name) => {
      const value = Object.hasOwn(req.headers, name) ? req.headers[name] : undefined;
      return Array.isArray(value) ? value.join(', ') : value;
    },
    query: (name) => new URLSearchParams(search).getAll(name),
    body: () => {
      body ??= readNode(req);
      return body;
    },
  };
}

async function readNode(req: ParsedRequest): Promise<RequestBody> {
  const { headers } = req;
  // RFC 9112, section 6.3: without both headers, a request has no body.
  if (headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)) return { kind: 'none' };
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return { kind: 'unsupported' };
  if (req._body === true || req.readableDidRead) return parsed(req.body);
  const chunks: Uint8Array[] = [];
  let length = 0;
  return new Promise((resolve) => {
    req.on('data', (chunk: Uint8Array) => {
      length += chunk.length;
      // What is too long flows on unread, so that the answer reaches its sender.
      if (length > BODY_LIMIT) resolve({ kind: 'too_large', limit: BODY_LIMIT });
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(decoded(Buffer.concat(chunks))));
    req.on('error', () => resolve({ kind: 'malformed' }));
    req.on('close', () => resolve({ kind: 'malformed' }));
  });
}

function parsed(body: unknown): RequestBody {
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

/** The answer to a request of the Fetch standard. */
export function fetchResponse({ status, headers, body }: Answer, method: string): Response {
  return new Response(method === 'HEAD' ? null : body, { status, headers });
}

/** Answers a request of Node or Express. */
export function sendNode(res: ServerResponse, { status, headers, body }: Answer, method: string): void {
  res.writeHead(status, headers).end(method === 'HEAD' ? undefined : (body ?? undefined));
}
