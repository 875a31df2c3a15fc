/** Runs something later, once; what it answers calls that off. Tests give one that they move by hand. */
export type Schedule = (run: () => void, delayMs: number) => () => void;

/** By the runtime's own timers. */
export const timers: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** Resolves after a time, or as soon as `stop` is aborted. */
export function pause(schedule: Schedule, delayMs: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted) return resolve();
    const end = (): void => {
      cancel();
      stop?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = schedule(end, delayMs);
    stop?.addEventListener('abort', end);
  });
}

const { setImmediate: later } = globalThis as { readonly setImmediate?: (run: () => void) => unknown };

/** Lets what has arrived by now be read. At once on a runtime without `setImmediate`, where a timer would take too long. */
export function nextTurn(): Promise<void> {
  return later === undefined ? Promise.resolve() : new Promise((resolve) => void later(resolve));
}
