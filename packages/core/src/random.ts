const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A number below 62^`length` in base 62, zero-padded: the digits are `0-9A-Za-z`. */
export function toBase62(value: number, length: number): string {
  let rest = value;
  let digits = '';
  for (let place = 0; place < length; place++) {
    digits = (ALPHABET[rest % 62] as string) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** Characters of `0-9A-Za-z`, each equally likely, from `crypto.getRandomValues`: 5.95 bits a character. */
export function randomBase62(length: number): string {
  const bytes = new Uint8Array(length * 2);
  let next = bytes.length;
  return base62(length, () => {
    if (next === bytes.length) {
      crypto.getRandomValues(bytes);
      next = 0;
    }
    return bytes[next++] as number;
  });
}

// A call of its own takes as long as a look-up in SQLite. Nothing secret comes from here.
const pool = new Uint8Array(4096);
let used = pool.length;

/** The same, from bytes that are drawn for many at a time: for names, never for a secret. */
export function randomName(length: number): string {
  return base62(length, () => {
    if (used === pool.length) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    return pool[used++] as number;
  });
}

function base62(length: number, byte: () => number): string {
  let text = '';
  while (text.length < length) {
    const drawn = byte();
    // 248 is the largest multiple of 62 that a byte can hold: one above it would favour the first characters.
    if (drawn < 248) text += ALPHABET[drawn % 62] as string;
  }
  return text;
}
