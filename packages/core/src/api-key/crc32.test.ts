import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.js';

describe('crc32', () => {
  it('gives the check value of the catalogue of CRC algorithms', () => {
    expect(crc32('123456789')).toBe(0xcb_f4_39_26);
  });

  it.each([
    ['', 0],
    ['a', 0xe8_b7_be_43],
    ['The quick brown fox jumps over the lazy dog', 0x41_4f_a3_39],
  ])('of %j is known', (text, expected) => {
    expect(crc32(text)).toBe(expected);
  });

  it('sees every single changed character of a key', () => {
    const text = 'bursar_live_0123456789ABCDEFGHIJKLMNOPQRSTUV';
    const values = new Set([crc32(text)]);
    for (let place = 0; place < text.length; place++)
      values.add(crc32(`${text.slice(0, place)}~${text.slice(place + 1)}`));
    expect(values.size).toBe(text.length + 1);
  });
});
