/** How many digits of a currency are behind the point. */
function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount of the smallest unit, for people. */
export function money(amount: number, currency: string): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount / 10 ** digitsOf(currency));
}

/** What somebody types as an amount, in the smallest unit; as it stands where it is no amount, for the server to refuse. */
export function typedAmount(text: string, currency: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const digits = digitsOf(currency);
  const [, whole, , behind = ''] = /^(\d{1,12})([.,](\d+))?$/.exec(trimmed) ?? [];
  if (whole === undefined || behind.length > digits) return trimmed;
  return Number(whole + behind.padEnd(digits, '0'));
}

/** A time, for people, in their own zone. */
export function time(at: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

/** `payout_user.reissue` as words. */
export function words(name: string): string {
  const text = name.replace(/[._]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a date field says, as the last moment of that day. */
export function endOfDay(day: string): string | null {
  return day === '' ? null : new Date(`${day}T23:59:59`).toISOString();
}
