import { hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveBusinessKey, hkdf } from './business-key.js';
import { hmacBytes } from './hmac.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const range = (first: number, last: number): string =>
  Buffer.from(Array.from({ length: last - first + 1 }, (_, index) => first + index)).toString('hex');

// RFC 5869, appendix A, tests 1 to 3 (SHA-256). We make 32 bytes, the first ones of each longer answer.
const RFC_5869 = [
  {
    secret: '0b'.repeat(22),
    salt: range(0x00, 0x0c),
    info: range(0xf0, 0xf9),
    pseudorandomKey: '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
    key: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf',
  },
  {
    secret: range(0x00, 0x4f),
    salt: range(0x60, 0xaf),
    info: range(0xb0, 0xff),
    pseudorandomKey: '06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244',
    key: 'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c',
  },
  {
    secret: '0b'.repeat(22),
    salt: '',
    info: '',
    pseudorandomKey: '19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04',
    key: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d',
  },
];

// RFC 4231, cases 3 and 4: bytes that are no UTF-8.
const RFC_4231 = [
  ['aa'.repeat(20), 'dd'.repeat(50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [range(0x01, 0x19), 'cd'.repeat(50), '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'],
] as const;

describe('HKDF-SHA256', () => {
  it.each(RFC_4231)('stands on an HMAC of bytes that answers as RFC 4231 has it', (key, message, expected) => {
    expect(hex(hmacBytes(bytes(key))(bytes(message)))).toBe(expected);
  });

  it.each(RFC_5869)('extracts what RFC 5869 extracts', ({ secret, salt, pseudorandomKey }) => {
    expect(hex(hmacBytes(bytes(salt))(bytes(secret)))).toBe(pseudorandomKey);
  });

  it.each(RFC_5869)('expands to the first 32 bytes that RFC 5869 expands to', ({ secret, salt, info, key }) => {
    expect(hex(hkdf(bytes(secret), bytes(salt), bytes(info)))).toBe(key);
  });
});

describe('deriveBusinessKey', () => {
  it.each(['biz_1', 'b', 'é', 'x'.repeat(1000)])('is the HKDF of node:crypto for %j', (businessId) => {
    const secret = bytes(range(0, 63));
    const expected = hkdfSync('sha256', secret, '', `bursar/payout-hash/v1\0${businessId}`, 32);
    expect(hex(deriveBusinessKey(secret, businessId))).toBe(Buffer.from(expected).toString('hex'));
  });

  it('gives each caller bytes of its own', () => {
    const secret = bytes(range(0, 31));
    const first = deriveBusinessKey(secret, 'biz_1');
    const before = hex(first);
    deriveBusinessKey(secret, 'biz_2');
    expect(hex(first)).toBe(before);
  });
});
