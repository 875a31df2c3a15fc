/** 128 bits of chance, as hexadecimal digits. */
export function newIdempotencyKey(): string {
  // Not randomUUID: a browser has that on https alone.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The header's value: a quoted string, in which blanks and commas are safe (RFC 9651, section 3.3.3).
 *
 * @throws {TypeError} for what cannot be a key. Sent, it would be a failure of `fetch`, and look like one of the network.
 */
export function idempotencyKeyHeader(key: string): string {
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new TypeError('idempotencyKey must be 1 to 255 printable ASCII characters');
  }
  return `"${key.replace(/["\\]/g, '\\$&')}"`;
}
