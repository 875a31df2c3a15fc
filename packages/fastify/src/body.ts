import { Readable } from 'node:stream';
import type { RequestBody } from '@bursar/core';
import { announcedNodeBody, decodedBody, readNodeBody } from '@bursar/payouts/http';
import type { RequestPayload } from 'fastify';
import type { AnyRequest } from './view.js';

/** A body, and what Fastify is to parse in place of the payload that it was read from. */
interface PayloadBody {
  readonly body: RequestBody;
  readonly payload: Readable;
}

const bodies = new WeakMap<AnyRequest['raw'], Promise<RequestBody>>();

/**
 * Reads a payload; once a request. A body that is not JSON is left alone: an upload has to reach its route.
 */
export async function readBody({ raw }: AnyRequest, payload: Readable, limit: number): Promise<PayloadBody> {
  const known = bodies.get(raw);
  if (known !== undefined) return { body: await known, payload };
  const reading = read(raw, payload, limit);
  bodies.set(
    raw,
    reading.then(({ body }) => body),
  );
  return reading;
}

async function read(raw: AnyRequest['raw'], payload: Readable, limit: number): Promise<PayloadBody> {
  const announced = announcedNodeBody(raw);
  if (announced !== null) return { body: announced, payload };
  const bytesOf = (chunk: string): Uint8Array => Buffer.from(chunk, payload.readableEncoding ?? 'utf8');
  const bytes = await readNodeBody(raw, payload, limit, bytesOf);
  if (bytes instanceof Uint8Array) return { body: decodedBody(bytes), payload: replayed(bytes) };
  return { body: bytes, payload: bytes.kind === 'too_large' ? refused() : payload };
}

function replayed(bytes: Uint8Array): RequestPayload {
  const payload: RequestPayload = Readable.from([bytes], { objectMode: false });
  // Fastify compares it with Content-Length.
  payload.receivedEncodedLength = bytes.length;
  return payload;
}

// Only a limiter has asked for it, and the rest is gone: a parser that waited for it would wait for ever.
function refused(): Readable {
  return new Readable({
    read() {
      this.destroy(Object.assign(new Error('The body is too large'), { statusCode: 413 }));
    },
  });
}
