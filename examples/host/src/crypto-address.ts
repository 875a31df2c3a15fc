/**
 * Addresses to which money can never be recalled: so their checksums are verified before any is reserved.
 *
 * @see https://github.com/bitcoin/bips/blob/master/bip-0350.mediawiki
 * @see https://eips.ethereum.org/EIPS/eip-55
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { bech32, bech32m, createBase58check } from '@scure/base';

// Pay to public key hash, pay to script hash; of the main network alone.
const BASE58_VERSIONS: readonly (number | undefined)[] = [0x00, 0x05];
const base58check = createBase58check(sha256);

/** Whether this is an address of Bitcoin's main network: base58, SegWit or Taproot. */
export function isBitcoinAddress(address: string): boolean {
  return /^(bc1|BC1)/.test(address) ? isSegwit(address) : isBase58(address);
}

/**
 * Whether this is an Ethereum address with its checksum (EIP-55), which is in the size of its letters. One that is all in
 * small letters has none, and is not taken: a wrong digit could not be seen.
 */
export function isEthereumAddress(address: string): boolean {
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) return false;
  const digits = address.slice(2).toLowerCase();
  const hash = bytesToHex(keccak_256(utf8ToBytes(digits)));
  const sized = [...digits].map((digit, at) =>
    Number.parseInt(hash[at] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit,
  );
  return address === `0x${sized.join('')}`;
}

function isBase58(address: string): boolean {
  try {
    const bytes = base58check.decode(address);
    return bytes.length === 21 && BASE58_VERSIONS.includes(bytes[0]);
  } catch {
    return false;
  }
}

function isSegwit(address: string): boolean {
  // Version 0 has the older checksum. Versions above 1 mean nothing yet: anybody could take what is sent there.
  const older = programOf(bech32, address);
  if (older?.version === 0) return older.length === 20 || older.length === 32;
  const newer = programOf(bech32m, address);
  return newer?.version === 1 && newer.length === 32;
}

function programOf(code: typeof bech32, address: string) {
  const decoded = code.decodeUnsafe(address);
  const [version, ...words] = decoded?.words ?? [];
  const program = code.fromWordsUnsafe(words);
  return decoded?.prefix === 'bc' && program ? { version, length: program.length } : undefined;
}
