/**
 * Destinations at rest: AES-256-GCM by WebCrypto, under a key that follows from the configured secret and the business.
 *
 * @see https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf
 * @module
 */
import type { SecretRing } from '@bursar/core';
import { DestinationForgottenError } from './forgotten.js';
import type { WithdrawalRef } from './record.js';

/** What a payout method's schema made of a destination. */
export type Destination = Readonly<Record<string, unknown>>;

/** Seals and opens destinations. */
export interface Seal {
  /** The id of the secret that it seals with. */
  readonly secretId: string;
  /** `v1.<id of the secret>.<base64url of nonce, ciphertext and tag>`: another one each time. */
  seal(ref: WithdrawalRef, destination: Destination): Promise<string>;
  /**
   * Opens what was sealed for this withdrawal, with whichever configured secret it was.
   *
   * @throws {DestinationForgottenError} where it was forgotten.
   * @throws {SecretUnavailableError} where that secret is not configured any more.
   * @throws {Error} where it was sealed for another withdrawal, or was changed.
   */
  open(ref: WithdrawalRef, sealed: string): Promise<Destination>;
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

// 96 bits, drawn at random: under one business's key, safe for 2^32 destinations (SP 800-38D, section 8.3).
const NONCE_BYTES = 12;
const MAX_WARM_KEYS = 1000;

/** Makes the {@link Seal} of the configured secrets. */
export function sealOf(secrets: SecretRing): Seal {
  const warm = new Map<string, Promise<Key>>();

  function keyOf(secretId: string, businessId: string): Promise<Key> {
    const name = `${secretId}\0${businessId}`;
    const known = warm.get(name);
    if (known !== undefined) return known;
    const bytes = Uint8Array.from(secrets.subKey(secretId, 'destination', businessId));
    const key = crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
    if (warm.size >= MAX_WARM_KEYS) warm.delete(warm.keys().next().value as string);
    warm.set(name, key);
    return key;
  }

  const secretId = secrets.current.id;
  return {
    secretId,
    async seal(ref, destination) {
      const key = await keyOf(secretId, ref.businessId);
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const text = new TextEncoder().encode(JSON.stringify(destination));
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm(ref, nonce), key, text));
      return `v1.${secretId}.${base64url(Uint8Array.of(...nonce, ...sealed))}`;
    },
    async open(ref, sealed) {
      if (sealed === '') throw new DestinationForgottenError(ref.businessId, ref.id);
      // The id of a secret may have dots; what comes after it has none.
      const [, sealedWith, encoded] = /^v1\.(.+)\.([A-Za-z0-9_-]+)$/.exec(sealed) ?? [];
      if (sealedWith === undefined || encoded === undefined) throw unopened(ref, 'has another form');
      const key = await keyOf(sealedWith, ref.businessId);
      const bytes = fromBase64url(encoded);
      const options = algorithm(ref, bytes.slice(0, NONCE_BYTES));
      try {
        const text = await crypto.subtle.decrypt(options, key, bytes.slice(NONCE_BYTES));
        return JSON.parse(new TextDecoder().decode(text)) as Destination;
      } catch {
        throw unopened(ref, 'was sealed for another one or under another secret, or was changed');
      }
    },
  };
}

function algorithm({ businessId, id }: WithdrawalRef, iv: Uint8Array<ArrayBuffer>) {
  // Ties a destination to its withdrawal: one that was copied to another cannot be opened there.
  const additionalData = new TextEncoder().encode(JSON.stringify([businessId, id]));
  return { name: 'AES-GCM', iv, additionalData };
}

function unopened({ businessId, id }: WithdrawalRef, why: string): Error {
  return new Error(`The destination of withdrawal ${id} of ${businessId} ${why}.`);
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64url(encoded: string): Uint8Array<ArrayBuffer> {
  const text = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
