import { digest } from '../digest.js';
import type { PayoutUserRecord } from '../storage.js';
import { type PayoutHashDeriver, payoutHashDeriver } from './derive.js';

/** A secret with the id that each user who got a hash from it remembers. */
export interface NamedSecret {
  /** 1 to 64 characters of `A-Za-z0-9_.-`; never used again for another secret. */
  readonly id: string;
  /** At least 32 bytes. */
  readonly secret: string | Uint8Array;
}

/** The configured secrets, by id. */
export interface SecretRing {
  readonly ids: readonly string[];
  /** For new hashes: the first one that is configured. */
  readonly current: { readonly id: string; readonly deriver: PayoutHashDeriver };
  /**
   * The hash in force of a user, derived anew from the secret that it came from.
   *
   * @throws {SecretUnavailableError} where that secret is not configured, or is no longer the one it was.
   */
  hashOf(user: PayoutUserRecord): string;
  /**
   * A key of 32 bytes for another purpose than hashes, from the secret with this id; see {@link PayoutHashDeriver.subKey}.
   *
   * @throws {SecretUnavailableError} where that secret is not configured.
   */
  subKey(secretId: string, purpose: string, businessId: string): Uint8Array;
}

/** A user's secret is not configured. A fault of the configuration, so it is thrown. */
export class SecretUnavailableError extends Error {
  override readonly name = 'SecretUnavailableError';
  readonly code = 'secret_unavailable';

  constructor(
    /** The id that the user's record names. */
    readonly secretId: string,
    explanation: string,
  ) {
    super(`The secret "${secretId}" ${explanation}`);
  }
}

/**
 * Makes the ring of `secrets`, or of a single `secret`. A single one gets an id that follows from it, so that a secret
 * swapped by mistake is noticed before it makes one hash, and can be listed by that id later.
 *
 * @throws {TypeError} where there is none, one is shorter than 32 bytes, or an id is wrong or repeated.
 */
export function secretRing(
  secret: string | Uint8Array | undefined,
  secrets: readonly NamedSecret[] | undefined,
): SecretRing {
  if ((secret === undefined) === (secrets === undefined)) {
    throw new TypeError('secret must be given, or secrets in its place: a text or Uint8Array of at least 32 bytes');
  }
  const derivers = new Map<string, PayoutHashDeriver>();
  if (secret !== undefined) {
    const deriver = payoutHashDeriver(secret);
    derivers.set(deriver.fingerprint, deriver);
  }
  for (const named of secrets ?? []) {
    if (typeof named.id !== 'string' || !/^[A-Za-z0-9_.-]{1,64}$/.test(named.id) || derivers.has(named.id)) {
      throw new TypeError(
        'each id in secrets must be unique, and 1 to 64 characters of A-Z, a-z, 0-9, "_", "." and "-"',
      );
    }
    derivers.set(named.id, payoutHashDeriver(named.secret));
  }
  const first = derivers.entries().next().value;
  if (first === undefined) throw new TypeError('secrets must have at least one secret');

  function deriverOf(secretId: string): PayoutHashDeriver {
    const deriver = derivers.get(secretId);
    if (deriver !== undefined) return deriver;
    throw new SecretUnavailableError(secretId, 'is not configured: add it to `secrets` again.');
  }

  return {
    ids: [...derivers.keys()],
    current: { id: first[0], deriver: first[1] },
    subKey: (secretId, purpose, businessId) => deriverOf(secretId).subKey(purpose, businessId),
    hashOf(user) {
      const hash = deriverOf(user.secretId).derive(user.businessId, user.email, user.generation);
      if (digest(hash) !== user.digest) {
        throw new SecretUnavailableError(user.secretId, 'is not the secret that it was when it made this hash.');
      }
      return hash;
    },
  };
}
