import { type BadInput, casesOf } from './case.js';

const KEYS: Readonly<Record<string, string | readonly string[]>> = {
  empty: '',
  '256 bytes': 'k'.repeat(256),
  '256 bytes in quotes': `"${'k'.repeat(256)}"`,
  'sent twice': ['one', 'two'],
  'sent twice the same': ['one', 'one'],
  'empty in quotes': '""',
  'only one quote': '"one',
  'something behind the quotes': '"one"; a=1',
  'a quote inside': '"on"e"',
  'a blank inside': 'one two',
  'a letter beyond ASCII': 'caf\u00e9',
  'a letter beyond ASCII in quotes': '"caf\u00e9"',
};

/** Idempotency keys that stop a request that would be good without. */
export const idempotencyKeys: readonly BadInput[] = casesOf('Idempotency-Key', 400, KEYS, ({ keys }, key) => ({
  method: 'POST',
  path: '/v1/payout/create',
  headers: {
    authorization: `Bearer ${keys.good}`,
    'content-type': 'application/json',
    'idempotency-key': key,
  },
  body: '{"email":"ada@example.com","amount":1}',
}));
