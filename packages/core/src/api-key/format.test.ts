import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { digest } from '../digest.js';
import { API_KEY_PATTERN, type ApiKeyKind, generateApiKey, type ParsedApiKey, parseApiKey } from './format.js';

const KEY = 'bursar_live_0123456789ABCDEFGHIJKLMNOPQRSTUV39zPue';
const REFUSED = { ok: false };

describe('parseApiKey', () => {
  it('takes a key apart', () => {
    expect(parseApiKey(KEY)).toEqual({
      ok: true,
      prefix: 'bursar',
      kind: 'secret',
      mode: 'live',
      body: '0123456789ABCDEFGHIJKLMNOPQRSTUV',
      checksum: '39zPue',
    });
  });

  it('refuses a key with any one character changed, left out or put in', () => {
    for (let place = 0; place <= KEY.length; place++) {
      const [before, after] = [KEY.slice(0, place), KEY.slice(place)];
      for (const character of ['0', 'a', 'Z', '_', ' ']) {
        if (after[0] !== character) expect(parseApiKey(before + character + after.slice(1))).toEqual(REFUSED);
        expect(parseApiKey(before + character + after)).toEqual(REFUSED);
      }
      if (after !== '') expect(parseApiKey(before + after.slice(1))).toEqual(REFUSED);
    }
  });

  it('refuses a key with the case of any one letter changed', () => {
    for (let place = 0; place < KEY.length; place++) {
      const letter = KEY[place] as string;
      const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
      if (other !== letter) expect(parseApiKey(KEY.slice(0, place) + other + KEY.slice(place + 1))).toEqual(REFUSED);
    }
    expect(parseApiKey(KEY.toUpperCase())).toEqual(REFUSED);
    expect(parseApiKey(KEY.toLowerCase())).toEqual(REFUSED);
  });

  it('refuses two neighbours that changed places', () => {
    for (let place = 1; place < KEY.length; place++) {
      const [one, other] = [KEY[place - 1], KEY[place]];
      if (one !== other)
        expect(parseApiKey(`${KEY.slice(0, place - 1)}${other}${one}${KEY.slice(place + 1)}`)).toEqual(REFUSED);
    }
  });

  it.each([
    undefined,
    null,
    0,
    Number.NaN,
    true,
    10n,
    Symbol('key'),
    {},
    [KEY],
    new String(KEY),
    { toString: () => KEY },
    () => KEY,
    Buffer.from(KEY),
  ])('refuses what is no string: %o', (text) => {
    expect(parseApiKey(text)).toEqual(REFUSED);
  });

  it.each([
    ['nothing', ''],
    ['a line end behind', `${KEY}\n`],
    ['a line end before', `\n${KEY}`],
    ['a second line', `${KEY}\n${KEY}`],
    ['a blank behind', `${KEY} `],
    ['a NUL behind', `${KEY}\0`],
    ['the scheme before', `Bearer ${KEY}`],
    ['5,000 digits', '1'.repeat(5000)],
    ['5,000 digits in a key', `bursar_live_${'1'.repeat(5000)}`],
    ['Arabic digits', KEY.replace('0', '٠')],
    ['full-width letters', KEY.replace('A', 'Ａ')],
    ['a look-alike prefix', KEY.replace('a', 'а')],
    ['a combining mark', `${KEY}\u0301`],
    ['another mode', KEY.replace('live', 'prod')],
    ['no prefix', KEY.slice('bursar'.length)],
  ])('refuses %s', (_, text) => {
    expect(parseApiKey(text)).toEqual(REFUSED);
  });

  it('never takes "pub" for a part of the prefix, nor the other way round', () => {
    const publishable = generateApiKey({ prefix: 'acme', kind: 'publishable' });
    expect(parseApiKey(publishable.key)).toMatchObject({ prefix: 'acme', kind: 'publishable' });
    const pub = generateApiKey({ prefix: 'pub' });
    expect(parseApiKey(pub.key)).toMatchObject({ prefix: 'pub', kind: 'secret' });
    const both = generateApiKey({ prefix: 'pub', kind: 'publishable', mode: 'test' });
    expect(both.key).toMatch(/^pub_pub_test_/);
    expect(parseApiKey(both.key)).toMatchObject({ prefix: 'pub', kind: 'publishable', mode: 'test' });
  });

  it.each(['acme_pub', 'acme_live', 'Acme', '9acme', '', 'a'.repeat(21), 'acmé', 'acme-1'])(
    'cannot be led by the prefix %j, which no key can be made with',
    (prefix) => {
      expect(() => generateApiKey({ prefix })).toThrow(/prefix must be/);
    },
  );

  it('shows the parts without the secret one when it is printed', () => {
    const parts = parseApiKey(KEY) as ParsedApiKey;
    for (const printed of [inspect(parts), JSON.stringify(parts), String(parts)]) {
      expect(printed).not.toContain(parts.body);
    }
    expect(JSON.parse(JSON.stringify(parts))).toMatchObject({ prefix: 'bursar', body: '[redacted]' });
  });

  it('costs a hostile text no more than an honest one', () => {
    const texts = [
      'a'.repeat(74),
      `${'a0'.repeat(30)}_live_`,
      '_pub'.repeat(18),
      'a_live_'.repeat(10),
      'a'.repeat(1e7),
    ];
    for (const text of texts) expect(parseApiKey(text)).toEqual(REFUSED);
  });
});

