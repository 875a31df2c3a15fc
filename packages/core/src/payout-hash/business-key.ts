import { utf8 } from '../encoding.js';
import { hmacBytes } from './hmac.js';

const INFO = 'bursar/payout-hash/v1\0';

/**
 * The key that the payout hashes of one business are made with: HKDF-SHA256 of the secret, with an empty salt and the
 * info `bursar/payout-hash/v1`, a zero byte and the business's id. 32 bytes.
 */
export function deriveBusinessKey(secret: Uint8Array, businessId: string): Uint8Array {
  return hkdf(secret, new Uint8Array(), utf8(INFO + businessId));
}

/**
 * HKDF-SHA256 (RFC 5869) for 32 bytes, the length of one hash: then to expand is a single HMAC of the info and a byte 1.
 * An empty salt stands for 32 zero bytes, which HMAC fills a short key up with anyhow.
 */
export function hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array {
  const pseudorandomKey = hmacBytes(salt)(secret);
  return hmacBytes(pseudorandomKey)(Uint8Array.of(...info, 1));
}
