import type { Schedule } from '@bursar/payouts';

/** Timers that a test moves by hand. */
export class ManualTimers {
  #now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly run: () => void }>();

  readonly schedule: Schedule = (run, delayMs) => {
    const timer = { at: this.#now + delayMs, run };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  };

  /** How many timers wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Lets time pass, and what is due by then run. */
  advance(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#waiting].filter(({ at }) => at <= this.#now)) {
      if (this.#waiting.delete(timer)) timer.run();
    }
  }
}

/** Resolves once `holds` does, however often the event loop must turn for it. There is no time in it. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turns = 0; turns < 1_000_000; turns++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`it never came about that ${what}`);
}
