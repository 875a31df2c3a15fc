import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyedHmac, portableHmac } from './hmac.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const nodeHmac = (key: Uint8Array, message: string): string =>
  createHmac('sha256', key).update(message, 'utf8').digest('hex');

// RFC 4231, section 4: cases 1, 2, 6 and 7 are texts. Cases 3 and 4 are bytes that are no UTF-8 (see hkdf's test for
// those), and 5 is truncated.
const RFC_4231 = [
  ['1', '0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    '2',
    Buffer.from('Jefe').toString('hex'),
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    '6: a key above one block',
    'aa'.repeat(131),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    '7: key and message above one block',
    'aa'.repeat(131),
    'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
] as const;

const PATHS = [
  ['built in', keyedHmac],
  ['portable', portableHmac],
] as const;

describe.each(PATHS)('HMAC-SHA256, %s', (_, hmac) => {
  it.each(RFC_4231)('gives the answer of RFC 4231, case %s', (_case, key, message, expected) => {
    expect(hmac(bytes(key))(message)).toBe(expected);
  });

  it.each([0, 1, 31, 32, 63, 64, 65, 128, 1000])('takes a key of %d bytes', (length) => {
    const key = new Uint8Array(length).map((_byte, index) => index * 7 + 1);
    expect(hmac(key)('user@example.com')).toBe(nodeHmac(key, 'user@example.com'));
  });

  it.each([
    ['nothing', ''],
    ['a zero byte', '\0'],
    ['two bytes a character', 'é'.repeat(300)],
    ['four bytes a character', '😀'.repeat(200)],
    ['a lone surrogate', 'a\ud800b'],
    ['as much as the scratch holds', 'x'.repeat(1024)],
    ['one byte more', 'x'.repeat(1025)],
    ['a character that would be cut at its end', `${'x'.repeat(1023)}é`],
    ['an emoji that would be cut at its end', `${'x'.repeat(1021)}😀`],
    ['far more', 'x'.repeat(100_000)],
  ])('takes a message of %s', (_name, message) => {
    const key = bytes('00'.repeat(32));
    expect(hmac(key)(message)).toBe(nodeHmac(key, message));
  });

  it('keeps nothing of one message or key for the next', () => {
    const keys = [bytes('01'.repeat(32)), bytes('02'.repeat(80))];
    const keyed = keys.map((key) => hmac(key));
    const messages = ['x'.repeat(900), 'a', '', 'y'.repeat(64), '\0'];
    for (const message of [...messages, ...messages.reverse()]) {
      expect(keyed.map((one) => one(message))).toEqual(keys.map((key) => nodeHmac(key, message)));
    }
  });

  it('does not see a change of the bytes it was given', () => {
    const key = bytes('01'.repeat(32));
    const keyed = hmac(key);
    key.fill(9);
    expect(keyed('x'.repeat(100))).toBe(nodeHmac(bytes('01'.repeat(32)), 'x'.repeat(100)));
    expect(keyed('x'.repeat(2000))).toBe(nodeHmac(bytes('01'.repeat(32)), 'x'.repeat(2000)));
  });
});
