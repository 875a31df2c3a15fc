/** Back-off with full jitter: of many that failed together, few come again together. */
const FIRST_S = 5;
const LONGEST_S = 900;
const FIRST_CHECK_S = 30;
const LONGEST_CHECK_S = 21_600;

/**
 * In how many seconds `send` is tried again: from 1 to a bound that doubles with each attempt, up to 15 minutes.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function sendAgainInSeconds(attempts: number, random: () => number): number {
  return jittered(Math.min(LONGEST_S, FIRST_S * 2 ** Math.max(0, attempts - 1)), random);
}

/** In how many seconds the provider is asked: the longer it takes already, the less often, at least each 6 hours. */
export function checkInSeconds(ageSeconds: number, random: () => number): number {
  return jittered(Math.min(LONGEST_CHECK_S, Math.max(FIRST_CHECK_S, ageSeconds)), random);
}

/** In how many seconds a withdrawal that waits for the team is looked at again: at least each 15 minutes. */
export function waitInSeconds(ageSeconds: number, random: () => number): number {
  return jittered(Math.min(LONGEST_S, Math.max(FIRST_CHECK_S, ageSeconds)), random);
}

function jittered(bound: number, random: () => number): number {
  return Math.max(1, Math.ceil(random() * bound));
}
