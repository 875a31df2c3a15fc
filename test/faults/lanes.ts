import { StorageUnavailableError } from '@bursar/core';
import type { BursarStorage } from '@bursar/payouts/storage';
import type { Remains } from './killed-books.js';
import { LANES, operation, perform, type Users } from './load.js';
import { openPayouts } from './scene.js';

/** How lanes work. */
export interface LaneOptions {
  readonly storage: BursarStorage;
  readonly users: Users;
  readonly seed: number;
  /** What a lane does that is told that nobody knows: it ends, or asks again with the same key until it is answered. */
  readonly onUnknown: 'end' | 'ask again';
}

/**
 * A process that stays while its server goes: lanes of operations, each noted before the next, and a worker that sends the
 * withdrawals.
 */
export class Lanes {
  /** How often somebody was told that storage is not there. */
  unknown = 0;
  readonly #told: { ok: boolean; id: string | null }[][] = Array.from({ length: LANES }, () => []);
  readonly #paid: string[] = [];
  readonly #errors: string[] = [];
  readonly #payouts;
  readonly #work: Promise<unknown>;
  #answered = 0;
  #over = false;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(readonly options: LaneOptions) {
    this.#payouts = openPayouts(options.storage, {
      send: async ({ id }) => {
        this.#paid.push(id);
        return { status: 'sent' };
      },
      onError: (error) => this.#note(error),
    });
    this.#payouts.withdrawals.start({ intervalMs: 20 });
    this.#work = Promise.all(this.#told.map((_, lane) => this.#lane(lane))).then(() => {
      // Whoever waits for more would wait for ever.
      for (const { resolve } of this.#waiting) resolve();
    });
  }

  /** Resolves when so many more operations are answered, or none will be. */
  async more(count: number): Promise<void> {
    const more = new Promise<void>((resolve) => {
      this.#waiting.push({ count: this.#answered + count, resolve });
    });
    await Promise.race([more, this.#work]);
  }

  /** Lets no lane begin anything new. */
  finish(): void {
    this.#over = true;
  }

  /** Resolves when nothing is under way any more, to what was told. */
  async end(): Promise<Remains> {
    this.finish();
    await this.#work;
    await this.#payouts.close();
    return { seed: this.options.seed, told: this.#told, paid: this.#paid, errors: this.#errors };
  }

  async #lane(lane: number): Promise<void> {
    const { users, seed, onUnknown } = this.options;
    for (let index = 0; !this.#over; ) {
      try {
        const { ok, id } = await perform(this.#payouts, users, operation(seed, lane, index));
        this.#told[lane]?.push({ ok, id });
        index++;
        this.#count();
      } catch (error) {
        this.#note(error);
        if (onUnknown === 'end') return;
      }
    }
  }

  #count(): void {
    this.#answered++;
    for (const { count, resolve } of this.#waiting) if (this.#answered >= count) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => this.#answered < count);
  }

  /** A fault of storage is told by its name, the worker's as the cause of what it could not do; anything else is a mistake. */
  #note(error: unknown): void {
    const reason = error instanceof Error && error.cause instanceof StorageUnavailableError ? error.cause : error;
    if (reason instanceof StorageUnavailableError) this.unknown++;
    else this.#errors.push(String(error));
  }
}
