import { describe, expect, it } from 'vitest';
import { hasLoneSurrogate, normalizeEmail } from './email.js';

const LETTER = /\p{L}/u;
const MARK = /\p{M}/u;
const inPlane = (pattern: RegExp): string[] =>
  Array.from({ length: 0x1_00_00 }, (_, code) => String.fromCharCode(code)).filter((one) => pattern.test(one));
const capitals = inPlane(LETTER).filter((letter) => letter.toLowerCase() !== letter);
const marks = inPlane(MARK);

const once = (text: string): string => text.normalize('NFC').toLowerCase();

describe('normalizeEmail', () => {
  it('trims, composes and lower-cases', () => {
    expect(normalizeEmail('  User@Example.COM ')).toBe('user@example.com');
    expect(normalizeEmail('\ufeffuser@example.com\u00a0\u3000')).toBe('user@example.com');
    expect(normalizeEmail('Jose\u0301@example.com')).toBe('josé@example.com');
  });

  it('keeps dots, plus tags and look-alikes apart', () => {
    const addresses = ['user@a.bc', 'u.ser@a.bc', 'user+x@a.bc', 'us\u0435r@a.bc', '\uff55ser@a.bc', 'user@a.b\u0441'];
    expect(new Set(addresses.map(normalizeEmail)).size).toBe(addresses.length);
  });

  it('is stable where a single pass of composing and lower-casing is not: for 101 pairs of letter and mark', () => {
    const diacritics = marks.filter((mark) => mark >= '\u0300' && mark <= '\u036f');
    const pairs = capitals.flatMap((letter) => diacritics.map((mark) => letter + mark));
    const unstable = pairs.filter((pair) => once(once(pair)) !== once(pair));
    // A newer version of Unicode can only add pairs.
    expect(unstable.length).toBeGreaterThanOrEqual(101);
    for (const pair of unstable) expect(normalizeEmail(normalizeEmail(pair))).toBe(normalizeEmail(pair));
  });

  it('stays what it is when normalised again, for every capital letter with every combining mark', () => {
    const unstable: string[] = [];
    for (const letter of capitals) {
      for (const mark of marks) {
        const normalized = normalizeEmail(letter + mark);
        if (normalizeEmail(normalized) !== normalized) unstable.push(letter + mark);
      }
    }
    expect(unstable).toEqual([]);
  });

  it('is the same for a composed letter and its parts', () => {
    for (const letter of capitals) expect(normalizeEmail(letter.normalize('NFD'))).toBe(normalizeEmail(letter));
  });

  it('takes its short way for plain ASCII to the same end', () => {
    for (let code = 0x21; code <= 0x7e; code++) {
      const text = `a${String.fromCharCode(code)}Z`;
      expect(normalizeEmail(text)).toBe(text.trim().normalize('NFC').toLowerCase().normalize('NFC'));
    }
  });

  it.each(['', ' ', '   ', '\u00a0', '\ufeff'])('refuses nothing but blanks: %j', (email) => {
    expect(() => normalizeEmail(email)).toThrow(/email must not be empty/);
  });

  it('refuses every control character, wherever it stands', () => {
    const controls = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index)];
    expect(controls).toHaveLength(65);
    for (const code of controls) {
      const control = String.fromCharCode(code);
      for (const email of [
        `us${control}er@a.bc`,
        `${control}user@a.bc`,
        `user@a.bc${control}`,
        `user@a.bc${control}1`,
      ]) {
        expect(() => normalizeEmail(email)).toThrow(new TypeError('email must not have control characters'));
      }
    }
  });

  it.each(['\ud800@a.bc', 'user\udfff@a.bc', '\udc00\ud800', 'a\ud83d', '\ude00b'])(
    'refuses lone surrogates: %j',
    (email) => {
      expect(() => normalizeEmail(email)).toThrow(/lone surrogates/);
    },
  );

  it('takes whole surrogate pairs', () => {
    expect(normalizeEmail('😀@Example.com')).toBe('😀@example.com');
    expect(normalizeEmail('\u{10400}@a.bc')).toBe('\u{10428}@a.bc');
  });

  it.each([undefined, null, 7, {}, ['user@a.bc'], new String('user@a.bc')])(
    'refuses what is no string: %j',
    (email) => {
      expect(() => normalizeEmail(email as string)).toThrow(/email must be a string/);
    },
  );

  it('does not repeat the address in what it throws', () => {
    expect(() => normalizeEmail('secret-name\n@a.bc')).toThrow(/^(?!.*secret-name)/);
  });
});

describe('hasLoneSurrogate', () => {
  it.each([
    ['', false],
    ['a', false],
    ['😀', false],
    ['\ud83d', true],
    ['\ude00\ud83d', true],
    ['😀\ude00', true],
  ])('of %j is %s', (text, expected) => {
    expect(hasLoneSurrogate(text)).toBe(expected);
  });
});
