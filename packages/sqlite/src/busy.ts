import { hasCode } from './result-code.js';

/** How to wait for a lock. */
export interface BusyWait {
  /** For how long, in milliseconds, since the first try. */
  readonly timeoutMs: number;
  /** Milliseconds from any point, never running back. */
  readonly now: () => number;
  /** From 0 to 1, so that two processes do not keep meeting. */
  readonly random: () => number;
}

/** Waits that grow to this; short, since a lock is held for one batch and a longer sleep would miss the gaps. */
const LONGEST_WAIT_MS = 10;

/** Whether SQLite said that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, 'SQLITE_BUSY', 5);
}

/** The wait before each next try, in milliseconds, or `undefined` when the time is over. */
function busyWaits({ timeoutMs, now, random }: BusyWait): () => number | undefined {
  const start = now();
  let longest = 1;
  return () => {
    const left = timeoutMs - (now() - start);
    if (left <= 0) return undefined;
    longest = Math.min(longest * 1.5, LONGEST_WAIT_MS);
    return Math.min(left, longest * (0.5 + random() / 2));
  };
}

/** Tries until the lock is free, without blocking the event loop. Throws the last error when the time is over. */
export async function retryBusy<T>(work: () => T, wait: BusyWait, sleep: (ms: number) => Promise<void>): Promise<T> {
  const nextWait = busyWaits(wait);
  for (;;) {
    const ms = nextWait();
    if (ms === undefined) return work();
    await sleep(ms);
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }
}

/** As {@link retryBusy}, but blocking: for opening alone, when nothing is served yet. */
export function retryBusyBlocking<T>(work: () => T, wait: BusyWait): T {
  const nextWait = busyWaits(wait);
  for (;;) {
    try {
      return work();
    } catch (error) {
      const ms = isBusy(error) ? nextWait() : undefined;
      if (ms === undefined) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    }
  }
}
