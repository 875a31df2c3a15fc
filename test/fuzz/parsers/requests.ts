/** Bodies, queries, cursors, keys of idempotency: all that the API reads besides credentials. */
import { derivePayoutHash, jsonBody, normalizeEmail, type RequestBody } from '@bursar/core';
import { allocationFields, cents, MAX_AMOUNT } from '@bursar/payouts';
import { payoutApiPaths, readIdempotencyKey } from '@bursar/payouts/http';
import { type RequestParts, request } from '../../../packages/payouts/test/requests.js';
import { between } from '../../faults/chance.js';
import { jsonLike, objectLike, someValue } from '../json.js';
import { HOSTILE, pick, type Random, textLike } from '../mutate.js';
import { type Check, type NamedParser, type Parser, parser, refusing } from '../parser.js';
import { answerProblem, BUSINESS, SECRET, type World, world } from './api.js';

const PAYOUTS = [
  { email: 'ada@example.com', amount: 100, reference: 'June', metadata: { order: '17' } },
  { email: 'jos\u00e9@xn--bcher-kva.example', amount: 1 },
];
const WITHDRAWALS = [
  { method: 'bank_transfer', amount: 100, destination: { name: 'Ada Lovelace', iban: 'GB29 NWBK 6016 1331 9268 19' } },
  {
    method: 'bank_transfer',
    amount: 1,
    destination: { name: 'Jos\u00e9', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' },
  },
];

const BODY_LIMIT = 65_536;

type Ask = (parts: RequestParts) => Promise<Check>;

/** Asks one path of the API as somebody who may. */
async function asking(path: string, credential: 'key' | 'hash'): Promise<{ readonly there: World; readonly ask: Ask }> {
  const there = await world();
  const found = payoutApiPaths(there.payouts).find((candidate) => candidate.path === path);
  if (found === undefined) throw new Error(`no path of the API is ${path}`);
  const sent: Record<string, string> =
    credential === 'key' ? { authorization: `Bearer ${there.key}` } : { 'x-payout-hash': there.hash };
  return {
    there,
    ask: async (parts) => {
      const headers = { 'content-type': 'application/json', ...parts.headers, ...sent };
      const answer = await found.answer(request({ ...parts, headers }));
      return () => answerProblem(answer, there);
    },
  };
}

function bodies(name: string, path: string, credential: 'key' | 'hash', samples: readonly Record<string, unknown>[]) {
  return parser(name, async (): Promise<Parser<string>> => {
    const { ask } = await asking(path, credential);
    return {
      make: (random) => jsonLike(random, samples),
      parse: (text) => ask({ method: 'POST', body: bodyOf(text) }),
    };
  });
}

/** As the framework packages hand it over. */
function bodyOf(text: string): RequestBody {
  return Buffer.byteLength(text) > BODY_LIMIT ? { kind: 'too_large', limit: BODY_LIMIT } : { kind: 'text', text };
}

const parsedBody = parser('body that the framework parsed', async (): Promise<Parser<unknown>> => {
  const { ask } = await asking('/payout/create', 'key');
  const others = [
    new Map([['email', 'x']]),
    new Date(0),
    [PAYOUTS],
    () => undefined,
    Symbol('x'),
    10n,
    Object.create(null),
  ];
  return {
    make: (random) =>
      random() < 0.8 ? objectLike(random, PAYOUTS) : random() < 0.5 ? someValue(random) : pick(random, others),
    parse: (value) => ask({ method: 'POST', body: { kind: 'parsed', value } }),
  };
});

const contentType = parser('content type', (): Parser<string> => {
  const types = ['application/json', 'application/json; charset=utf-8', 'application/problem+json', 'text/plain'];
  return {
    make: (random) => textLike(random, types),
    parse(type) {
      const body = jsonBody(request({ headers: { 'content-type': type }, body: { kind: 'text', text: '{}' } }));
      if (body instanceof Promise) return 'was not answered at once';
      if (body.ok) return /json/i.test(type) ? undefined : 'was taken for JSON';
      return body.reason === 'unsupported' ? undefined : `was refused for ${body.reason}`;
    },
  };
});

const idempotencyKey = parser('idempotency key', (): Parser<string> => {
  const read = (header: string) => readIdempotencyKey(request({ headers: { 'idempotency-key': header } }));
  return {
    make: (random) => textLike(random, ['abc', '"abc"', '"a \\"b\\" \\\\c"', '8e03978e-40d5-43dd-bc93-6894a57f9324']),
    parse(header) {
      const found = read(header);
      if (!found.ok) return found.error.status === 400 ? undefined : `was refused with ${found.error.status}`;
      const key = found.idempotencyKey;
      if (key === undefined) return 'was taken for none';
      const again = read(`"${key.replace(/["\\]/g, '\\$&')}"`);
      return again.ok && again.idempotencyKey === key ? undefined : 'is another key when it is written again';
    },
  };
});

const LISTS = [
  { path: '/payout/users', credential: 'key', names: ['cursor', 'limit'] },
  {
    path: '/payout/withdrawals',
    credential: 'key',
    names: ['cursor', 'limit', 'status', 'method', 'payout_user_id', 'export_id'],
  },
  { path: '/payout/operations', credential: 'hash', names: ['cursor', 'limit', 'payout_hash'] },
] as const;

interface Query {
  readonly list: number;
  readonly text: string;
}

function someQuery(random: Random): Query {
  const list = between(random, 0, LISTS.length - 1);
  const names = LISTS[list]?.names ?? [];
  const values = ['1', '100', '50', '7.0123456789ab', 'usr_1.0123456789ab', 'queued', 'bank_transfer', 'abc'];
  const pairs = Array.from({ length: between(random, 0, 4) }, () => {
    const name = random() < 0.9 ? pick(random, names) : pick(random, HOSTILE);
    return `${encodeURIComponent(name.replace(/[\ud800-\udfff]/g, ''))}=${pick(random, values)}`;
  });
  return { list, text: random() < 0.3 ? pairs.join('&') : textLike(random, [pairs.join('&')], 16_000) };
}

const query = parser('query', async (): Promise<Parser<Query>> => {
  const lists = await Promise.all(LISTS.map(({ path, credential }) => asking(path, credential)));
  return {
    make: someQuery,
    async parse({ list, text }) {
      const search = new URLSearchParams(text);
      const names = [...new Set(search.keys())];
      return lists[list]?.ask({ query: Object.fromEntries(names.map((name) => [name, search.getAll(name)])) });
    },
  };
});

const cursor = parser('cursor', async (): Promise<Parser<string>> => {
  const { payouts, payoutUserId } = await world();
  const page = async (cursor?: string) => payouts.operations({ businessId: BUSINESS, payoutUserId, limit: 1, cursor });
  const given: string[] = [];
  for (let at: string | undefined; ; ) {
    const found = await page(at);
    if (!found.ok || found.value.nextCursor === null) break;
    at = found.value.nextCursor;
    given.push(at);
  }
  return {
    make: (random) => textLike(random, given),
    async parse(text) {
      const found = await page(text);
      if (found.ok) return given.includes(text) ? undefined : 'was taken, and no page gave it';
      return found.error.code === 'invalid_fields' ? undefined : `was refused for ${found.error.code}`;
    },
  };
});

const email = parser('email', (): Parser<string> => {
  const samples = [
    'user@example.com',
    ' User@Example.COM ',
    'jose\u0301@example.com',
    '\u0130@example.com',
    'a+b@c.example',
  ];
  return {
    make: (random) => textLike(random, samples),
    parse(text) {
      const taken = allocationFields.shape.email.safeParse(text).success;
      const read = refusing(TypeError, () => normalizeEmail(text));
      if ('refused' in read) return taken ? 'was taken, and cannot be normalised' : undefined;
      const { value } = read;
      if (normalizeEmail(value) !== value) return 'is another address when it is normalised again';
      if (!taken || text.length > 300) return undefined;
      const hashOf = (address: string) => derivePayoutHash({ secret: SECRET, businessId: BUSINESS, email: address });
      return hashOf(text) === hashOf(value) ? undefined : 'has another hash than what it is normalised to';
    },
  };
});

const amount = parser('amount', (): Parser<string> => {
  const samples = ['1', '100', '100000000', '9007199254740991', '9007199254740993', '0.1', '1e2', '-0', '"1"', '1e400'];
  return {
    make: (random) => textLike(random, samples, 5000),
    parse(text) {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return undefined;
      }
      const isWhole = typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0);
      const given = refusing(RangeError, () => cents(value as number));
      if ('value' in given !== (isWhole && (value as number) >= 0)) return 'is not what cents() takes, or is';
      const { success } = allocationFields.shape.amount.safeParse(value);
      const isDue = isWhole && (value as number) >= 1 && (value as number) <= MAX_AMOUNT;
      return success === isDue ? undefined : 'is not what a payout takes, or is';
    },
  };
});

export const requests: readonly NamedParser[] = [
  bodies('body of a payout', '/payout/create', 'key', PAYOUTS),
  bodies('body of a withdrawal', '/payout/withdraw', 'hash', WITHDRAWALS),
  parsedBody,
  contentType,
  idempotencyKey,
  query,
  cursor,
  email,
  amount,
];
