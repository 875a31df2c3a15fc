import { sha256 } from '@noble/hashes/sha2.js';
import { hex, utf8 } from '../encoding.js';
import { deriveBusinessKey, hkdf } from './business-key.js';
import { hasLoneSurrogate, normalizeEmail } from './email.js';
import { type KeyedHmac, keyedHmac } from './hmac.js';

/** What a payout hash is made from. The same input gives the same hash, always and everywhere. */
export interface DerivePayoutHashOptions {
  /** At least 32 bytes; a text counts in UTF-8. Never leaves the server. */
  readonly secret: string | Uint8Array;
  /** The side of the business that pays: `biz_1`, or `biz_1_test`. */
  readonly businessId: string;
  /** As it was given; normalised here. */
  readonly email: string;
  /** How often the hash was reissued. @default 0 */
  readonly generation?: number;
}

const MIN_SECRET_BYTES = 32;
const MAX_WARM_BUSINESSES = 1000;

/**
 * Derives the payout hash of one address at one business: lower-case hex HMAC-SHA256.
 *
 * @throws {TypeError} where the secret is shorter than 32 bytes, the address is empty or has control characters or
 * lone surrogates, or the generation is not an integer from 0.
 * @example
 * derivePayoutHash({ secret, businessId: 'biz_1', email: 'user@example.com' }) // '0cfe1319701b5d58…'
 */
export function derivePayoutHash(options: DerivePayoutHashOptions): string {
  const { secret, businessId, email, generation } = options;
  const key = deriveBusinessKey(secretBytes(secret), checkBusiness(businessId));
  return keyedHmac(key)(message(normalizeEmail(email), generation));
}

/** Derives for one secret, with the keys of the last 1,000 businesses kept warm. */
export interface PayoutHashDeriver {
  /** Names the secret without giving it away: 12 hex digits of a digest of it. */
  readonly fingerprint: string;
  /** The payout hash; see {@link derivePayoutHash}. */
  derive(businessId: string, email: string, generation?: number): string;
  /** An id for the user that follows from business and address alone, so that two creators choose the same. */
  userId(businessId: string, email: string): string;
  /**
   * A key of 32 bytes for another purpose, apart for each business: HKDF-SHA256 of the secret with an empty salt and the
   * info `bursar/sub-key/v1`, the purpose and the business's id, with a zero byte between them. It tells nothing of the
   * hashes, nor they of it.
   *
   * @param purpose A constant of the calling code, without a zero byte.
   */
  subKey(purpose: string, businessId: string): Uint8Array;
}

/** Prepares {@link derivePayoutHash} for many addresses. @throws {TypeError} where the secret is too short. */
export function payoutHashDeriver(secret: string | Uint8Array): PayoutHashDeriver {
  const bytes = secretBytes(secret);
  const warm = new Map<string, KeyedHmac>();

  function hmacOf(businessId: string): KeyedHmac {
    const known = warm.get(businessId);
    if (known !== undefined) return known;
    const made = keyedHmac(deriveBusinessKey(bytes, checkBusiness(businessId)));
    if (warm.size >= MAX_WARM_BUSINESSES) warm.delete(warm.keys().next().value as string);
    warm.set(businessId, made);
    return made;
  }

  return {
    fingerprint: hex(sha256.create().update(utf8('bursar/secret-id/v1\0')).update(bytes).digest()).slice(0, 12),
    derive: (businessId, email, generation) => hmacOf(businessId)(message(normalizeEmail(email), generation)),
    // No address has control characters, so nothing that is derived for a hash can begin with a zero byte.
    userId: (businessId, email) => `usr_${hmacOf(businessId)(`\0user-id\0${normalizeEmail(email)}`).slice(0, 24)}`,
    subKey: (purpose, businessId) =>
      hkdf(bytes, new Uint8Array(), utf8(`bursar/sub-key/v1\0${purpose}\0${checkBusiness(businessId)}`)),
  };
}

function message(normalizedEmail: string, generation = 0): string {
  if (!Number.isSafeInteger(generation) || generation < 0) throw new TypeError('generation must be an integer from 0');
  return generation === 0 ? normalizedEmail : `${normalizedEmail}\0${generation}`;
}

function checkBusiness(businessId: string): string {
  if (typeof businessId !== 'string' || businessId === '' || hasLoneSurrogate(businessId)) {
    throw new TypeError('businessId must be a non-empty string without lone surrogates');
  }
  return businessId;
}

function secretBytes(secret: string | Uint8Array): Uint8Array {
  const bytes = typeof secret === 'string' ? utf8(secret) : secret;
  if (!(bytes instanceof Uint8Array) || bytes.length < MIN_SECRET_BYTES) {
    throw new TypeError(`secret must be a text or Uint8Array of at least ${MIN_SECRET_BYTES} bytes`);
  }
  return Uint8Array.from(bytes);
}
