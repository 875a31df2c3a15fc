import { describe, expect, it } from 'vitest';
import { checkFields, email, fieldsOf } from './fields.js';

const fields = fieldsOf({ email });

function told(sent: unknown): unknown {
  const checked = checkFields(fields, { email: sent });
  return checked.ok ? undefined : checked.error.body;
}

const required = { email: ['The email field is required.'] };
const invalid = { email: ['The email must be a valid email address.'] };
const tooLong = { email: ['The email may not be greater than 255 characters.'] };

const local = 'l'.repeat(64);
/** An address of so many characters, with a domain of labels that are not too long. */
function ofLength(length: number): string {
  const domain = `${`${'d'.repeat(62)}.`.repeat(3)}${'e'.repeat(200)}`;
  return `${local}@${domain}`.slice(0, length);
}

describe('the email', () => {
  it.each([
    'user@example.com',
    'a@b.co',
    'User.Name+tag@Example.COM',
    "o'brien!#$%&*/=?^_`{|}~-@example.com",
    '用户@例子.广告',
    'пользователь@пример.рф',
    'jose\u0301@example.com',
    'user@xn--bcher-kva.example',
    'user@bu\u0308cher.example',
    '💶@example.com',
    'a@1a.b2',
    'a@b-c.d--e',
  ])('may be %s', (sent) => {
    expect(checkFields(fields, { email: sent })).toEqual({ ok: true, value: { email: sent } });
  });

  it('comes back as it was given, blanks around it too', () => {
    expect(checkFields(fields, { email: ' User@Example.com ' })).toEqual({
      ok: true,
      value: { email: ' User@Example.com ' },
    });
  });

  it('may look like another one: Cyrillic а, full-width ａ and capitals are letters as well', () => {
    for (const sent of ['\u0430@example.com', '\uff41@example.com', 'a@ex\u0430mple.com', 'I@example.com']) {
      expect(told(sent)).toBeUndefined();
    }
  });

  it.each([undefined, null, '', ' ', '\u00a0\u2003', '\n', '\ufeff'])('is required, and %j is none', (sent) => {
    expect(told(sent)).toEqual(required);
  });

  it.each([7, true, {}, ['user@example.com']])('must be a string, which %j is not', (sent) => {
    expect(told(sent)).toEqual({ email: ['The email must be a string.'] });
  });

  it.each([
    'user',
    'user@',
    'user.example.com',
    '@example.com',
    'user@example',
    'user@.com',
    'user@example.',
    'user@example..com',
    'user@@example.com',
    'a@b@example.com',
    '.user@example.com',
    'user.@example.com',
    'us..er@example.com',
    'us er@example.com',
    'user @example.com',
    'user@ example.com',
    'user@exam ple.com',
    'user@-example.com',
    'user@example-.com',
    'user@exam_ple.com',
    'user@exam/ple.com',
    'user@[127.0.0.1]',
    'user@127.0.0.1]',
    '"user"@example.com',
    'User <user@example.com>',
    'user@example.com,other@example.com',
    'user@example.com;other@example.com',
    'us(er)@example.com',
    'us[er]@example.com',
    'us\\er@example.com',
    'us:er@example.com',
    'us,er@example.com',
    'us;er@example.com',
    'us"er@example.com',
    'us<er@example.com',
    'us>er@example.com',
    'mailto:user@example.com',
    'user@\u0301example.com',
    'user@example。com',
    'user@💶.com',
  ])('may not be %s', (sent) => {
    expect(told(sent)).toEqual(invalid);
  });

  it.each([
    ['a control', '\u0000'],
    ['a line feed', '\n'],
    ['a tabulator', '\t'],
    ['DEL', '\u007f'],
    ['NEL', '\u0085'],
    ['a no-break space', '\u00a0'],
    ['a soft hyphen', '\u00ad'],
    ['a combining grapheme joiner', '\u034f'],
    ['an Arabic letter mark', '\u061c'],
    ['a Hangul choseong filler', '\u115f'],
    ['a Khmer inherent vowel', '\u17b4'],
    ['a Mongolian vowel separator', '\u180e'],
    ['a zero-width space', '\u200b'],
    ['a zero-width joiner', '\u200d'],
    ['a right-to-left mark', '\u200f'],
    ['a line separator', '\u2028'],
    ['a right-to-left override', '\u202e'],
    ['a word joiner', '\u2060'],
    ['a right-to-left isolate', '\u2067'],
    ['a blank Braille pattern', '\u2800'],
    ['an ideographic space', '\u3000'],
    ['a Hangul filler', '\u3164'],
    ['a variation selector', '\ufe0f'],
    ['a zero-width no-break space', '\ufeff'],
    ['a half-width Hangul filler', '\uffa0'],
    ['a private character', '\ue000'],
    ['an unassigned character', '\u0378'],
    ['a noncharacter', '\uffff'],
    ['a tag', '\u{e0041}'],
    ['a high surrogate', '\ud83d'],
    ['a low surrogate', '\udcb6'],
  ])('may not hold what cannot be seen: %s', (_name, unseen) => {
    expect(told(`us${unseen}er@example.com`)).toEqual(invalid);
    expect(told(`user@exam${unseen}ple.com`)).toEqual(invalid);
    expect(told(`user@example.co${unseen}m`)).toEqual(invalid);
  });

  it('may not have a control character at its ends, which trimming would hide', () => {
    expect(told('user@example.com\n')).toEqual(invalid);
    expect(told('\tuser@example.com')).toEqual(invalid);
  });
});

describe('the length of an email', () => {
  it('may be 255 characters, and not 256', () => {
    expect(told(ofLength(253))).toBeUndefined();
    expect(ofLength(255)).toHaveLength(255);
    expect(told(ofLength(255).replace(/.$/, 'x'))).toBeUndefined();
    expect(told(ofLength(256))).toEqual(tooLong);
  });

  it('counts after normalising: blanks around it and decomposed letters take no room', () => {
    expect(told(` ${ofLength(255)} `)).toBeUndefined();
    const decomposed = ofLength(255).replace('dd', 'e\u0301d');
    expect(decomposed).toHaveLength(256);
    expect(told(decomposed)).toBeUndefined();
  });

  it('counts after normalising: a letter that grows in lower case takes more', () => {
    const dotted = ofLength(255).replace('d', '\u0130');
    expect(dotted).toHaveLength(255);
    expect(told(dotted)).toEqual(tooLong);
  });

  it('is not normalised at all where it is four times too long', () => {
    const blanks = (length: number) => `a@b.co${' '.repeat(length - 6)}`;
    expect(told(blanks(1020))).toBeUndefined();
    expect(told(blanks(1021))).toEqual(invalid);
  });

  it('may have 64 bytes before the @, and not 65', () => {
    expect(told(`${local}@example.com`)).toBeUndefined();
    expect(told(`${local}l@example.com`)).toEqual(invalid);
    expect(told(`${'ü'.repeat(32)}@example.com`)).toBeUndefined();
    expect(told(`${'ü'.repeat(32)}u@example.com`)).toEqual(invalid);
  });

  it('may have labels of 63 characters, and not of 64', () => {
    expect(told(`user@${'d'.repeat(63)}.com`)).toBeUndefined();
    expect(told(`user@${'d'.repeat(64)}.com`)).toEqual(invalid);
    expect(told(`user@example.${'m'.repeat(63)}`)).toBeUndefined();
    expect(told(`user@example.${'m'.repeat(64)}`)).toEqual(invalid);
  });
});
