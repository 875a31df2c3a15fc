import { describe, expect, it } from 'vitest';
import { generateApiKey } from './api-key/format.js';
import { redact, redactText } from './redact.js';

const KEY = generateApiKey().key;
const PUBLISHABLE = generateApiKey({ prefix: 'acme', kind: 'publishable', mode: 'test' }).key;
const HASH = '0cfe1319701b5d5822c8c284038ac912b50cde4a96d171006424bd42ef1a5788';
const SECRET_PARTS = [
  KEY.slice('bursar_live_'.length),
  PUBLISHABLE.slice('acme_pub_test_'.length),
  HASH,
  HASH.toUpperCase(),
];

/** Whatever was cleaned, as text, without anything that lets somebody in. */
function expectClean(cleaned: unknown): string {
  const text = typeof cleaned === 'string' ? cleaned : JSON.stringify(cleaned);
  for (const part of SECRET_PARTS) expect(text).not.toContain(part);
  return text;
}

describe('redact of a text', () => {
  it.each([
    ['a URL', `/payout/balance?payout_hash=${HASH}&page=2`, '/payout/balance?payout_hash=[redacted]&page=2'],
    ['a parameter that is no hash', '/x?a=1&Payout_Hash=abc#top', '/x?a=1&Payout_Hash=[redacted]#top'],
    ['a URL inside a URL', `/go?to=%2Fx%3Fpayout_hash%3D${HASH}`, '/go?to=%2Fx%3Fpayout_hash%[redacted]'],
    ['a hash in capitals', `hash=${HASH.toUpperCase()}!`, 'hash=[redacted]!'],
    ['a key', `the key is ${KEY}.`, 'the key is bursar_live_[redacted].'],
    ['a publishable key', `{"key":"${PUBLISHABLE}"}`, '{"key":"acme_pub_test_[redacted]"}'],
    ['a key behind an escape', `Bearer%20${KEY}`, 'Bearer%20bursar_live_[redacted]'],
    ['a key behind a letter', `X${KEY}`, 'Xbursar_live_[redacted]'],
    ['a key before a letter', `${KEY}X`, 'bursar_live_[redacted]'],
    ['a header', `Authorization: Bearer ${KEY}`, 'Authorization: Bearer [redacted]'],
    ['a token of somebody else', 'authorization: bearer abc.def-ghi, x', 'authorization: bearer [redacted], x'],
    ['a password', 'Basic dXNlcjpwYXNz', 'Basic [redacted]'],
    ['many', `${KEY} ${HASH} ${KEY}`, 'bursar_live_[redacted] [redacted] bursar_live_[redacted]'],
  ])('hides %s', (_, text, expected) => {
    expect(redact(text)).toBe(expected);
    expectClean(redactText(text));
  });

  it.each([
    '',
    'nothing to hide',
    'a'.repeat(63),
    'bursar_live_…wxyz',
    '/payout/balance?page=2',
    'usr_0cfe1319701b5d5822c8c284',
  ])('leaves %j as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('is clean after one pass, and the same after two', () => {
    const text = `GET /x?payout_hash=${HASH} authorization: Bearer ${KEY} body={"payout_hash":"${HASH}"}`;
    expect(redact(redact(text))).toBe(expectClean(redact(text)));
  });
});

