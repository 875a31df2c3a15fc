import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { amount, checkFields, fieldsOf, isId, metadata, reference } from './fields.js';

const fields = fieldsOf({ amount, reference, metadata });

/** What a client is told, or `undefined` where all is well. */
function told(sent: unknown, idempotencyKey?: string): unknown {
  const checked = checkFields(fields, sent, idempotencyKey);
  return checked.ok ? undefined : checked.error.body;
}

const lone = '\ud800';

describe('the amount', () => {
  it.each([1, 2, 99_999_999, 100_000_000])('may be %d', (sent) => {
    expect(checkFields(fields, { amount: sent })).toEqual({ ok: true, value: { amount: sent } });
  });

  it.each([0, -0, -1])('must be at least 1, which %d is not', (sent) => {
    expect(told({ amount: sent })).toEqual({ amount: ['The amount must be at least 1.'] });
  });

  it('may be 1,000,000.00 and no cent more', () => {
    expect(told({ amount: 100_000_001 })).toEqual({ amount: ['The amount may not be greater than 100000000.'] });
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, '100', '', true, [1], {}, 1n])(
    'must be an integer: %s',
    (sent) => {
      expect(told({ amount: sent })).toEqual({ amount: ['The amount must be an integer.'] });
    },
  );

  it('must be an integer that a number can hold', () => {
    expect(told({ amount: 2 ** 53 })).toEqual({
      amount: ['The amount must be an integer.', 'The amount may not be greater than 100000000.'],
    });
  });

  it.each([{}, { amount: null }, { amount: undefined }])('is required: %j', (sent) => {
    expect(told(sent)).toEqual({ amount: ['The amount field is required.'] });
  });
});

describe('the reference', () => {
  it.each([null, undefined])('may be left out: %s', (sent) => {
    expect(told({ amount: 1, reference: sent })).toBeUndefined();
  });

  it.each(['a', 'x'.repeat(255), 'Rechnung Nº 7 – Größe', '💶'.repeat(255), ' ', '\u202eabc', '__proto__'])(
    'may be %j',
    (sent) => {
      expect(checkFields(fields, { amount: 1, reference: sent })).toEqual({
        ok: true,
        value: { amount: 1, reference: sent },
      });
    },
  );

  it.each(['x'.repeat(256), '💶'.repeat(256)])('may not be longer than 255 characters: %s', (sent) => {
    expect(told({ amount: 1, reference: sent })).toEqual({
      reference: ['The reference may not be greater than 255 characters.'],
    });
  });

  it('may not be empty', () => {
    expect(told({ amount: 1, reference: '' })).toEqual({ reference: ['The reference must be at least 1 character.'] });
  });

  it.each([1, false, {}, ['a']])('must be a string, which %j is not', (sent) => {
    expect(told({ amount: 1, reference: sent })).toEqual({ reference: ['The reference must be a string.'] });
  });

  it.each(['a\0', 'a\nb', '\t', '\u007f', '\u009f', `a${lone}`, '\udc00a'])('may not contain %j', (sent) => {
    expect(told({ amount: 1, reference: sent })).toEqual({
      reference: ['The reference may not contain control characters or lone surrogates.'],
    });
  });
});

describe('the metadata', () => {
  const message =
    'The metadata must be an object of at most 20 texts of at most 500 characters, with names of 1 to 40 characters of A-Z, a-z, 0-9, "_", "." and "-".';
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, '']));

  it.each([null, undefined])('may be left out: %s', (sent) => {
    expect(told({ amount: 1, metadata: sent })).toBeUndefined();
  });

  it.each([
    {},
    many(20),
    { note: 'x'.repeat(500) },
    { note: '' },
    { ['n'.repeat(40)]: 'a' },
    { 'Order.No-7_a': 'Größe 💶' },
    { '7': 'seven' },
    { constructor: 'a', toString: 'b', hasOwnProperty: 'c' },
    Object.assign(Object.create(null), { note: 'a' }),
  ])('may be %j', (sent) => {
    expect(checkFields(fields, { amount: 1, metadata: sent })).toEqual({
      ok: true,
      value: { amount: 1, metadata: sent },
    });
  });

  it.each([
    many(21),
    { note: 'x'.repeat(501) },
    { ['n'.repeat(41)]: 'a' },
    { '': 'a' },
    { 'a b': 'a' },
    { größe: 'a' },
    { 'note\n': 'a' },
    { _note: 'a' },
    { '.note': 'a' },
    { '-note': 'a' },
    { note: 7 },
    { note: null },
    { note: ['a'] },
    { note: 'a\0' },
    { note: 'a\n' },
    { note: lone },
    { fine: 'a', note: 7 },
    JSON.parse('{"__proto__":"a"}') as unknown,
    JSON.parse('{"fine":"a","__proto__":{"admin":"yes"}}') as unknown,
    [],
    ['a'],
    'note',
    7,
    true,
    new Map([['note', 'a']]),
    new Date(0),
  ])('may not be %j', (sent) => {
    expect(told({ amount: 1, metadata: sent })).toEqual({ metadata: [message] });
  });
});

