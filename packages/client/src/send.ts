import { type ApiError, codeOf, type ExchangeError } from './errors.js';
import { exchange, type WireAnswer } from './exchange.js';
import { newIdempotencyKey } from './idempotency-key.js';
import type { Transport } from './options.js';
import type { Reader } from './read.js';
import type { Result } from './result.js';
import { mayPass, retryAfterSeconds, waitMs } from './retry.js';
import { type RequestParts, wireRequest } from './wire-request.js';

/** Options of one call. */
export interface CallOptions {
  /** Ends the call at once, waits included. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of one call that is carried out at most once. */
export interface PostOptions extends CallOptions {
  /**
   * Under which the order is carried out at most once: 1 to 255 printable ASCII characters. Keep one of your own where the
   * order has to survive a crash of your process. @default one of 128 random bits, the same through all attempts
   */
  readonly idempotencyKey?: string | undefined;
}

/** A call to one route. */
export interface Call<Value> extends RequestParts, PostOptions {
  readonly read: Reader<Value>;
}

type Failure = ApiError | ExchangeError;

/** Sends a request, again where that is safe, and says what became of it. */
export async function send<Value>(transport: Transport, call: Call<Value>): Promise<Result<Value>> {
  const { now, random, deadlineMs, timeoutMs, maxRetries } = transport;
  const { method, signal } = call;
  const idempotencyKey = method === 'POST' ? (call.idempotencyKey ?? newIdempotencyKey()) : null;
  const request = wireRequest(transport, call, idempotencyKey);
  const deadline = now() + deadlineMs;
  /** Whether an attempt before the last one may have been carried out, or may yet be. */
  let doubt = false;

  const failed = (error: Failure, sent: boolean): Result<Value> => {
    const isOpen = doubt ? !standsForAll(error) : sent && leavesOpen(error);
    if (method === 'GET' || !isOpen) return { ok: false, error };
    return { ok: false, error: { code: 'unknown_outcome', idempotencyKey, cause: error } };
  };

  for (let retries = 0; ; retries++) {
    if (signal?.aborted === true) return failed({ code: 'aborted' }, false);
    const limitMs = Math.max(0, Math.min(timeoutMs, deadline - now()));
    const result = understood(await exchange(transport, request, limitMs, signal), call.read, now);
    if (!('error' in result)) return result;
    const { error } = result;
    const wait = waitMs(retries, error, random);
    // A PATCH has no key: sent twice, it may undo what somebody else has changed between.
    const isSafe = method !== 'PATCH' || error.code === 'too_many_requests';
    const again = isSafe && mayPass(error) && retries < maxRetries && now() + wait < deadline;
    if (!again) return failed(error, true);
    doubt ||= leavesOpen(error);
    await pause(transport, wait, signal);
  }
}

/** Whether the server may have carried out what ended so. */
function leavesOpen({ code }: Failure): boolean {
  switch (code) {
    case 'network_error':
    case 'timeout':
    case 'aborted':
    // Whoever gave it may have replaced the server's own answer.
    case 'unexpected_answer':
    case 'internal_error':
    case 'service_unavailable':
      return true;
    default:
      return false;
  }
}

/**
 * Whether this refusal holds for every attempt with the key, those that are still on their way included: the ledger keeps
 * it. Any other is looked at anew each time, and the attempt before may have met, or may yet meet, another state.
 */
function standsForAll({ code }: Failure): boolean {
  return ['insufficient_balance', 'insufficient_payout_balance', 'idempotency_key_reused'].includes(code);
}

function understood<Value>(
  answer: WireAnswer | ExchangeError,
  read: Reader<Value>,
  now: () => number,
): Extract<Result<Value>, { readonly ok: true }> | { readonly error: Failure } {
  if (answer.code !== undefined) return { error: answer };
  const { status, headers, body } = answer;
  const requestId = headers.get('x-request-id');
  if (status === 200) {
    try {
      return { ok: true, replayed: headers.get('idempotency-replayed') === 'true', value: read(body) };
    } catch {
      return { error: { code: 'unexpected_answer', status, requestId } };
    }
  }
  const code = codeOf(status, body);
  if (code === undefined) return { error: { code: 'unexpected_answer', status, requestId } };
  const waited = retryAfterSeconds(headers.get('retry-after'), now());
  return { error: { code, status, body, requestId, retryAfterSeconds: waited } as ApiError };
}

async function pause({ sleep }: Transport, ms: number, signal: AbortSignal | undefined): Promise<void> {
  const end = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    signal?.addEventListener('abort', () => resolve(), { signal: end.signal });
  });
  await Promise.race([sleep(ms, end.signal), aborted]);
  end.abort();
}
