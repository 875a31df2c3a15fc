/**
 * The view of a request: all that Bursar asks of one. A framework package implements it in a few lines without
 * copying the request.
 *
 * @module
 */
import { chain } from './chain.js';
import { perRequest } from './per-request.js';
import { repeatedMembers } from './repeated-members.js';
import type { Awaitable } from './storage.js';

/** What a framework hands over of a request's body. */
export type RequestBody =
  | { readonly kind: 'none' }
  /** Read, decoded as UTF-8 and not parsed. */
  | { readonly kind: 'text'; readonly text: string }
  /** Parsed by somebody before us. */
  | { readonly kind: 'parsed'; readonly value: unknown }
  /** Longer than `limit` bytes; the rest was not read. */
  | { readonly kind: 'too_large'; readonly limit: number }
  /** Of a type or an encoding that the framework does not read as JSON. */
  | { readonly kind: 'unsupported' }
  /** Its bytes are not what its headers say. */
  | { readonly kind: 'malformed' };

/** A request as Bursar sees it. */
export interface RequestView {
  /**
   * The same object for every guard that sees this request, and for no other request. Guards remember their answer
   * by it, so that a second guard on the same request neither asks nor counts again.
   */
  readonly identity: object;
  /** The framework's own request, or context: for a host that looks for more in it, such as the client's address. */
  readonly raw: unknown;
  /** Upper case. */
  readonly method: string;
  /** A header's value by its lower-case name; one that was sent several times, joined by `, `. */
  header(name: string): string | undefined;
  /** Every value of one query parameter, in order: `[]` without it, two of them when it is repeated. */
  query(name: string): readonly string[];
  /** The body, at the first call; never called for a request that has no need of it. */
  body(): Awaitable<RequestBody>;
}

/** A body after parsing. */
export type JsonBody =
  /** `repeated`: the top-level members in which a name stands twice; known only of a body that was parsed here. */
  | { readonly ok: true; readonly value: unknown; readonly repeated: readonly string[] }
  | { readonly ok: false; readonly reason: 'malformed' | 'unsupported' }
  | { readonly ok: false; readonly reason: 'too_large'; readonly limit: number };

// RFC 8259: JSON between systems is UTF-8; `application/problem+json` and the like are JSON too (RFC 6839).
// No two runs of blanks meet in it, so a header full of blanks costs no more than its length.
const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json[\t ]*(?:;[\t ]*(?:charset="?utf-8"?[\t ]*)?(?:;[\t ]*)?)?$/i;

const parsedBodies = perRequest<Awaitable<JsonBody>>('bursar.body');

/** The JSON body of a request, parsed once however often it is asked for. No body is `undefined`. */
export function jsonBody(request: RequestView): Awaitable<JsonBody> {
  const known = parsedBodies.get(request);
  if (known !== undefined) return known;
  const parsed = chain(request.body(), (body) => parse(request, body));
  parsedBodies.set(request, parsed);
  return parsed;
}

function parse(request: RequestView, body: RequestBody): JsonBody {
  switch (body.kind) {
    case 'none':
      return { ok: true, value: undefined, repeated: [] };
    case 'parsed':
      return { ok: true, value: body.value, repeated: [] };
    case 'too_large':
      return { ok: false, reason: 'too_large', limit: body.limit };
    case 'text':
      return body.text === '' ? { ok: true, value: undefined, repeated: [] } : parseText(request, body.text);
    default:
      return { ok: false, reason: body.kind };
  }
}

function parseText(request: RequestView, text: string): JsonBody {
  if (!JSON_TYPE.test(request.header('content-type') ?? '')) return { ok: false, reason: 'unsupported' };
  try {
    return { ok: true, value: JSON.parse(text) as unknown, repeated: repeatedMembers(text) };
  } catch {
    return { ok: false, reason: 'malformed' };
  }
}
