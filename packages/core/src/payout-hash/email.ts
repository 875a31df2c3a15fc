// Cc: the C0 and C1 controls. Without the rule `a` + NUL + `1` would be generation 1 of `a`.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

// What is all this needs no more than lower case; and nearly every address has no upper case either.
const PLAIN = /^[!-~]+$/;
const PLAIN_LOWER_CASE = /^[!-@[-~]+$/;

/**
 * The form of an address that identifies a payout user: trimmed, NFC, lower case, NFC again. Dots and plus tags stay:
 * they are part of the address. Without the second NFC the result would not be stable for 101 pairs of letters.
 *
 * @throws {TypeError} where the address is empty, or has control characters or lone surrogates (any two of which
 * would become the same bytes). The message does not repeat the address.
 */
export function normalizeEmail(email: string): string {
  if (typeof email !== 'string') throw new TypeError('email must be a string');
  if (PLAIN_LOWER_CASE.test(email)) return email;
  if (PLAIN.test(email)) return email.toLowerCase();
  const normalized = email.trim().normalize('NFC').toLowerCase().normalize('NFC');
  if (normalized === '') throw new TypeError('email must not be empty');
  if (CONTROL.test(email)) throw new TypeError('email must not have control characters');
  if (hasLoneSurrogate(email)) throw new TypeError('email must not have lone surrogates');
  return normalized;
}

/** Whether a text has half of a pair: any two of those become the same bytes in UTF-8. */
// String.prototype.isWellFormed is not in the ES2023 that we build for.
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Cs}/u.test(text);
}
