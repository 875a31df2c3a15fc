import type { Schedule } from '../schedule.js';

/** What became of a call to a provider. */
export type Called =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'timed_out' }
  /** The process ends, and the provider had not answered. */
  | { readonly kind: 'stopped' };

/** How long a call may take. */
export interface CallOptions {
  readonly timeoutMs: number;
  readonly schedule: Schedule;
  /** Aborted when the process is to end. */
  readonly stop: AbortSignal;
}

// An answer that is on its way saves the next process from asking again.
const STOP_GRACE_MS = 2000;

/**
 * Calls a provider. It has until the time-out, or a little longer than the process is told to end; what it answers after
 * that is not heard. Never rejects.
 */
export function callProvider(
  call: (signal: AbortSignal) => unknown,
  { timeoutMs, schedule, stop }: CallOptions,
): Promise<Called> {
  return new Promise((resolve) => {
    const abort = new AbortController();
    const cancels: (() => void)[] = [];
    const end = (called: Called): void => {
      stop.removeEventListener('abort', onStop);
      for (const cancel of cancels) cancel();
      resolve(called);
      if (called.kind === 'timed_out') abort.abort(new Error('the provider did not answer in time'));
    };
    const onStop = (): void => {
      cancels.push(schedule(() => end({ kind: 'stopped' }), STOP_GRACE_MS));
      abort.abort(new Error('the process ends'));
    };
    cancels.push(schedule(() => end({ kind: 'timed_out' }), timeoutMs));
    stop.addEventListener('abort', onStop);
    void Promise.resolve(abort.signal)
      .then(call)
      .then(
        (value) => end({ kind: 'answered', value }),
        (error: unknown) => end(stop.aborted ? { kind: 'stopped' } : { kind: 'threw', error }),
      );
    if (stop.aborted) onStop();
  });
}
