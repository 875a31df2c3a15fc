import type { ApiError, ExchangeError } from './errors.js';

const FIRST_MS = 250;
const LONGEST_MS = 8000;

/** Whether another attempt may fare better. */
export function mayPass(error: ApiError | ExchangeError): boolean {
  switch (error.code) {
    case 'network_error':
    case 'timeout':
    case 'too_many_requests':
    case 'service_unavailable':
      return true;
    case 'unexpected_answer':
      // The gateway could not reach the server; or what was an answer has been cut off or replaced.
      return error.status === 502 || error.status === 504 || (error.status >= 200 && error.status < 300);
    default:
      return false;
  }
}

/**
 * How long to wait before the next attempt: back-off with full jitter. A `Retry-After` is waited for, and the jitter on top
 * of it: those who were told the same second must not come back together.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function waitMs(retries: number, error: ApiError | ExchangeError, random: () => number): number {
  const asked = 'retryAfterSeconds' in error ? (error.retryAfterSeconds ?? 0) : 0;
  return asked * 1000 + random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** retries);
}

/** Reads `Retry-After`, seconds or a date (RFC 9110, section 10.2.3); `null` for none, and for what is neither. */
export function retryAfterSeconds(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const at = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}
