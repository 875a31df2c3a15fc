import type { DocumentCollection, DocumentPut, DocumentRef } from './record.js';

const MAX_OWNER = 128;
const COLLECTION = /^[a-z_]{1,32}$/;
const ID = /^[A-Za-z0-9_-]{1,128}$/;
// Thirty years: a time that far away is a mistake, and past 2^53 ms it could not be kept.
const MAX_EXPIRES_SECONDS = 1_000_000_000;
const MAX_BODY_BYTES = 16 * 1024;
const MAX_DEPTH = 32;

const encoder = new TextEncoder();

/**
 * For adapters, before a list of documents.
 *
 * @throws {TypeError} by name, for an owner or a collection of another form.
 */
export function assertDocumentCollection({ owner, collection }: DocumentCollection): void {
  if (!isText(owner) || owner.length > MAX_OWNER) {
    throw new TypeError(`owner must be at most ${MAX_OWNER} characters, without NUL and lone surrogates`);
  }
  if (typeof collection !== 'string' || !COLLECTION.test(collection)) {
    throw new TypeError('collection must be 1 to 32 characters of a-z and "_"');
  }
}

/**
 * For adapters, before a document is read or deleted.
 *
 * @throws {TypeError} by name, for an owner, a collection or an id of another form.
 */
export function assertDocumentRef(ref: DocumentRef): void {
  assertDocumentCollection(ref);
  if (typeof ref.id !== 'string' || !ID.test(ref.id)) {
    throw new TypeError('the id of a document must be 1 to 128 characters of A-Z, a-z, 0-9, "_" and "-"');
  }
}

/**
 * For adapters, before a document is written: checks all of it, and gives its body as the text to keep. What is parsed
 * from that text is the body again, whichever the storage.
 *
 * @throws {TypeError} by name, for what has another form or is more than JSON keeps.
 */
export function documentText(put: DocumentPut): string {
  assertDocumentRef(put);
  const { expectedVersion, body, expiresInSeconds } = put;
  if (expectedVersion !== null && !(Number.isSafeInteger(expectedVersion) && expectedVersion >= 0)) {
    throw new TypeError('expectedVersion must be an integer, 0 or more, or null');
  }
  if (expiresInSeconds !== null && !(Number.isInteger(expiresInSeconds) && isExpiry(expiresInSeconds))) {
    throw new TypeError(`expiresInSeconds must be an integer from 1 to ${MAX_EXPIRES_SECONDS}, or null`);
  }
  if (!isPlainObject(body)) throw new TypeError('body must be an object');
  assertJson('body', body, 0);
  const text = JSON.stringify(body);
  if (encoder.encode(text).length > MAX_BODY_BYTES) {
    throw new TypeError(`body must be at most ${MAX_BODY_BYTES} bytes as a text`);
  }
  return text;
}

function isExpiry(seconds: number): boolean {
  return seconds >= 1 && seconds <= MAX_EXPIRES_SECONDS;
}

// The depth is bounded for what refers to itself, and for whoever reads the text again.
function assertJson(path: string, value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw new TypeError(`body must be at most ${MAX_DEPTH} deep`);
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${path} must be a safe integer`);
  } else if (typeof value === 'string') {
    if (!isText(value)) throw new TypeError(`${path} must be without NUL and lone surrogates`);
  } else if (Array.isArray(value)) {
    // By place, since `forEach` steps over holes, of which JSON makes null.
    for (let at = 0; at < value.length; at++) assertJson(`${path}[${at}]`, value[at], depth + 1);
  } else if (isPlainObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      // Whoever copies it name by name would set a prototype.
      if (!isText(name) || name === '__proto__') {
        throw new TypeError(`a name in ${path} must be without NUL and lone surrogates, and not "__proto__"`);
      }
      assertJson(`${path}.${name}`, member, depth + 1);
    }
  } else {
    throw new TypeError(
      `${path} must be what JSON keeps: a text, a safe integer, true, false, null, a list, an object`,
    );
  }
}

// Of any realm. A class's instance, a Date or a Map would come back as something else.
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

// PostgreSQL cannot keep a NUL, and in UTF-8 any two lone surrogates are the same.
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0') && !/\p{Cs}/u.test(value);
}
