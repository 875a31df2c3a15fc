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
  let text = '';
  while (text.length < length) {
    crypto.getRandomValues(bytes);
    for (let index = 0; index < bytes.length && text.length < length; index++) {
      const byte = bytes[index] as number;
      // 248 is the largest multiple of 62 that a byte can hold: one above it would favour the first characters.
      if (byte < 248) text += ALPHABET[byte % 62] as string;
    }
  }
  return text;
}
