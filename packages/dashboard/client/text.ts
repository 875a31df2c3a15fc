/** How many digits of a currency are behind the point. */
function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount of the smallest unit, for people. */
export function money(amount: number, currency: string): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount / 10 ** digitsOf(currency));
}

/** What is said to somebody who has typed something else. */
export const NO_AMOUNT = 'The amount must be like 12.50, without signs and commas.';

/** The same as somebody would type it. */
export function plainAmount(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  return (amount / 10 ** digits).toFixed(digits);
}

/**
 * What somebody types as an amount, in the smallest unit. What is no amount stays as it is typed, for the server to refuse:
 * a comma too, which is a point to some and parts thousands to others.
 */
export function typedAmount(text: string, currency: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const digits = digitsOf(currency);
  const [, whole, behind = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(trimmed) ?? [];
  if (whole === undefined || behind.length > digits) return trimmed;
  return Number(whole + behind.padEnd(digits, '0'));
}

/** A time, for people, in their own zone: the day, and the time of the day. */
export function dayAndTime(at: string): readonly [day: string, time: string] {
  const date = new Date(at);
  return [
    date.toLocaleDateString(undefined, { dateStyle: 'medium' }),
    date.toLocaleTimeString(undefined, { timeStyle: 'short' }),
  ];
}

/** `payout_user.reissue` as words. */
export function words(name: string): string {
  const text = name.replace(/[._]/g, ' ').replace(/^api\b/, 'API');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text of somebody else within a sentence: marks of direction in it end with it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** What a date field says, as the last moment of that day. */
export function endOfDay(day: string): string | null {
  return day === '' ? null : new Date(`${day}T23:59:59`).toISOString();
}
