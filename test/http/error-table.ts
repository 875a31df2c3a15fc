/** Each answer that refuses, to the byte. */
import { generateApiKey } from '@bursar/core';
import type { Sent } from './target.js';
import type { World } from './world.js';

/** A request, and the answer to it. */
export interface ErrorRow {
  readonly name: string;
  sent(world: World): Sent;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const PRIVATE = { ...JSON_TYPE, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
const challenged = (challenge: string) => ({ ...PRIVATE, 'www-authenticate': challenge });

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const hashed = (hash: string) => ({ 'x-payout-hash': hash });
const posted = (key: string, body: string, headers = {}): Pick<Sent, 'method' | 'headers' | 'body'> => ({
  method: 'POST',
  headers: { ...bearer(key), ...JSON_TYPE, ...headers },
  body,
});

const BAD_KEY = '{"error":"Unauthorized","message":"Invalid API key"}';
const badKey = (name: string, key: (world: World) => string): ErrorRow => ({
  name,
  sent: (world) => ({ path: '/v1/balance', headers: bearer(key(world)) }),
  status: 401,
  headers: challenged('Bearer realm="payouts", error="invalid_token"'),
  body: BAD_KEY,
});

const badHash = (name: string, hash: (world: World) => string): ErrorRow => ({
  name,
  sent: (world) => ({ path: '/v1/payout/balance', headers: hashed(hash(world)) }),
  status: 401,
  headers: challenged('PayoutHash realm="payouts", error="invalid_token"'),
  body: '{"error":"Unauthorized","message":"Payout hash not found or inactive"}',
});

const authentication: readonly ErrorRow[] = [
  {
    name: 'no API key',
    sent: () => ({ path: '/v1/balance' }),
    status: 401,
    headers: challenged('Bearer realm="payouts"'),
    body: '{"error":"Unauthorized","message":"Missing authorization header"}',
  },
  {
    name: 'no payout hash',
    sent: () => ({ path: '/v1/payout/balance' }),
    status: 401,
    headers: challenged('PayoutHash realm="payouts"'),
    body: '{"error":"Unauthorized","message":"Missing authorization header"}',
  },
  {
    name: 'another scheme than Bearer',
    sent: () => ({ path: '/v1/balance', headers: { authorization: 'Basic YTpi' } }),
    status: 401,
    headers: challenged('Bearer realm="payouts"'),
    body: BAD_KEY,
  },
  badKey('an API key that is none', () => 'nonsense'),
  badKey('an unknown API key', () => generateApiKey({ mode: 'live' }).key),
  badKey('an expired API key', ({ keys }) => keys.expired),
  badKey('a revoked API key', ({ keys }) => keys.revoked),
  badKey('a payout hash as an API key', ({ hashes }) => hashes.good),
  badHash('a payout hash that is none', () => 'nonsense'),
  badHash('an unknown payout hash', () => '0123456789abcdef'.repeat(4)),
  badHash('the payout hash of a closed user', ({ hashes }) => hashes.closed),
  badHash('an expired payout hash', ({ hashes }) => hashes.expired),
  badHash('an API key as a payout hash', ({ keys }) => keys.good),
];

const DISABLED = '{"error":"Payouts are currently disabled. Please enable them in Settings."}';

const authorization: readonly ErrorRow[] = [
  {
    name: 'a key without the scope',
    sent: ({ keys }) => ({ path: '/scoped', headers: bearer(keys.narrow) }),
    status: 403,
    headers: challenged('Bearer realm="payouts", error="insufficient_scope", scope="reports:read"'),
    body: '{"error":"Forbidden","message":"This API key does not have the scope reports:read."}',
  },
  {
    name: 'a publishable key where a secret one is due',
    sent: ({ keys }) => ({ path: '/keyed', headers: bearer(keys.public) }),
    status: 403,
    headers: challenged('Bearer realm="payouts", error="insufficient_scope"'),
    body: '{"error":"Forbidden","message":"A publishable API key cannot be used here; a secret one is required."}',
  },
  {
    name: 'a payout hash of a business that has payouts switched off',
    sent: ({ hashes }) => ({ path: '/v1/payout/balance', headers: hashed(hashes.off) }),
    status: 403,
    headers: PRIVATE,
    body: DISABLED,
  },
  {
    name: 'an API key of such a business, where payouts have to be on',
    sent: ({ keys }) => ({ path: '/paying', headers: bearer(keys.off) }),
    status: 403,
    headers: PRIVATE,
    body: DISABLED,
  },
];

const create = (name: string, body: string, row: Pick<ErrorRow, 'status' | 'body'>, headers = {}): ErrorRow => ({
  name,
  sent: ({ keys }) => ({ path: '/v1/payout/create', ...posted(keys.good, body, headers) }),
  headers: PRIVATE,
  ...row,
});

const requests: readonly ErrorRow[] = [
  create('more than the payout balance', '{"email":"b@example.com","amount":500001}', {
    status: 400,
    body: '{"error":"Insufficient payout balance"}',
  }),
  {
    name: 'more than the balance',
    sent: ({ keys }) => ({ path: '/v1/payout/fund', ...posted(keys.good, '{"amount":99999999}') }),
    status: 400,
    headers: PRIVATE,
    body: '{"error":"Insufficient balance"}',
  },
  create('invalid fields', '{"email":"nobody","amount":0}', {
    status: 422,
    body: '{"email":["The email must be a valid email address."],"amount":["The amount must be at least 1."]}',
  }),
  create('missing fields', '{}', {
    status: 422,
    body: '{"email":["The email field is required."],"amount":["The amount field is required."]}',
  }),
  create('a body that is no JSON', '{"email":', {
    status: 400,
    body: '{"error":"Malformed body","message":"The body is not valid JSON."}',
  }),
  create('a body that is too large', `"${'a'.repeat(65_536)}"`, {
    status: 413,
    body: '{"error":"Body too large","message":"The body must be at most 65536 bytes."}',
  }),
  create(
    'a body of another type',
    'email=b%40example.com&amount=1',
    {
      status: 415,
      body: '{"error":"Unsupported media type","message":"The body must be sent as application/json in UTF-8."}',
    },
    { 'content-type': 'application/x-www-form-urlencoded' },
  ),
  create(
    'an empty Idempotency-Key',
    '{"email":"b@example.com","amount":1}',
    {
      status: 400,
      body: '{"error":"Invalid idempotency key","message":"The Idempotency-Key header must be sent once, with 1 to 255 visible ASCII characters, bare or as a quoted string."}',
    },
    { 'idempotency-key': '' },
  ),
  {
    name: 'what does not exist',
    sent: ({ keys }) => ({ path: '/v1/payout/users/nobody', headers: bearer(keys.good) }),
    status: 404,
    headers: PRIVATE,
    body: '{"error":"Not found"}',
  },
  {
    name: 'a wrong method',
    sent: ({ keys }) => ({ method: 'DELETE', path: '/v1/payout/users', headers: bearer(keys.good) }),
    status: 405,
    headers: { ...PRIVATE, allow: 'GET, HEAD, OPTIONS' },
    body: '{"error":"Method not allowed"}',
  },
];

/** Each that one request brings about. */
export const errorTable: readonly ErrorRow[] = [...authentication, ...authorization, ...requests];
