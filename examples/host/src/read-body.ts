import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 65_536;

/** The bytes of a request's body, as they came. @throws {Error} for more than 64 kB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error('the body is longer than 64 kB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
