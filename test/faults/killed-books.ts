import type { Payouts } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { allWithdrawals } from './books.js';
import { type Operation, openBooks, operation, perform, type Users } from './load.js';
import { type Problems, secondsSince } from './report.js';
import { openPayouts } from './scene.js';
import { Witness } from './witness.js';

/** Longer than any lease. */
const LATER_MS = 3 * 3_600_000;

/** What a process, or a server, had told when it was killed. */
export interface Remains {
  readonly seed: number;
  /** By lane, in order: whether each operation had gone through, and the id that the answer named. */
  readonly told: readonly { readonly ok: boolean; readonly id: string | null }[][];
  /** Withdrawals that the provider paid; one may stand here more than once, with the same idempotency key. */
  readonly paid: readonly string[];
  readonly errors: readonly string[];
}

/**
 * Hands over the storage, as whoever looks after a kill finds it. With `now` it is one of its own, with this clock; without
 * it may be the one that saw the kill.
 */
export type HandOver = (
  work: (storage: BursarStorage) => Promise<void>,
  now: (() => number) | undefined,
) => Promise<void>;

/** Hands over one that is opened for it, and closed. */
export function opening(open: (now: (() => number) | undefined) => Promise<BursarStorage>): HandOver {
  return async (work, now) => {
    const storage = await open(now);
    await work(storage);
    await storage.close();
  };
}

/** Books whose processes or servers are killed, and what they had acknowledged. */
export class KilledBooks {
  acknowledged = 0;
  /** Operations that were under way at a kill, and how many of them had been committed. */
  unanswered = 0;
  committed = 0;
  readonly witness: Witness;
  readonly #paid = new Set<string>();

  private constructor(
    readonly handOver: HandOver,
    readonly users: Users,
    readonly problems: Problems,
  ) {
    this.witness = new Witness(users, problems);
  }

  /** Opens a business and its payout users. */
  static async open(handOver: HandOver, problems: Problems): Promise<KilledBooks> {
    let users: Users = {};
    await handOver(async (storage) => {
      users = await openBooks(openPayouts(storage));
    }, undefined);
    return new KilledBooks(handOver, users, problems);
  }

  /** Looks at what is left. */
  async check({ seed, told, paid, errors }: Remains): Promise<void> {
    for (const error of errors) this.problems.add(`seed ${seed}: ${error}`);
    for (const id of paid) this.#paid.add(id);
    const before = this.witness.answered.length;
    for (const [lane, answers] of told.entries()) {
      for (const [index, answer] of answers.entries()) {
        this.witness.answered.push({ operation: operation(seed, lane, index), ...answer });
      }
    }
    this.acknowledged += this.witness.answered.length - before;
    await this.#opened(undefined, async (payouts, storage) => {
      await this.witness.compare(storage, false);
      await this.witness.sendAgain(payouts, this.witness.answered.slice(before));
      // Last in each lane, and not answered: it happened or it did not, and now it does.
      for (const [lane, answers] of told.entries()) await this.#settle(payouts, operation(seed, lane, answers.length));
      await this.witness.compare(storage, true);
    });
  }

  /** Lets what is still on its way arrive, in a process that nobody kills, and checks everything a last time. */
  async finish(): Promise<void> {
    const later = Date.now() + LATER_MS;
    await this.#opened(
      () => later,
      async (payouts, storage) => {
        while ((await payouts.withdrawals.runDue()) > 0);
        for (const { id, status } of await allWithdrawals(storage)) {
          if (status !== 'succeeded') this.problems.add(`the withdrawal ${id} is still ${status}`);
          if (!this.#paid.has(id)) this.problems.add(`the withdrawal ${id} succeeded, and was never paid`);
        }
        await this.witness.compare(storage, true);
        await this.witness.sendAgain(payouts, this.witness.answered);
      },
    );
  }

  #opened(
    now: (() => number) | undefined,
    work: (payouts: Payouts, storage: BursarStorage) => Promise<void>,
  ): Promise<void> {
    const send = async ({ id }: { readonly id: string }) => {
      this.#paid.add(id);
      return { status: 'sent' } as const;
    };
    const onError = (error: unknown): void => this.problems.add(String(error));
    return this.handOver((storage) => work(openPayouts(storage, { now, send, onError }), storage), now);
  }

  async #settle(payouts: Payouts, unanswered: Operation): Promise<void> {
    const { ok, replayed, id } = await perform(payouts, this.users, unanswered);
    this.unanswered++;
    if (replayed) this.committed++;
    this.witness.answered.push({ operation: unanswered, ok, id });
  }
}

/** Adds up what several killed books came to. */
export class KillCount {
  readonly #began = performance.now();
  readonly #sums = { lost: 0, doubled: 0, acknowledged: 0, unanswered: 0, committed: 0, unclean: 0 };

  add(books: KilledBooks): void {
    for (const name of ['acknowledged', 'unanswered', 'committed'] as const) this.#sums[name] += books[name];
    for (const name of ['lost', 'doubled', 'unclean'] as const) this.#sums[name] += books.witness[name];
  }

  /** How many operations had been committed, and nobody had been told. */
  get committed(): number {
    return this.#sums.committed;
  }

  /** `what` says what was done to them, for example `40 kills`. */
  line(what: string, seed: number): string {
    const { lost, doubled, acknowledged, unanswered, committed, unclean } = this.#sums;
    const books = unclean === 0 ? 'verifyLedger clean' : `verifyLedger NOT clean ${unclean} times`;
    return `${what}: ${lost} lost, ${doubled} doubled, ${books} (seed ${seed}; ${acknowledged} acknowledged, ${unanswered} unanswered of which ${committed} had been committed; ${secondsSince(this.#began)})`;
  }
}
