import { perRequest } from './per-request.js';
import { randomName } from './random.js';
import { redactText } from './redact.js';
import type { RequestView } from './request.js';

// What a proxy or a client sends is written to logs and sent back, so it may hold nothing that could end a line.
const PLAIN_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

const ids = perRequest<string>('bursar.id');

/**
 * The id of a request, for its answer (`X-Request-Id`) and for logs: what the request itself says in that header, where
 * it is 1 to 128 characters of `A-Za-z0-9_.:-` and no credential, else a new one. The same for every caller during one request.
 */
export function requestId(request: RequestView): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const sent = request.header('x-request-id');
  const id = sent !== undefined && isPlain(sent) ? sent : `req_${randomName(22)}`;
  ids.set(request, id);
  return id;
}

// A client that puts its key there by mistake must not find it in the logs.
function isPlain(id: string): boolean {
  return PLAIN_ID.test(id) && redactText(id) === id;
}
