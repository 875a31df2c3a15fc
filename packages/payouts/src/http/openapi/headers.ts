import type { JsonObject } from './json-object.js';

const text = (description: string, example: string, required = false): JsonObject => ({
  description,
  ...(required ? { required } : {}),
  schema: { type: 'string' },
  example,
});

/** The headers of answers, by lower-case name. */
export const HEADERS = {
  'x-request-id': {
    description: 'The id of the request: the one that it came with, where that was a plain one.',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,128}$' },
    example: 'req_8CBdtLYMiS7lZe2uTRlQzF',
  },
  'cache-control': {
    description: 'No cache may keep it.',
    required: true,
    schema: { type: 'string', const: 'no-store' },
  },
  'referrer-policy': {
    description: 'A payout hash may stand in the URL.',
    required: true,
    schema: { type: 'string', const: 'no-referrer' },
  },
  'idempotency-replayed': {
    description: 'This is an earlier answer again.',
    schema: { type: 'string', const: 'true' },
  },
  'www-authenticate': text('The challenge (RFC 9110).', 'Bearer realm="payouts", error="invalid_token"', true),
  allow: text('The methods that the path has.', 'GET, HEAD, OPTIONS', true),
  'retry-after': {
    description: 'In whole seconds.',
    required: true,
    schema: { type: 'string', pattern: '^[1-9]\\d*$' },
    example: '1',
  },
  ratelimit: text('What is left, where the server limits requests.', '"default";r=99;t=60'),
  'ratelimit-policy': text('The limit, where the server limits requests.', '"default";q=100;w=60'),
} as const satisfies Readonly<Record<string, JsonObject>>;

/** The name of a header's component. */
export const headerComponent = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** As it is written: `X-Request-Id`. */
const written = (name: string): string =>
  name
    .replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
    .replace('Www', 'WWW')
    .replace('Ratelimit', 'RateLimit');

/** The headers of one answer: those that it always has, and those that it may have. */
export function headersOf(always: readonly string[], sometimes: readonly string[] = []): JsonObject {
  return Object.fromEntries([
    ...[...ON_ALL, ...always].map((name) => [written(name), { $ref: `#/components/headers/${headerComponent(name)}` }]),
    ...sometimes.map((name) => [written(name), { ...HEADERS[name as keyof typeof HEADERS], required: false }]),
  ]);
}

const ON_ALL = ['x-request-id', 'cache-control', 'referrer-policy', 'ratelimit', 'ratelimit-policy'];
