import type { Payouts, Schedule } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import type { WebhookEndpoint } from './endpoint/view.js';
import { RETRY_SECONDS } from './retry.js';
import { httpTransport, type WebhookTransport } from './transport.js';
import type { UrlRules } from './url.js';

/** Set-up of {@link createWebhooks}. */
export interface WebhooksOptions {
  /** Made with `events: true`. */
  readonly payouts: Payouts;
  /** Lets endpoints have `http:` URLs. For tests, and for servers of your own. @default false */
  readonly allowHttp?: boolean | undefined;
  /** Sends to loopback, private and link-local addresses too. For tests, and for servers of your own. @default false */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** How long an endpoint may take to answer, in milliseconds. @default 15000 */
  readonly timeoutMs?: number | undefined;
  /** How many endpoints a business may have; its test side has as many of its own. @default 16 */
  readonly maxEndpoints?: number | undefined;
  /** How many deliveries this process sends at the same time. @default 100 */
  readonly concurrency?: number | undefined;
  /** How many of them to one endpoint: a slow one does not hold up the others. @default 4 */
  readonly concurrencyPerEndpoint?: number | undefined;
  /**
   * After how many seconds a delivery that failed is sent again: the first retry, the second … When the last one has
   * failed, it is given up.
   *
   * @default [5, 300, 1800, 7200, 18000, 36000, 36000]: 28 hours in all
   */
  readonly retrySeconds?: readonly number[] | undefined;
  /** How long every delivery to an endpoint must have failed before it is switched off. @default 432000: five days */
  readonly disableAfterSeconds?: number | undefined;
  /** Told of an endpoint that was switched off for failing, or for its answer 410. Not waited for. @default nobody */
  readonly onEndpointDisabled?: ((endpoint: WebhookEndpoint) => void) | undefined;
  /** How requests are sent. @default Node's own client, to checked addresses alone */
  readonly transport?: WebhookTransport | undefined;
  /** Chance, from 0 to below 1, for the jitter of retries. @default that of `payouts` */
  readonly random?: (() => number) | undefined;
  /** Timers. @default those of `payouts` */
  readonly schedule?: Schedule | undefined;
}

/** The set-up as the parts share it. */
export interface WebhooksContext extends UrlRules {
  readonly payouts: Payouts;
  readonly storage: BursarStorage;
  readonly seal: ReturnType<Payouts['context']['sealFor']>;
  readonly transport: WebhookTransport;
  readonly timeoutMs: number;
  readonly maxEndpoints: number;
  readonly concurrency: number;
  readonly concurrencyPerEndpoint: number;
  readonly retrySeconds: readonly number[];
  readonly disableAfterSeconds: number;
  readonly onEndpointDisabled: (endpoint: WebhookEndpoint) => void;
  readonly now: () => number;
  readonly random: () => number;
  readonly schedule: Schedule;
  readonly onError: (error: unknown) => void;
}

const YEAR_S = 31_536_000;

const NUMBERS = {
  timeoutMs: { fallback: 15_000, max: 120_000 },
  maxEndpoints: { fallback: 16, max: 100 },
  concurrency: { fallback: 100, max: 1000 },
  concurrencyPerEndpoint: { fallback: 4, max: 1000 },
  disableAfterSeconds: { fallback: 432_000, max: YEAR_S },
} as const;

/** Checks the options, once, at start-up. @throws {TypeError} which names the option and the rule. */
export function webhooksContext(options: WebhooksOptions): WebhooksContext {
  const { payouts, allowHttp = false, allowPrivateAddresses = false, retrySeconds = RETRY_SECONDS } = options;
  if (typeof payouts?.context?.sealFor !== 'function') throw new TypeError('payouts must be what createPayouts made');
  if (!payouts.context.events) throw new TypeError('payouts must be made with `events: true`');
  if (!Array.isArray(retrySeconds) || retrySeconds.length > 100 || !retrySeconds.every(isDelay)) {
    throw new TypeError(`retrySeconds must be at most 100 integers from 1 to ${YEAR_S}`);
  }
  for (const name of ['onEndpointDisabled', 'random', 'schedule'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function') {
      throw new TypeError(`${name} must be a function`);
    }
  }
  const { context } = payouts;
  const { onError, now } = context.auth.context;
  return {
    payouts,
    storage: context.storage,
    seal: context.sealFor('webhook_secret'),
    allowHttp,
    allowPrivateAddresses,
    transport: options.transport ?? httpTransport({ allowPrivateAddresses }),
    timeoutMs: numberOf(options, 'timeoutMs'),
    maxEndpoints: numberOf(options, 'maxEndpoints'),
    concurrency: numberOf(options, 'concurrency'),
    concurrencyPerEndpoint: numberOf(options, 'concurrencyPerEndpoint'),
    disableAfterSeconds: numberOf(options, 'disableAfterSeconds'),
    retrySeconds,
    onEndpointDisabled: tellSafely(options.onEndpointDisabled, onError),
    now,
    random: options.random ?? context.random,
    schedule: options.schedule ?? context.schedule,
    onError,
  };
}

function isDelay(seconds: unknown): boolean {
  return Number.isInteger(seconds) && (seconds as number) >= 1 && (seconds as number) <= YEAR_S;
}

function numberOf(options: WebhooksOptions, name: keyof typeof NUMBERS): number {
  const { fallback, max } = NUMBERS[name];
  const value = options[name] ?? fallback;
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new TypeError(`${name} must be an integer from 1 to ${max}`);
}

// A hook may be asynchronous, though nothing waits for it: a rejection that nobody handles would end the process.
function tellSafely(
  hook: WebhooksOptions['onEndpointDisabled'],
  onError: (error: unknown) => void,
): (endpoint: WebhookEndpoint) => void {
  return (endpoint) => {
    void Promise.resolve(endpoint).then(hook).catch(onError);
  };
}
