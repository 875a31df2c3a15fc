/**
 * What packages for a framework share of reading a body. Nothing here is of Node or of a framework: a request of Node is
 * known by the members that are used of it.
 *
 * @module
 */
import type { RequestBody, RequestView } from '@bursar/core';

// Only whether to read; core knows the exact form, and says of `text/json` that it is unsupported.
const NAMES_JSON = /^[^;]*json/i;

/** What the headers of a `Request` alone say of its body; `null` where it has to be read. */
export function announcedBody(header: RequestView['header']): RequestBody | null {
  const length = header('content-length');
  if (length === '0') return { kind: 'none' };
  if (isEncoded(header('content-encoding'))) return { kind: 'unsupported' };
  const type = header('content-type');
  // With no header at all there is no body, most likely; only reading can tell.
  const isJson =
    type === undefined ? length === undefined && header('transfer-encoding') === undefined : NAMES_JSON.test(type);
  return isJson ? null : { kind: 'unsupported' };
}

/** What is used of a request of Node. */
export interface NodeRequest {
  readonly httpVersionMajor: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders: readonly string[];
  readonly url?: string | undefined;
}

/** What the headers of a request of Node alone say of its body; `null` where it has to be read. */
export function announcedNodeBody({ headers, httpVersionMajor }: NodeRequest): RequestBody | null {
  const length = headers['content-length'];
  // RFC 9112, section 6.3: without both headers, a request has no body. HTTP/2 needs neither.
  const isWithout = length === undefined ? httpVersionMajor < 2 : Number(length) === 0;
  if (headers['transfer-encoding'] === undefined && isWithout) return { kind: 'none' };
  return NAMES_JSON.test(String(headers['content-type'] ?? '')) ? null : { kind: 'unsupported' };
}

/** What is used of a stream of Node. */
export interface NodeStream {
  readonly destroyed: boolean;
  on(event: string, listener: (chunk: Uint8Array | string) => void): unknown;
  off(event: string, listener: (chunk: Uint8Array | string) => void): unknown;
}

/**
 * Reads the bytes of a body that is to be read, and no more than `limit` of them. `bytesOf` undoes the decoding that
 * somebody has asked the stream for.
 */
export async function readNodeBody(
  { headers }: NodeRequest,
  stream: NodeStream,
  limit: number,
  bytesOf: (chunk: string) => Uint8Array,
): Promise<Uint8Array | Extract<RequestBody, { readonly kind: 'unsupported' | 'too_large' | 'malformed' }>> {
  if (isEncoded(headers['content-encoding'])) return { kind: 'unsupported' };
  if (Number(headers['content-length']) > limit) return { kind: 'too_large', limit };
  const collected = await collect(stream, limit, bytesOf);
  if (collected === 'too_large') return { kind: 'too_large', limit };
  return collected === 'broken' ? { kind: 'malformed' } : collected;
}

// Events and not `for await`, which would destroy the request, and the connection with the answer, when it stops early.
function collect(
  stream: NodeStream,
  limit: number,
  bytesOf: (chunk: string) => Uint8Array,
): Promise<Uint8Array | 'too_large' | 'broken'> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const finish = (result: Uint8Array | 'too_large' | 'broken'): void => {
      stream.off('data', onData);
      stream.off('end', onEnd);
      stream.off('error', onBroken);
      stream.off('close', onBroken);
      resolve(result);
    };
    const onData = (chunk: Uint8Array | string): void => {
      const bytes = typeof chunk === 'string' ? bytesOf(chunk) : chunk;
      length += bytes.length;
      // Above it, the stream flows on without a listener, so that the connection can be used again; the server's own limit
      // of time bounds it.
      if (length <= limit) chunks.push(bytes);
      else finish('too_large');
    };
    const onEnd = (): void => finish(joined(chunks, length));
    const onBroken = (): void => finish('broken');
    if (stream.destroyed) return onBroken();
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('error', onBroken);
    stream.on('close', onBroken);
  });
}

/** Reads a stream of the web, and little more than `limit` bytes of it. @throws where it breaks off. */
export async function readWebBody(stream: ReadableStream<Uint8Array>, limit: number): Promise<RequestBody> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > limit) {
      // Not waited for: of a request that was cloned, it ends when the other half is cancelled too, if ever.
      reader.cancel().catch(() => undefined);
      return { kind: 'too_large', limit };
    }
    chunks.push(read.value);
  }
  return decodedBody(joined(chunks, length));
}

/** The text of a JSON body, which is UTF-8 (RFC 8259). */
export function decodedBody(bytes: Uint8Array | ArrayBuffer): RequestBody {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'malformed' };
  }
}

function isEncoded(encoding: string | readonly string[] | undefined): boolean {
  return String(encoding ?? 'identity').toLowerCase() !== 'identity';
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
