/** The longest that `Retry-After` is followed, in seconds: an endpoint does not put its deliveries off for ever. */
const MAX_RETRY_AFTER_S = 21_600;
const JITTER = 0.2;

/** After how many seconds a delivery that failed is sent again: the first retry, the second … More than a day in all. */
export const RETRY_SECONDS: readonly number[] = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];

/**
 * In how many seconds a delivery is sent again after its `attempts`-th attempt, up to a fifth later by chance, so that
 * many that failed together do not come again together. `null` after the last one.
 */
export function retryInSeconds(schedule: readonly number[], attempts: number, random: () => number): number | null {
  const delay = schedule[attempts - 1];
  return delay === undefined ? null : Math.ceil(delay * (1 + JITTER * random()));
}

/**
 * What `Retry-After` says (RFC 9110, section 10.2.3), in whole seconds from `now`, at most six hours; 0 for none and for
 * what has another form.
 */
export function retryAfterSeconds(header: string | null, now: number): number {
  if (header === null) return 0;
  const text = header.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isNaN(seconds) ? 0 : Math.min(MAX_RETRY_AFTER_S, Math.max(0, Math.ceil(seconds)));
}