describe('redact of a value', () => {
  it('hides fields that are named like a credential, whatever is in them', () => {
    const cleaned = redact({
      Authorization: 'Token abc',
      'X-Payout-Hash': ['abc'],
      payout_hash: { deep: 'abc' },
      payoutHash: 'abc',
      secret: 'abc',
      BURSAR_SECRET: 'abc',
      Cookie: 'abc',
      'set-cookie': ['abc'],
      'x-api-key': 'abc',
      'proxy-authorization': 'abc',
      amount: 5,
      secretId: '2026',
    });
    expect(JSON.stringify(cleaned)).not.toContain('abc');
    expect(cleaned).toMatchObject({ amount: 5, secretId: '2026' });
  });

  it('cleans nested values, names included, and does not change what it was given', () => {
    const given = {
      list: [KEY, { [HASH]: HASH }],
      text: `x ${KEY}`,
      n: 1,
      none: null,
      yes: true,
      big: 1n,
      not: undefined,
    };
    const before = structuredClone(given);
    expect(redact(given)).toEqual({
      list: ['bursar_live_[redacted]', { '[redacted]': '[redacted]' }],
      text: 'x bursar_live_[redacted]',
      n: 1,
      none: null,
      yes: true,
      big: 1n,
      not: undefined,
    });
    expect(given).toEqual(before);
  });

  it('takes apart what keeps its fields elsewhere', () => {
    const headers = new Headers({
      authorization: `Bearer ${KEY}`,
      'x-request-id': '7',
      referer: `/x?payout_hash=${HASH}`,
    });
    expect(redact(headers)).toEqual({
      authorization: '[redacted]',
      'x-request-id': '7',
      referer: '/x?payout_hash=[redacted]',
    });
    expect(redact(new URL(`https://a.bc/x?payout_hash=${HASH}`))).toBe('https://a.bc/x?payout_hash=[redacted]');
    expect(redact(new URLSearchParams({ payout_hash: 'abc', page: '2' }))).toEqual({
      payout_hash: '[redacted]',
      page: '2',
    });
    expect(
      redact(
        new Map<unknown, unknown>([
          ['secret', 'abc'],
          [KEY, 1],
          [{}, HASH],
          [Symbol('s'), 2],
        ]),
      ),
    ).toEqual({
      secret: '[redacted]',
      'bursar_live_[redacted]': 1,
      '[object]': '[redacted]',
      'Symbol(s)': 2,
    });
    const form = new FormData();
    form.set('payout_hash', HASH);
    expect(redact(form)).toEqual({ payout_hash: '[redacted]' });
  });

  it('cleans sets, hides bytes and keeps dates', () => {
    expect(redact(new Set([HASH, 1]))).toEqual(['[redacted]', 1]);
    for (const bytes of [Buffer.from(KEY), new Uint8Array([1]), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1)]) {
      expect(redact({ bytes })).toEqual({ bytes: '[redacted]' });
    }
    const at = new Date(0);
    expect(redact({ at })).toEqual({ at });
  });

  it('cleans errors and their causes, without their stacks and other fields', () => {
    const cause = Object.assign(new RangeError(`no row for ${HASH}`), { parameters: [HASH] });
    const error = new TypeError(`wrong key ${KEY}`, { cause });
    expect(redact(error)).toEqual({
      name: 'TypeError',
      message: 'wrong key bursar_live_[redacted]',
      cause: { name: 'RangeError', message: 'no row for [redacted]' },
    });
  });

  it('shows what is 20 deep, and nothing that is deeper', () => {
    const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
    expect(redact(nested(20))).toEqual(nested(20));
    expect(JSON.stringify(redact(nested(21)))).toContain('"[circular or too deep]"');
  });

  it('takes no object for a list of pairs that only has a method called entries, or is only iterable', () => {
    expect(redact({ entries: () => [['a', 1]] })).toEqual({ entries: expect.any(Function) });
    expect(redact({ a: 1, *[Symbol.iterator]() {} })).toEqual({ a: 1 });
  });

  it('ends with what refers to itself, and shows what merely stands twice', () => {
    const one: Record<string, unknown> = { a: 1 };
    one.self = one;
    one.list = [one];
    expect(redact(one)).toEqual({ a: 1, self: '[circular or too deep]', list: ['[circular or too deep]'] });
    const shared = { key: KEY };
    expect(redact([shared, shared])).toEqual([{ key: 'bursar_live_[redacted]' }, { key: 'bursar_live_[redacted]' }]);
    const error = new Error('x');
    error.cause = error;
    expect(redact(error)).toMatchObject({ cause: '[circular or too deep]' });
  });

  it('ends with what is very deep', () => {
    let deep: unknown = HASH;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expectClean(redact(deep));
    expect(JSON.stringify(redact(deep))).toContain('[circular or too deep]');
  });

  it('neither pollutes a prototype nor loses a field named __proto__', () => {
    const cleaned = redact(JSON.parse(`{"__proto__":{"polluted":"${HASH}"},"constructor":1}`)) as object;
    expect(Object.entries(cleaned)).toEqual([
      ['__proto__', { polluted: '[redacted]' }],
      ['constructor', 1],
    ]);
    expect({}).not.toHaveProperty('polluted');
    expect(String(redact({}))).toBe('[object Object]');
  });

  it('cleans what toJSON would hide, too', () => {
    const generated = generateApiKey();
    expect(JSON.stringify(redact(generated))).not.toContain(generated.key);
    expect(JSON.stringify(redact({ generated }))).not.toContain(generated.digest);
  });
});
