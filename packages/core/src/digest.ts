import { sha256 } from '@noble/hashes/sha2.js';
import { hex, utf8 } from './encoding.js';
import { nodeCrypto } from './node-crypto.js';

declare const brand: unique symbol;

/** The lower-case hex SHA-256 of a credential: all of it that storage ever holds. */
export type Digest = string & { readonly [brand]: 'Digest' };

const oneShot = nodeCrypto?.hash;

/**
 * SHA-256 (FIPS 180-4) of a text's UTF-8 bytes, as 64 lower-case hex digits. Synchronous everywhere: by the runtime's
 * own one-shot hash where it has one, else by `@noble/hashes`.
 */
export const digest: (text: string) => Digest =
  oneShot === undefined
    ? (text) => hex(sha256(utf8(text))) as Digest
    : (text) => oneShot('sha256', text, 'hex') as Digest;
