import { describe, expect, it } from 'vitest';
import { request } from '../../test/requests.js';
import { readIdempotencyKey } from './idempotency-key.js';

const read = (header: string) => readIdempotencyKey(request({ headers: { 'idempotency-key': header } }));
const refused = { ok: false, error: { code: 'invalid_idempotency_key', status: 400 } };

describe('readIdempotencyKey', () => {
  it('may be absent', () => {
    expect(readIdempotencyKey(request())).toEqual({ ok: true, idempotencyKey: undefined });
  });

  it.each(['a', '8e03978e-40d5-43e8-bc93-6894a57f9324', 'a"b', 'a\\b', '!~', ':YWJj:', 'x'.repeat(255)])(
    'may be bare: %s',
    (key) => {
      expect(read(key)).toEqual({ ok: true, idempotencyKey: key });
    },
  );

  it.each([
    ['"a"', 'a'],
    ['"order 7"', 'order 7'],
    ['"a, b"', 'a, b'],
    ['"\\"\\\\"', '"\\'],
    ['"!#[]~"', '!#[]~'],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
    [`"${'\\"'.repeat(255)}"`, '"'.repeat(255)],
  ])('may be a quoted string: %s', (header, key) => {
    expect(read(header)).toEqual({ ok: true, idempotencyKey: key });
  });

  it('is the same bare and quoted, with blanks around it or none', () => {
    for (const header of ['abc', '"abc"', ' abc ', '\t"abc" ']) {
      expect(read(header)).toEqual({ ok: true, idempotencyKey: 'abc' });
    }
  });

  it.each(['', ' ', '""', '"', '" '])('may not be empty: %j', (header) => {
    expect(read(header)).toMatchObject(refused);
  });

  it.each(['x'.repeat(256), `"${'x'.repeat(256)}"`, `"${'\\"'.repeat(256)}"`])(
    'may not be longer than 255 bytes',
    (header) => {
      expect(read(header)).toMatchObject(refused);
    },
  );

  it.each(['a, b', '"a", "b"', '"a", b', 'a, a'])('may not be sent twice, which arrives as %s', (header) => {
    expect(read(header)).toMatchObject(refused);
  });

  it.each([
    'a b',
    'ä',
    '"ä"',
    'a\0',
    'a\u007f',
    '"a\u007f"',
    '"a\nb"',
    '"a',
    '"a"b',
    '"a";p=1',
    '"a\\b"',
    '"a\\"',
    '"a"b"',
  ])('may not be %j', (header) => {
    expect(read(header)).toMatchObject(refused);
  });
});
