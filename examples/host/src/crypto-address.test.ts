import { describe, expect, it } from 'vitest';
import { isBitcoinAddress, isEthereumAddress } from './crypto-address.js';

// From BIP 173, BIP 350 and EIP-55, and the first block's address.
const BITCOIN = [
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
  '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
  'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
  'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
  'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
];
const ETHEREUM = [
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0x52908400098527886E0F7030069857D2E4169EE7',
];

/** The address with one character after the prefix exchanged, at each place. */
function mistyped(address: string, from: number, alphabet: string): string[] {
  return [...address.slice(from)].map((character, at) => {
    const other = alphabet[(alphabet.indexOf(character) + 1) % alphabet.length] ?? '';
    return address.slice(0, from + at) + other + address.slice(from + at + 1);
  });
}

describe('a Bitcoin address', () => {
  it.each(BITCOIN)('%s is one', (address) => {
    expect(isBitcoinAddress(address)).toBe(true);
  });

  it('is none with any one character wrong', () => {
    const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    const wrong = [
      ...mistyped(BITCOIN[0] ?? '', 1, base58),
      ...mistyped(BITCOIN[1] ?? '', 1, base58),
      ...mistyped(BITCOIN[2] ?? '', 3, 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'),
      ...mistyped(BITCOIN[4] ?? '', 3, 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'),
    ];
    expect(wrong.length).toBeGreaterThan(150);
    expect(wrong.filter(isBitcoinAddress)).toEqual([]);
  });

  it.each([
    ['of the test network', 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx'],
    ['of the test network, base58', 'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn'],
    ['of a version that means nothing yet', 'BC1SW50QGDZ25J'],
    ['of another version that means nothing yet', 'bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs'],
    ['of version 1 with another length', 'bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y'],
    ['of version 0 with the newer checksum', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh'],
    ['of version 1 with the older checksum', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd'],
    ['of version 0 with another length', 'BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P'],
    ['in letters of both sizes', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3T4'],
    ['without words', 'bc1gmk9yu'],
    ['that is empty', ''],
    ['of another kind', ETHEREUM[0] ?? ''],
  ])('%s is not taken', (_, address) => {
    expect(isBitcoinAddress(address)).toBe(false);
  });
});

describe('an Ethereum address', () => {
  it.each(ETHEREUM)('%s is one', (address) => {
    expect(isEthereumAddress(address)).toBe(true);
  });

  it('is none with the size of any one letter wrong', () => {
    const [address = ''] = ETHEREUM;
    const wrong = [...address.slice(2)].flatMap((digit, at) => {
      const other = digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase();
      return other === digit ? [] : [address.slice(0, 2 + at) + other + address.slice(3 + at)];
    });
    expect(wrong.length).toBeGreaterThan(10);
    expect(wrong.filter(isEthereumAddress)).toEqual([]);
  });

  it.each([
    ['without a checksum', ETHEREUM[0]?.toLowerCase() ?? ''],
    ['that is too short', ETHEREUM[0]?.slice(0, -1) ?? ''],
    ['without 0x', ETHEREUM[0]?.slice(2) ?? ''],
    ['that is empty', ''],
  ])('%s is not taken', (_, address) => {
    expect(isEthereumAddress(address)).toBe(false);
  });
});
