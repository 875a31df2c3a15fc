import type { RequestBody } from '@bursar/core';
import { announcedBody, readWebBody } from '@bursar/payouts/http';

const bodies = new WeakMap<Request, Promise<RequestBody>>();

/**
 * Reads the body of a clone, so that the handler can still read it; once a request. A body that is not JSON is left alone:
 * an upload has to reach its handler.
 */
export function readBody(request: Request, limit: number): Promise<RequestBody> {
  const known = bodies.get(request);
  if (known !== undefined) return known;
  const body = read(request, limit);
  bodies.set(request, body);
  return body;
}

async function read(request: Request, limit: number): Promise<RequestBody> {
  const { headers } = request;
  if (request.body === null) return { kind: 'none' };
  const announced = announcedBody((name) => headers.get(name) ?? undefined);
  if (announced !== null) return announced;
  if (Number(headers.get('content-length')) > limit) return { kind: 'too_large', limit };
  try {
    const { body } = request.clone();
    return body === null ? { kind: 'none' } : await readWebBody(body, limit);
  } catch {
    // The client went away, or somebody has read the body before and left nothing.
    return { kind: 'malformed' };
  }
}
