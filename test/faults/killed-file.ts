import type { Payouts } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { allWithdrawals } from './books.js';
import { type Operation, openBooks, operation, perform, type Users } from './load.js';
import type { Problems } from './report.js';
import { openPayouts } from './scene.js';
import type { Remains } from './sqlite-kill.js';
import { Witness } from './witness.js';

/** Longer than any lease. */
const LATER_MS = 3 * 3_600_000;

/** A SQLite file whose processes are killed, and what they had acknowledged. */
export class KilledFile {
  acknowledged = 0;
  /** Operations that were under way at a kill, and how many of them had been committed. */
  unanswered = 0;
  committed = 0;
  readonly witness: Witness;
  readonly #paid = new Set<string>();

  private constructor(
    readonly path: string,
    readonly users: Users,
    readonly problems: Problems,
  ) {
    this.witness = new Witness(users, problems);
  }

  /** Makes the file, with a business and its payout users. */
  static async open(path: string, problems: Problems): Promise<KilledFile> {
    const storage = await openSqliteStorage({ path });
    const users = await openBooks(openPayouts(storage));
    await storage.close();
    return new KilledFile(path, users, problems);
  }

  /** Opens the file as the next process would, and looks at what the killed one left. */
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
    await this.#opened(Date.now, async (payouts, storage) => {
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

  async #opened(now: () => number, work: (payouts: Payouts, storage: BursarStorage) => Promise<void>): Promise<void> {
    const storage = await openSqliteStorage({ path: this.path, now });
    const send = async ({ id }: { readonly id: string }) => {
      this.#paid.add(id);
      return { status: 'sent' } as const;
    };
    await work(openPayouts(storage, { now, send, onError: (error) => this.problems.add(String(error)) }), storage);
    await storage.close();
  }

  async #settle(payouts: Payouts, unanswered: Operation): Promise<void> {
    const { ok, replayed, id } = await perform(payouts, this.users, unanswered);
    this.unanswered++;
    if (replayed) this.committed++;
    this.witness.answered.push({ operation: unanswered, ok, id });
  }
}