describe('checkFields', () => {
  it('tells of every field that breaks its rule at once', () => {
    expect(told({ reference: 7, metadata: 7 })).toMatchObject({
      amount: ['The amount field is required.'],
      reference: ['The reference must be a string.'],
      metadata: [expect.stringContaining('The metadata must be')],
    });
  });

  it('collects all that is wrong with one field', () => {
    expect(told({ amount: 1, reference: `\0${'x'.repeat(255)}` })).toEqual({
      reference: [
        'The reference may not be greater than 255 characters.',
        'The reference may not contain control characters or lone surrogates.',
      ],
    });
  });

  it.each([[], [{ amount: 1 }], null, undefined, 'amount', 7, true])('wants an object, which %j is not', (sent) => {
    expect(told(sent)).toEqual({ body: ['The body must be a JSON object.'] });
  });

  it('refuses what zod would throw for, in whichever field', () => {
    const odd = { length: { toString: 1 } };
    const problem = (name: string) => [`The ${name} may not have a length within it that is no number.`];
    expect(told({ amount: odd, reference: odd })).toEqual({
      amount: problem('amount'),
      reference: problem('reference'),
    });
    expect(told({ amount: 1, x: { y: [odd] } })).toEqual({ x: problem('x') });
  });

  it('lets no field in that it does not know', () => {
    expect(told({ amount: 1, amount_cents: 1, body: 2 })).toEqual({
      amount_cents: ['The amount_cents field is not known.'],
      body: ['The body field is not known.'],
    });
  });

  it('answers with no credential that somebody took for the name of a field', () => {
    const [key, hash] = [`bursar_live_${'k'.repeat(38)}`, 'f'.repeat(64)];
    expect(told({ amount: 1, [`40.${hash}`]: 1, [key]: { length: { toString: 1 } } })).toEqual({
      'bursar_live_[redacted]': ['The bursar_live_[redacted] may not have a length within it that is no number.'],
    });
    expect(told({ amount: 1, [`40.${hash}`]: 1, [key]: 1 })).toEqual({
      '40.[redacted]': ['The 40.[redacted] field is not known.'],
      'bursar_live_[redacted]': ['The bursar_live_[redacted] field is not known.'],
    });
  });

  it('knows no field by a name that every object has', () => {
    expect(told({ amount: 1, constructor: 1, toString: 2, valueOf: 3 })).toEqual({
      constructor: ['The constructor field is not known.'],
      toString: ['The toString field is not known.'],
      valueOf: ['The valueOf field is not known.'],
    });
  });

  it('takes a field that is called __proto__ for a field, and reads none out of it', () => {
    const body = told(JSON.parse('{"__proto__":{"amount":1}}'));
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect(Object.entries(body as object)).toEqual([
      ['amount', ['The amount field is required.']],
      ['__proto__', ['The __proto__ field is not known.']],
    ]);
  });

  it('names the field, and not the place within it, where a rule lies deeper', () => {
    const nested = fieldsOf({ list: z.array(z.object({ word: z.string('The word must be a string.') })) });
    const checked = checkFields(nested, { list: [{ word: 7 }] });
    expect(checked).toMatchObject({ ok: false, error: { body: { list: ['The word must be a string.'] } } });
  });

  it('answers with status 422', () => {
    expect(checkFields(fields, {})).toMatchObject({ ok: false, error: { code: 'invalid_fields', status: 422 } });
  });
});

describe('checkFields, of an idempotency key', () => {
  const refused = { ok: false, error: { code: 'invalid_idempotency_key', status: 400 } };

  it.each([undefined, 'a', ' ', '~', 'x'.repeat(255), 'bank statement "17"'])('lets %j in', (key) => {
    expect(checkFields(fields, { amount: 1 }, key)).toEqual({ ok: true, value: { amount: 1 } });
  });

  it.each(['', 'x'.repeat(256), 'ä', 'a\n', '\n', 'a\0', '\u007f'])('refuses %j', (key) => {
    expect(checkFields(fields, { amount: 1 }, key)).toMatchObject(refused);
  });

  it('refuses one that is no text, so that null is not the key of every call', () => {
    for (const key of [null, 17, ['a']] as unknown as string[]) {
      expect(checkFields(fields, { amount: 1 }, key)).toMatchObject(refused);
    }
  });

  it('looks at the key before the fields', () => {
    expect(checkFields(fields, {}, '')).toMatchObject(refused);
  });
});

describe('isId', () => {
  it.each(['usr_0123456789abcdef01234567', '!', '~', 'x'.repeat(255)])('holds for %j', (text) => {
    expect(isId(text)).toBe(true);
  });

  it.each(['', 'x'.repeat(256), 'a b', 'a\0', 'a\n', 'ä', '\u007f'])('does not hold for %j', (text) => {
    expect(isId(text)).toBe(false);
  });
});
