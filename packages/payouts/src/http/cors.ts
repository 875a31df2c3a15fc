import type { RequestView } from '@bursar/core';

/** Which web pages may call the API from a browser. */
export interface CorsOptions {
  /** Exact origins, such as `https://app.example.com`: scheme, host and port, without a path. There is no wildcard. */
  readonly origins: readonly string[];
  /** How long a browser may keep the answer to a preflight, in seconds. @default 600 */
  readonly maxAgeSeconds?: number | undefined;
}

type Headers = Readonly<Record<string, string>>;

/** The headers of CORS, by lower-case name. */
export interface Cors {
  /** What belongs on every answer, whatever it is. */
  headers(request: RequestView): Headers;
  /** What else belongs on the answer to `OPTIONS`. `allow` as the `Allow` header has it. */
  preflight(request: RequestView, allow: string): Headers;
}

const NONE: Headers = Object.freeze({});
// A cache that keeps one answer for all origins would give it to the wrong one, also where none was sent.
const VARY: Headers = Object.freeze({ vary: 'Origin' });

const SENT = 'Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Payout-Hash, X-Request-Id';
const SHOWN =
  'Allow, ETag, Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id';
const DEFAULT_MAX_AGE = 600;
const LONGEST_MAX_AGE = 86_400;

/**
 * Checks the option. Without it there are no headers at all. Credentials of the browser (cookies) are never let in: the
 * API takes none.
 *
 * @throws {TypeError} which names the rule.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function corsOf(options: CorsOptions | undefined): Cors {
  if (options === undefined) return { headers: () => NONE, preflight: () => NONE };
  const { origins, maxAgeSeconds = DEFAULT_MAX_AGE } = options;
  if (!Array.isArray(origins) || origins.length === 0 || !origins.every(isOrigin)) {
    throw new TypeError('cors.origins must be exact origins, such as "https://app.example.com"');
  }
  if (!Number.isInteger(maxAgeSeconds) || maxAgeSeconds < 0 || maxAgeSeconds > LONGEST_MAX_AGE) {
    throw new TypeError(`cors.maxAgeSeconds must be an integer from 0 to ${LONGEST_MAX_AGE}`);
  }
  const allowed = new Set<string>(origins);
  const originOf = (request: RequestView): string | undefined => {
    const origin = request.header('origin');
    return origin !== undefined && allowed.has(origin) ? origin : undefined;
  };
  return {
    headers(request) {
      const origin = originOf(request);
      if (origin === undefined) return VARY;
      return { ...VARY, 'access-control-allow-origin': origin, 'access-control-expose-headers': SHOWN };
    },
    preflight(request, allow) {
      const asks = request.header('access-control-request-method') !== undefined;
      if (!asks || originOf(request) === undefined) return NONE;
      return {
        'access-control-allow-methods': allow,
        'access-control-allow-headers': SENT,
        'access-control-max-age': String(maxAgeSeconds),
      };
    },
  };
}

// As a browser writes it: `https://example.com/` and `https://EXAMPLE.com:443` would never match.
function isOrigin(origin: unknown): boolean {
  if (typeof origin !== 'string' || !/^https?:\/\/[^*]+$/.test(origin)) return false;
  try {
    return new URL(origin).origin === origin;
  } catch {
    return false;
  }
}
