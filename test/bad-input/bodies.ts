import { gzipSync } from 'node:zlib';
import { type BadInput, casesOf } from './case.js';

const CREATE = '/v1/payout/create';
/** A body that would move money, if it came as it should. */
const GOOD = '{"email":"ada@example.com","amount":1}';

/** By the status that each has to get. */
const JSON_BODIES: Readonly<Record<number, Readonly<Record<string, string | Uint8Array>>>> = {
  400: {
    blank: ' ',
    'half of it': GOOD.slice(0, -1),
    'a comma at the end': GOOD.replace('}', ',}'),
    'something behind it': `${GOOD} x`,
    'two of them': `${GOOD}${GOOD}`,
    'single quotes': GOOD.replaceAll('"', "'"),
    'a comment': `/* */${GOOD}`,
    NaN: '{"email":"ada@example.com","amount":NaN}',
    'a form': 'email=ada%40example.com&amount=1',
    '30,000 brackets': '['.repeat(30_000),
    'bytes that are no UTF-8': Buffer.from(GOOD.replace('ada', '\xff'), 'latin1'),
    'UTF-16': Buffer.from(`\ufeff${GOOD}`, 'utf16le'),
    NUL: `${GOOD}\0`,
  },
  413: {
    '3 MB': JSON.stringify({ email: 'a'.repeat(3_000_000), amount: 1 }),
    '100,000 brackets': '['.repeat(100_000),
    'one byte too many': `"${'a'.repeat(65_535)}"`,
  },
  422: {
    empty: '',
    null: 'null',
    'a number': '1',
    'a text': JSON.stringify(GOOD),
    'an array': `[${GOOD}]`,
    '30,000 brackets, closed': `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    'a field twice': '{"email":"ada@example.com","amount":1,"amount":2}',
    'a field twice, once escaped': '{"email":"ada@example.com","amount":1,"\\u0061mount":2}',
    'an unknown field': '{"email":"ada@example.com","amount":1,"currency":"EUR"}',
    __proto__: '{"email":"ada@example.com","amount":1,"__proto__":{"isAdmin":true}}',
    'the fields in __proto__': `{"__proto__":${GOOD}}`,
    constructor: '{"email":"ada@example.com","amount":1,"constructor":{"prototype":{"isAdmin":true}}}',
  },
};

const OTHER_TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'as text': { 'content-type': 'text/plain' },
  'as a form': { 'content-type': 'application/x-www-form-urlencoded' },
  'as an upload': { 'content-type': 'multipart/form-data; boundary=application/json' },
  'as another kind of JSON': { 'content-type': 'text/json' },
  'as two types': { 'content-type': 'application/json, text/plain' },
  'without a type': {},
  'in another charset': { 'content-type': 'application/json; charset=iso-8859-1' },
};

/** Bodies that move nothing. */
export const bodies: readonly BadInput[] = [
  ...Object.entries(JSON_BODIES).flatMap(([status, inputs]) =>
    casesOf('body', Number(status), inputs, ({ keys }, body) => ({
      method: 'POST',
      path: CREATE,
      headers: { authorization: `Bearer ${keys.good}`, 'content-type': 'application/json' },
      body,
    })),
  ),
  ...casesOf('body', 415, OTHER_TYPES, ({ keys }, type) => ({
    method: 'POST',
    path: CREATE,
    headers: { authorization: `Bearer ${keys.good}`, ...type },
    body: GOOD,
  })),
  {
    name: 'body: compressed',
    sent: ({ keys }) => ({
      method: 'POST',
      path: CREATE,
      headers: {
        authorization: `Bearer ${keys.good}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body: gzipSync(GOOD),
    }),
    status: 415,
  },
];