describe('generateApiKey', () => {
  it.each([
    [{}, /^bursar_live_[0-9A-Za-z]{38}$/],
    [{ mode: 'test' as const }, /^bursar_test_[0-9A-Za-z]{38}$/],
    [{ kind: 'publishable' as const }, /^bursar_pub_live_[0-9A-Za-z]{38}$/],
    [{ prefix: 'sk' }, /^sk_live_[0-9A-Za-z]{38}$/],
    [
      { prefix: 'a'.repeat(20), kind: 'publishable' as const, mode: 'test' as const },
      /^a{20}_pub_test_[0-9A-Za-z]{38}$/,
    ],
  ])('with %j makes a key that parses', (options, pattern) => {
    const { key, prefix, kind, mode } = generateApiKey(options);
    expect(key).toMatch(pattern);
    expect(parseApiKey(key)).toMatchObject({ ok: true, prefix, kind, mode });
  });

  it('makes another key each time', () => {
    const keys = new Set(Array.from({ length: 1000 }, () => generateApiKey().key));
    expect(keys.size).toBe(1000);
  });

  it('answers with the digest to keep and a hint to show', () => {
    const generated = generateApiKey();
    expect(generated.digest).toBe(digest(generated.key));
    expect(generated.hint).toBe(`bursar_live_…${generated.key.slice(-4)}`);
  });

  it('prints neither the key nor its digest', () => {
    const generated = generateApiKey();
    for (const printed of [
      inspect(generated),
      JSON.stringify(generated),
      `${inspect([{ generated }])}`,
      String(generated),
    ]) {
      expect(printed).not.toContain(generated.key);
      expect(printed).not.toContain(generated.digest);
    }
    expect(JSON.stringify(generated)).toContain(generated.hint);
  });

  it.each([
    [{ mode: 'prod' }, /mode must be/],
    [{ kind: 'admin' }, /kind must be/],
    [{ prefix: 7 }, /prefix must be/],
  ])('refuses %j by name', (options, message) => {
    expect(() => generateApiKey(options as { kind: ApiKeyKind })).toThrow(message);
  });
});

describe('API_KEY_PATTERN', () => {
  it('finds keys of any kind in a text', () => {
    const keys = [generateApiKey(), generateApiKey({ prefix: 'acme', kind: 'publishable', mode: 'test' })];
    const text = `KEY=${keys[0]?.key}\nother: "${keys[1]?.key}",`;
    expect(text.match(new RegExp(API_KEY_PATTERN, 'g'))).toEqual(keys.map((one) => one.key));
  });
});
