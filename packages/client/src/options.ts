import { baseUrlOf } from './base-url.js';
import type { Fetch } from './exchange.js';

/** Options of both clients. */
export interface ClientOptions {
  /** Where the API is mounted, for example `https://api.example.com/v1`. https, unless it is this machine. */
  readonly baseUrl: string;
  /** @default the runtime's own */
  readonly fetch?: Fetch | undefined;
  /** How long one attempt may take, in milliseconds. @default 15000 */
  readonly timeoutMs?: number | undefined;
  /** How long a call may take with all its attempts and the waits between, in milliseconds. @default 60000 */
  readonly deadlineMs?: number | undefined;
  /** How many more attempts there are after the first. @default 3 */
  readonly maxRetries?: number | undefined;
  /** Lets `baseUrl` be http on another machine, for a network that is private and trusted. @default false */
  readonly allowHttp?: boolean | undefined;
  /** The clock, in milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Chance from 0 up to 1, which spreads the retries of many clients. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Waits; early, when the signal is aborted. @default a timer */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** The options of a client, checked, and the header that its requests carry. */
export interface Transport {
  readonly baseUrl: string;
  readonly credential: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly maxRetries: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Checks the options. @throws {TypeError} which names the wrong one. */
export function transportOf(options: ClientOptions, credential: Transport['credential']): Transport {
  const { timeoutMs = 15_000, deadlineMs = 60_000, maxRetries = 3, allowHttp = false } = options;
  const { now = Date.now, random = Math.random, sleep = timer } = options;
  return {
    baseUrl: baseUrlOf(options.baseUrl, allowHttp),
    credential,
    // Looked up at each request: a test or a tracer may put another one there.
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    timeoutMs: integer('timeoutMs', timeoutMs, 1),
    deadlineMs: integer('deadlineMs', deadlineMs, 1),
    maxRetries: integer('maxRetries', maxRetries, 0),
    now,
    random,
    sleep,
  };
}

// The longest that a timer waits; one that is told to wait longer does not wait at all.
const MAX = 2_147_483_647;

function integer(name: string, value: number, minimum: number): number {
  if (Number.isInteger(value) && value >= minimum && value <= MAX) return value;
  throw new TypeError(`${name} must be an integer from ${minimum} to ${MAX}`);
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const id = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(id);
      resolve();
    });
  });
}
