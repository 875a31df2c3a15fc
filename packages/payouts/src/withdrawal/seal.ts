/**
 * What must not stand in clear in storage: AES-256-GCM by WebCrypto, under a key that follows from the configured secret,
 * the purpose and the business.
 *
 * @see https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf
 * @module
 */
import type { SecretRing } from '@bursar/core';
import { SEALED } from '../delivery/needed-secrets.js';
import { DestinationForgottenError } from './forgotten.js';

/** What a payout method's schema made of a destination. */
export type Destination = Readonly<Record<string, unknown>>;

/** What is sealed. A key of one purpose opens nothing of another. */
export type SealPurpose = 'destination' | 'webhook_secret';

/** What a sealed text belongs to, and can be opened for. */
export interface SealRef {
  readonly businessId: string;
  readonly id: string;
}

/** Seals and opens what is kept for one purpose. */
export interface Seal {
  /** The id of the secret that it seals with. */
  readonly secretId: string;
  /** `v1.<id of the secret>.<base64url of nonce, ciphertext and tag>`: another one each time. */
  seal(ref: SealRef, content: Readonly<Record<string, unknown>>): Promise<string>;
  /**
   * Opens what was sealed for this `ref`, with whichever configured secret it was.
   *
   * @throws {DestinationForgottenError} where it was forgotten.
   * @throws {SecretUnavailableError} where that secret is not configured any more.
   * @throws {Error} where it was sealed for another one, or was changed.
   */
  open(ref: SealRef, sealed: string): Promise<Readonly<Record<string, unknown>>>;
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const NAMES: Readonly<Record<SealPurpose, string>> = {
  destination: 'destination of withdrawal',
  webhook_secret: 'secret of webhook endpoint',
};

// 96 bits, drawn at random: under one business's key, safe for 2^32 texts (SP 800-38D, section 8.3).
const NONCE_BYTES = 12;
const MAX_WARM_KEYS = 1000;

/** Makes the {@link Seal} of the configured secrets for one purpose. */
export function sealOf(secrets: SecretRing, purpose: SealPurpose = 'destination'): Seal {
  const warm = new Map<string, Promise<Key>>();

  function keyOf(secretId: string, businessId: string): Promise<Key> {
    const name = `${secretId}\0${businessId}`;
    const known = warm.get(name);
    if (known !== undefined) return known;
    const bytes = Uint8Array.from(secrets.subKey(secretId, purpose, businessId));
    const key = crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
    if (warm.size >= MAX_WARM_KEYS) warm.delete(warm.keys().next().value as string);
    warm.set(name, key);
    return key;
  }

  const secretId = secrets.current.id;
  return {
    secretId,
    async seal(ref, content) {
      const key = await keyOf(secretId, ref.businessId);
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const text = new TextEncoder().encode(JSON.stringify(content));
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm(ref, nonce), key, text));
      return `v1.${secretId}.${base64url(Uint8Array.of(...nonce, ...sealed))}`;
    },
    async open(ref, sealed) {
      if (sealed === '' && purpose === 'destination') throw new DestinationForgottenError(ref.businessId, ref.id);
      const [, sealedWith, encoded] = SEALED.exec(sealed) ?? [];
      if (sealedWith === undefined || encoded === undefined) throw unopened(purpose, ref, 'has another form');
      const key = await keyOf(sealedWith, ref.businessId);
      try {
        const bytes = fromBase64url(encoded);
        const options = algorithm(ref, bytes.slice(0, NONCE_BYTES));
        const text = await crypto.subtle.decrypt(options, key, bytes.slice(NONCE_BYTES));
        return JSON.parse(new TextDecoder().decode(text)) as Readonly<Record<string, unknown>>;
      } catch {
        throw unopened(purpose, ref, 'was sealed for another one or under another secret, or was changed');
      }
    },
  };
}

function algorithm({ businessId, id }: SealRef, iv: Uint8Array<ArrayBuffer>) {
  // Ties a sealed text to what it belongs to: one that was copied to another cannot be opened there.
  const additionalData = new TextEncoder().encode(JSON.stringify([businessId, id]));
  return { name: 'AES-GCM', iv, additionalData };
}

function unopened(purpose: SealPurpose, { businessId, id }: SealRef, why: string): Error {
  return new Error(`The ${NAMES[purpose]} ${id} of ${businessId} ${why}.`);
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64url(encoded: string): Uint8Array<ArrayBuffer> {
  const text = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
