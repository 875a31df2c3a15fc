import { sha256 } from '@noble/hashes/sha2.js';
import { hex, utf8 } from '../encoding.js';
import { nodeCrypto } from '../node-crypto.js';

/** HMAC-SHA256 of a text's UTF-8 bytes, as 64 lower-case hex digits, under one key. */
export type KeyedHmac = (message: string) => string;

const BLOCK = 64;
const DIGEST = 32;
// The longest address that the HTTP routes take is 255 characters, at most 765 bytes.
const MAX_BUILT_IN_MESSAGE = 1024;

/**
 * Prepares HMAC-SHA256 (RFC 2104) for one key, so that each message costs only its own blocks. With the runtime's
 * one-shot hash where there is one, which more than halves the time of `createHmac`; else with `@noble/hashes`.
 */
export function keyedHmac(key: Uint8Array): KeyedHmac {
  const hash = nodeCrypto?.hash;
  return hash === undefined ? portableHmac(key) : builtInHmac(key, hash);
}

/** The path of runtimes without `node:crypto`. Exported for the comparison of the two. */
export function portableHmac(key: Uint8Array): KeyedHmac {
  const hmac = hmacBytes(key);
  return (message) => hex(hmac(utf8(message)));
}

/**
 * HMAC-SHA256 of bytes under one key. The states of the inner and the outer hash after the key's block are made once
 * and cloned for each message. The next call writes over the answer.
 */
export function hmacBytes(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const inner = sha256.create().update(padded(key, 0x36));
  const outer = sha256.create().update(padded(key, 0x5c));
  const scratch = sha256.create();
  const answer = new Uint8Array(DIGEST);
  return (message) => {
    inner._cloneInto(scratch).update(message).digestInto(answer);
    outer._cloneInto(scratch).update(answer).digestInto(answer);
    return answer;
  };
}

/** The key's block (RFC 2104, section 2), with `pad` on each byte. */
function padded(key: Uint8Array, pad: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? sha256(key) : key);
  return block.map((byte) => byte ^ pad);
}

type OneShotHash = NonNullable<NonNullable<typeof nodeCrypto>['hash']>;

// One scratch for all keys: everything here is synchronous. A view a length, since making a view costs as much as a
// tenth of the hash.
const inner = new Uint8Array(BLOCK + MAX_BUILT_IN_MESSAGE);
let lastPad: Uint8Array | undefined;
const innerMessage = inner.subarray(BLOCK);
const innerByLength: Uint8Array[] = [];
const encoder = new TextEncoder();

function builtInHmac(key: Uint8Array, hash: OneShotHash): KeyedHmac {
  const innerPad = padded(key, 0x36);
  const outer = new Uint8Array(BLOCK + DIGEST);
  outer.set(padded(key, 0x5c));
  const outerMessage = new DataView(outer.buffer, BLOCK);

  return (message) => {
    if (lastPad !== innerPad) {
      inner.set(innerPad);
      lastPad = innerPad;
    }
    const input = innerInput(message) ?? joined(innerPad, utf8(message));
    // A text of two bytes a character, which costs less than a buffer, and half the steps of one byte a character.
    const innerDigest = hash('sha256', input, 'utf16le');
    for (let index = 0; index < DIGEST / 2; index++) {
      outerMessage.setUint16(2 * index, innerDigest.charCodeAt(index), true);
    }
    return hash('sha256', outer, 'hex');
  };
}

/** The scratch up to the message's end, or `undefined` where the message does not fit. */
function innerInput(message: string): Uint8Array | undefined {
  const { length } = message;
  if (length > MAX_BUILT_IN_MESSAGE) return undefined;
  // Nearly every address is ASCII, and then this costs half of what the encoder does.
  for (let index = 0; index < length; index++) {
    const code = message.charCodeAt(index);
    if (code > 0x7f) return encodedInput(message);
    innerMessage[index] = code;
  }
  return innerOf(length);
}

function encodedInput(message: string): Uint8Array | undefined {
  const { read, written } = encoder.encodeInto(message, innerMessage);
  return read < message.length ? undefined : innerOf(written);
}

function innerOf(length: number): Uint8Array | undefined {
  innerByLength[length] ??= inner.subarray(0, BLOCK + length);
  return innerByLength[length];
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
