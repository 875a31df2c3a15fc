import type { Schedule } from '../src/index.js';

/** Timers that a test moves by hand. Those that are due at once run at once, after what runs now. */
export class ManualTimers {
  #now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly run: () => void }>();

  /** @param impatience Timers up to this long are not waited for, in milliseconds. */
  constructor(readonly impatience = 0) {}

  readonly schedule: Schedule = (run, delayMs) => {
    const timer = { at: this.#now + delayMs, run };
    this.#waiting.add(timer);
    if (delayMs <= this.impatience) queueMicrotask(() => this.#fire(timer));
    return () => this.#waiting.delete(timer);
  };

  /** How many timers wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Lets time pass, and what is due by then run, the first due first. */
  advance(ms: number): void {
    this.#now += ms;
    const due = [...this.#waiting].filter(({ at }) => at <= this.#now).sort((left, right) => left.at - right.at);
    for (const timer of due) this.#fire(timer);
  }

  #fire(timer: { readonly at: number; readonly run: () => void }): void {
    if (this.#waiting.delete(timer)) timer.run();
  }
}

/**
 * Resolves once `holds` does, however often the event loop must turn for it: encryption answers from another thread, which may
 * have to wait on a busy machine. There is no time in it.
 */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turns = 0; turns < 1_000_000; turns++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`it never came about that ${what}`);
}
