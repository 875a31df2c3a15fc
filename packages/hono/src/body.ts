import type { RequestBody } from '@bursar/core';
import { announcedBody, decodedBody } from '@bursar/payouts/http';
import type { Context, HonoRequest } from 'hono';
import { bodyLimit } from 'hono/body-limit';

const bodies = new WeakMap<HonoRequest, Promise<RequestBody>>();

/**
 * Reads the body into Hono's own cache, so that the route can still ask for it in any form; once a request. A body that is
 * not JSON is left alone: an upload has to reach its route.
 */
export function readBody(c: Context, limit: number): Promise<RequestBody> {
  const known = bodies.get(c.req);
  if (known !== undefined) return known;
  const body = read(c, limit);
  bodies.set(c.req, body);
  return body;
}

async function read(c: Context, limit: number): Promise<RequestBody> {
  const { req } = c;
  const announced = announcedBody((name) => req.header(name));
  if (announced !== null) return announced;
  const length = req.header('content-length');
  // What another middleware has read is in memory already, and that middleware had a limit of its own.
  const isRead = Object.keys(req.bodyCache).length > 0;
  if (!isRead && Number(length) > limit) return { kind: 'too_large', limit };
  try {
    if (!isRead && length === undefined && (await isLonger(c, limit))) return { kind: 'too_large', limit };
    // Bytes and not text: they keep what is no UTF-8, for us to refuse and for the route to see.
    return decodedBody(await req.arrayBuffer());
  } catch {
    // The client went away, or somebody has read the body past Hono's cache and left nothing.
    return { kind: 'malformed' };
  }
}

/** Without a length in its headers a body is counted while it comes in; Hono keeps what was read for later readers. */
async function isLonger(c: Context, limit: number): Promise<boolean> {
  let longer = false;
  const onError = (): Response => {
    longer = true;
    return new Response();
  };
  await bodyLimit({ maxSize: limit, onError })(c, async () => {});
  return longer;
}
