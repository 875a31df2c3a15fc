// 64 hex digits are a payout hash or a stored digest. Neither belongs in a log, and nothing else is lost by the rule.
// A longer run too: in `%3D0cfe…` a hash stands behind another hex digit.
const HASHES = /[0-9A-Fa-f]{64,}/g;
// The end of API_KEY_PATTERN: what stands before it is no secret, and starting here takes one step a character.
const API_KEYS = /(_(?:live|test)_)[0-9A-Za-z]{38,}/g;
const BEARER = /\b(bearer|basic)(\s+)[^\s"',;]+/gi;
const PARAMETER = /([?&]payout_hash=)[^&#\s"']*/gi;
const SENSITIVE_NAME = /^(?:(?:proxy-)?authorization|x-payout-hash|payout_?hash|x-api-key|(?:set-)?cookie|.*secret)$/i;

const HIDDEN = '[redacted]';
const MAX_DEPTH = 20;

/**
 * Cleans what is about to be logged: a URL, a line of text, headers, a body, an error. API keys (but for their prefix),
 * payout hashes, bearer tokens, bytes and the values of fields named like a credential become `[redacted]`. The input is
 * not changed; text comes back as text, a `URL` too, an array or a `Set` as an array, `Headers` and other objects as
 * plain objects.
 *
 * @example
 * redact('/payout/balance?payout_hash=0cfe…') // '/payout/balance?payout_hash=[redacted]'
 */
export function redact(value: string): string;
export function redact(value: unknown): unknown;
export function redact(value: unknown): unknown {
  return clean(value, new Set(), 0);
}

/** Cleans one text. */
export function redactText(text: string): string {
  return text
    .replace(API_KEYS, `$1${HIDDEN}`)
    .replace(PARAMETER, `$1${HIDDEN}`)
    .replace(BEARER, `$1$2${HIDDEN}`)
    .replace(HASHES, HIDDEN);
}

function clean(value: unknown, parents: Set<object>, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return HIDDEN;
  if (parents.has(value) || depth >= MAX_DEPTH) return '[circular or too deep]';
  parents.add(value);
  const cleaned = cleanObject(value, (inner) => clean(inner, parents, depth + 1));
  parents.delete(value);
  return cleaned;
}

function cleanObject(value: object, inner: (value: unknown) => unknown): unknown {
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, inner);
  if (value instanceof URL) return redactText(value.href);
  if (value instanceof Error) {
    return {
      name: value.name,
      message: redactText(value.message),
      ...(value.cause ? { cause: inner(value.cause) } : {}),
    };
  }
  const entries = hasPairs(value) ? [...value.entries()] : Object.entries(value);
  // Object.fromEntries defines `__proto__` like any other field.
  return Object.fromEntries(
    entries.map(([name, field]) => {
      const text = typeof name === 'object' ? '[object]' : String(name);
      return [redactText(text), SENSITIVE_NAME.test(text) ? HIDDEN : inner(field)];
    }),
  );
}

// Headers, URLSearchParams, FormData, Map.
function hasPairs(value: object): value is { entries(): Iterable<[unknown, unknown]> } {
  return typeof (value as { entries?: unknown }).entries === 'function' && Symbol.iterator in value;
}
