/** The suite's clock: it moves when a behaviour moves it, and never by itself. */
export class Clock {
  #now = 1_750_000_000_000;

  /** Milliseconds since 1970, as a function to hand over. */
  readonly now = (): number => this.#now;

  /** Lets time pass. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
