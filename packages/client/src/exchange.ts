import type { ExchangeError } from './errors.js';
import type { Transport } from './options.js';

/** What is asked of a `fetch`. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** A redirect would carry the credential, and the order, to a host that nobody chose. */
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** What is needed of an answer. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** As much of the web's `fetch` as is used here. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;

/** One HTTP request. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** One HTTP answer. */
export interface WireAnswer {
  readonly code?: never;
  readonly status: number;
  readonly headers: FetchAnswer['headers'];
  /** `undefined` where it is not JSON. */
  readonly body: unknown;
}

/** Asks once. It ends in time, and when the signal is aborted, whatever `fetch` does. */
export async function exchange(
  { fetch, sleep }: Transport,
  request: WireRequest,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<WireAnswer | ExchangeError> {
  const end = new AbortController();
  const timeout = (): ExchangeError => ({ code: 'timeout' });
  try {
    return await Promise.race([
      ask(fetch, request, end.signal),
      sleep(limitMs, end.signal).then(timeout, timeout),
      new Promise<ExchangeError>((resolve) => {
        signal?.addEventListener('abort', () => resolve({ code: 'aborted' }), { signal: end.signal });
      }),
    ]);
  } finally {
    end.abort();
  }
}

async function ask(fetch: Fetch, request: WireRequest, signal: AbortSignal): Promise<WireAnswer | ExchangeError> {
  try {
    const { url, ...init } = request;
    const answer = await fetch(url, { ...init, redirect: 'manual', signal });
    return { status: answer.status, headers: answer.headers, body: json(await answer.text()) };
  } catch (error) {
    return { code: 'network_error', reason: reasonOf(error) };
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The code alone: what else is in such an error, a runtime or a wrapper may have filled with the request and its headers.
function reasonOf(error: unknown): string | null {
  for (const thrown of [(error as { cause?: unknown } | null | undefined)?.cause, error]) {
    const code = (thrown as { code?: unknown } | null | undefined)?.code;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,49}$/.test(code)) return code;
  }
  return null;
}
