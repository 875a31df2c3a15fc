/** What a fault program came to. */
export interface FaultReport {
  /** In one line, with its numbers. */
  readonly line: string;
  /** What must not be; empty where all is well. */
  readonly problems: readonly string[];
}

/** Collects problems; a thousand of one kind say no more than the first few. */
export class Problems {
  readonly found: string[] = [];

  add(problem: string): void {
    if (this.found.length < 20) this.found.push(problem);
  }

  /** Notes what does not hold. */
  expect(holds: boolean, problem: string): void {
    if (!holds) this.add(problem);
  }
}

/** Seconds since a moment of `performance.now()`, for a line. */
export function secondsSince(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
