/**
 * Amounts as they are shown and typed. Inside they are integers of the currency's smallest unit, as everywhere in Bursar.
 *
 * @module
 */

const formats = new Map<string, Intl.NumberFormat>();

/** Kept: to make one costs more than to use it a hundred times, and every key that is pressed writes every amount anew. */
function formatOf(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = JSON.stringify([language, options]);
  const format = formats.get(name) ?? new Intl.NumberFormat(language, options);
  formats.set(name, format);
  return format;
}

/** How many decimals a currency has: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217). */
function decimalsOf(currency: string): number {
  return formatOf('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** `1234.50`. Text, so that an amount beyond 2^53 hundredths loses nothing on its way. */
function decimalText(amount: number, decimals: number): string {
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${amount < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

/** `$1,234.50`, as the language writes it. `signed`: with a plus or a minus. */
export function formatAmount(amount: number, currency: string, language: string, signed = false): string {
  const format = formatOf(language, {
    style: 'currency',
    currency,
    signDisplay: signed ? 'exceptZero' : 'auto',
  });
  const text = format.format(decimalText(amount, decimalsOf(currency)) as Intl.StringNumericLiteral);
  // From right to left, the sign of `US$` would stand on its other side: it has a direction of its own.
  return text.includes('\u200f') ? text.replace(/[A-Z]+\p{Sc}/u, '\u2066$&\u2069') : text;
}

/** The amount alone, as it would be typed: `1234.50`. */
export function typedAmount(amount: number, currency: string, language: string): string {
  const decimals = decimalsOf(currency);
  const format = formatOf(language, { useGrouping: false, minimumFractionDigits: decimals });
  return format.format(decimalText(amount, decimals) as Intl.StringNumericLiteral);
}

/**
 * Reads what somebody typed; `null` for what is no amount, or could be two. `1,234` is 1234 in English and, in French,
 * 1.234: never guessed. A separator of groups has to stand where groups are, so that `12,50` is not 1250 in English.
 */
export function parseAmount(typed: string, currency: string, language: string): number | null {
  const { decimal, groups, zero } = separatorsOf(language);
  const latin = typed.trim().replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
  // The decimal point of a keyboard, where the language has no other use for it.
  const point = zero || groups.includes('.') ? decimal : `${decimal}.`;
  const [whole = '', fraction = '', ...more] = split(latin, point);
  const bare = ungrouped(whole, groups);
  const decimals = decimalsOf(currency);
  if (more.length > 0 || bare === null || !/^\d*$/.test(fraction) || bare + fraction === '') return null;
  if (fraction.length > decimals) return null;
  const amount = Number((bare || '0') + fraction.padEnd(decimals, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
}

interface Separators {
  readonly decimal: string;
  readonly groups: string;
  /** Whether the language has digits of its own, which are typed with Latin separators too. */
  readonly zero: boolean;
}

function separatorsOf(language: string): Separators {
  const parts = formatOf(language, {}).formatToParts(-1_234_567.8);
  const partOf = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const zero = !/^[0-9]/.test(partOf('integer'));
  // Arabic digits come with ٫ and ٬; on a Latin keyboard the same person types a point and a comma.
  return zero
    ? { decimal: `${partOf('decimal')}.`, groups: `${partOf('group')},`, zero }
    : { decimal: partOf('decimal'), groups: partOf('group'), zero };
}

function split(text: string, separators: string): string[] {
  const parts = [''];
  for (const character of text) {
    if (separators.includes(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** The digits of a whole number, without what stands between its groups; `null` where that stands elsewhere. */
function ungrouped(whole: string, groups: string): string | null {
  const isBlank = /\s/.test(groups);
  const text = isBlank ? whole.replace(/[\s\u00a0\u202f]/g, ' ') : whole;
  const parts = split(text, isBlank ? ' ' : groups);
  const [first = '', ...rest] = parts;
  const isGrouped = /^\d{1,3}$/.test(first) && rest.every((part) => /^\d{3}$/.test(part));
  return rest.length === 0 ? (/^\d*$/.test(first) ? first : null) : isGrouped ? parts.join('') : null;
}
