import type { World } from '../http/world.js';
import { type BadInput, casesOf } from './case.js';

type Text = (world: World) => string;

/** What is no hash, wherever it stands as a text. */
const TEXTS: Readonly<Record<string, Text>> = {
  empty: () => '',
  '63 digits': ({ hashes }) => hashes.good.slice(1),
  '65 digits': ({ hashes }) => `${hashes.good}0`,
  '5,000 digits': () => '7'.repeat(5_000),
  'upper case': ({ hashes }) => hashes.good.toUpperCase(),
  'two of them': ({ hashes }) => `${hashes.good},${hashes.good}`,
  'a quoted one': ({ hashes }) => `"${hashes.good}"`,
  'an API key': ({ keys }) => keys.good,
  'a name of Object.prototype': () => '__proto__',
};

/** What JSON can say and a header cannot: whole bodies. */
const BODIES: Readonly<Record<string, Text>> = {
  'an array': ({ hashes }) => JSON.stringify({ payout_hash: [hashes.good] }),
  'an object': ({ hashes }) => JSON.stringify({ payout_hash: { 0: hashes.good } }),
  'a number': () => '{"payout_hash":1}',
  null: () => '{"payout_hash":null}',
  true: () => '{"payout_hash":true}',
  'NUL behind it': ({ hashes }) => JSON.stringify({ payout_hash: `${hashes.good}\0` }),
  'a line break behind it': ({ hashes }) => JSON.stringify({ payout_hash: `${hashes.good}\n` }),
  'twice the same': ({ hashes }) => `{"payout_hash":"${hashes.good}","payout_hash":"${hashes.good}"}`,
  'one of another user before it': ({ hashes }) => `{"payout_hash":"${hashes.off}","payout_hash":"${hashes.good}"}`,
  'in __proto__': ({ hashes }) => `{"__proto__":{"payout_hash":"${hashes.good}"}}`,
  'in a nested object': ({ hashes }) => `{"user":{"payout_hash":"${hashes.good}"}}`,
  'in an array': ({ hashes }) => `[{"payout_hash":"${hashes.good}"}]`,
  'a body that is only the hash': ({ hashes }) => JSON.stringify(hashes.good),
};

const QUERIES: Readonly<Record<string, Text>> = {
  'in brackets': ({ hashes }) => `payout_hash[]=${hashes.good}`,
  'in encoded brackets': ({ hashes }) => `payout_hash%5B%5D=${hashes.good}`,
  'as a member': ({ hashes }) => `payout_hash[a]=${hashes.good}`,
  'with a dot': ({ hashes }) => `payout_hash.a=${hashes.good}`,
  'in __proto__': ({ hashes }) => `__proto__[payout_hash]=${hashes.good}&__proto__=1&constructor=1`,
  'twice the same': ({ hashes }) => `payout_hash=${hashes.good}&payout_hash=${hashes.good}`,
  'twice, once under an encoded name': ({ hashes }) => `payout_hash=${hashes.off}&payout%5Fhash=${hashes.good}`,
  'with NUL behind it': ({ hashes }) => `payout_hash=${hashes.good}%00`,
  'with a blank before it': ({ hashes }) => `payout_hash=+${hashes.good}`,
  'with bytes that are no UTF-8': ({ hashes }) => `payout_hash=${hashes.good}%ff`,
  'with half an escape': ({ hashes }) => `payout_hash=${hashes.good}%`,
  'behind a semicolon': ({ hashes }) => `a=1;payout_hash=${hashes.good}`,
  'under a name in upper case': ({ hashes }) => `PAYOUT_HASH=${hashes.good}`,
};

const JSON_TYPE = { 'content-type': 'application/json' };

/** Payout hashes that let nobody in. */
export const payoutHashes: readonly BadInput[] = [
  ...casesOf('X-Payout-Hash', 401, TEXTS, (world, text) => ({
    path: '/v1/payout/balance',
    headers: { 'x-payout-hash': text(world) },
  })),
  {
    name: 'X-Payout-Hash: sent twice',
    sent: ({ hashes }) => ({
      path: '/v1/payout/balance',
      headers: { 'x-payout-hash': [hashes.good, hashes.good] },
    }),
    status: 401,
  },
  ...casesOf('payout_hash in the body', 401, TEXTS, (world, text) => ({
    method: 'POST',
    path: '/hashed',
    headers: JSON_TYPE,
    body: JSON.stringify({ payout_hash: text(world) }),
  })),
  ...casesOf('payout_hash in the body', 401, BODIES, (world, body) => ({
    method: 'POST',
    path: '/hashed',
    headers: JSON_TYPE,
    body: body(world),
  })),
  ...casesOf('payout_hash in the query', 401, TEXTS, (world, text) => ({
    path: `/v1/payout/balance?payout_hash=${encodeURIComponent(text(world))}`,
  })),
  ...casesOf('payout_hash in the query', 401, QUERIES, (world, query) => ({
    path: `/v1/payout/balance?${query(world)}`,
  })),
  {
    name: 'payout_hash in a form',
    sent: ({ hashes }) => ({
      method: 'POST',
      path: '/hashed',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `payout_hash=${hashes.good}`,
    }),
    status: 401,
  },
];
