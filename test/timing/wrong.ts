/** Wrong credentials, by how much of them is right. */
import { crc32 } from 'node:zlib';
import { parseApiKey } from '@bursar/core';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HEX = '0123456789abcdef';

/** Makes so many texts that are wrong from this character on. */
export type Wrong = (right: string, rightCharacters: number, random: () => number) => readonly string[];

const POOL = 64;

function wrongOf(digits: string, right: string, rightCharacters: number, random: () => number): string[] {
  return Array.from({ length: POOL }, () => {
    let text = right.slice(0, rightCharacters);
    while (text.length < right.length) {
      const digit = digits[Math.floor(random() * digits.length)] ?? '';
      if (text.length !== rightCharacters || digit !== right[rightCharacters]) text += digit;
    }
    return plain(text);
  });
}

/** Of one form in memory, whatever it was put together from. */
export const plain = (text: string): string => Buffer.from(text).toString('latin1');

/** Wrong hexadecimal credentials: payout hashes, signatures. */
export const wrongHex: Wrong = (right, rightCharacters, random) => wrongOf(HEX, right, rightCharacters, random);

/** Wrong API keys whose checksum is right: only those are looked up. Counted are the characters behind `bursar_live_`. */
export const wrongKeys: Wrong = (right, rightCharacters, random) => {
  const body = right.lastIndexOf('_') + 1;
  const start = right.slice(0, body);
  return wrongOf(BASE62, right.slice(body, -6), rightCharacters, random).map((text) => {
    const key = plain(withChecksum(start + text));
    if (!parseApiKey(key).ok) throw new Error('the checksum is wrong');
    return key;
  });
};

/** Wrong keys of another form, which has a prefix too. */
export const wrongTokens: Wrong = (right, rightCharacters, random) => {
  const start = right.lastIndexOf('_') + 1;
  const wrong = wrongOf(BASE62, right.slice(start), rightCharacters, random);
  return wrong.map((text) => plain(right.slice(0, start) + text));
};

function withChecksum(text: string): string {
  let value = crc32(text);
  let checksum = '';
  for (let digit = 0; digit < 6; digit++) {
    checksum = (BASE62[value % 62] ?? '') + checksum;
    value = Math.floor(value / 62);
  }
  return text + checksum;
}
