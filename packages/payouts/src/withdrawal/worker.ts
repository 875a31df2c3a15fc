import { orUnavailable } from '@bursar/core';
import { expireTransfers } from '../ledger/expire.js';
import type { PayoutsContext } from '../options.js';
import { forgetDue } from './forget.js';
import type { WithdrawalRecord } from './record.js';
import { resume } from './resume.js';

/** How the worker of a process goes on. */
export interface WorkerOptions {
  /** How often it looks for what is due, in milliseconds; a new withdrawal of this process wakes it. @default 5000 */
  readonly intervalMs?: number | undefined;
}

/** A worker under way. */
export interface RunningWorker {
  /** Takes no new ones, aborts what runs, and resolves when all that came of it is stored. Safe to call twice. */
  stop(): Promise<void>;
}

/** Works on due withdrawals. Any number of processes may; each withdrawal is taken by one. */
export interface Worker {
  /**
   * One round: takes those that are due now, at most 100, and resolves with their number when all that came of it is
   * stored.
   *
   * @throws {StorageUnavailableError} where storage cannot be asked which are due.
   */
  runDue(): Promise<number>;
  /** Goes on until it is stopped; voids expired transfers and forgets old destinations too. @throws {Error} where it is under way already. */
  start(options?: WorkerOptions): RunningWorker;
  /** Stops what `start` began, if it runs. */
  stop(): Promise<void>;
}

const ROUND = 100;

/** Makes the {@link Worker} of a process. */
export function withdrawalWorker(context: PayoutsContext): Worker {
  let running: RunningWorker | undefined;
  return {
    runDue: () => round(context, new Slots(context.withdrawals.concurrency), new AbortController().signal),
    start({ intervalMs = 5000 } = {}) {
      if (!Number.isFinite(intervalMs) || intervalMs < 1) throw new TypeError('intervalMs must be a number from 1');
      if (running !== undefined) throw new Error('the worker runs already: stop it first');
      const started = startWorker(context, intervalMs);
      running = {
        stop: async () => {
          await started.stop();
          running = undefined;
        },
      };
      return running;
    },
    stop: async () => running?.stop(),
  };
}

async function round(context: PayoutsContext, slots: Slots, stop: AbortSignal): Promise<number> {
  const { found, taken } = await takeDue(context, slots, stop);
  await Promise.all(taken);
  return found;
}

/** Begins to work on what is due, as slots come free. Resolves when the last one has been begun. */
async function takeDue(context: PayoutsContext, slots: Slots, stop: AbortSignal) {
  const due = await orUnavailable(() => context.storage.listDueWithdrawals(ROUND));
  const taken: Promise<void>[] = [];
  for (const record of due) {
    await slots.free();
    if (stop.aborted) break;
    if (!slots.has(record)) taken.push(slots.run(record, () => resume(context, record, stop)));
  }
  return { found: due.length, taken };
}

function startWorker(context: PayoutsContext, intervalMs: number): RunningWorker {
  const stop = new AbortController();
  const slots = new Slots(context.withdrawals.concurrency);
  const { onError } = context.auth.context;
  let cancel = (): void => undefined;
  let taking: Promise<void> | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  let again = false;

  async function take(): Promise<void> {
    do {
      again = false;
      const { found, taken } = await takeDue(context, slots, stop.signal);
      // A full page that nothing was begun of is what others work on.
      if (found === ROUND && taken.length > 0) again = true;
    } while (again && !stop.signal.aborted);
  }
  // However many withdrawals come in meanwhile, storage is asked once more.
  function begin(): void {
    again = true;
    taking ??= take()
      .catch(onError)
      .finally(() => {
        taking = undefined;
      });
  }
  function tick(): void {
    begin();
    sweeping = sweep(context);
    cancel = context.schedule(tick, intervalMs);
  }
  const deafen = context.wake.onWake(begin);
  tick();
  return {
    async stop() {
      deafen();
      cancel();
      stop.abort(new Error('the worker is stopped'));
      await taking;
      await Promise.all([slots.empty(), sweeping]);
    },
  };
}

/** Ends what has run out of its time: reservations, and what is known of destinations. */
async function sweep(context: PayoutsContext): Promise<void> {
  const { onError } = context.auth.context;
  await Promise.all([expireTransfers(context).catch(onError), forgetDue(context).catch(onError)]);
}

/** What this process works on at the same time. */
class Slots {
  readonly #busy = new Map<string, Promise<void>>();

  constructor(readonly size: number) {}

  has(record: WithdrawalRecord): boolean {
    return this.#busy.has(keyOf(record));
  }

  async free(): Promise<void> {
    while (this.#busy.size >= this.size) await Promise.race(this.#busy.values());
  }

  async empty(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  run(record: WithdrawalRecord, work: () => Promise<void>): Promise<void> {
    const done = work().finally(() => this.#busy.delete(keyOf(record)));
    this.#busy.set(keyOf(record), done);
    return done;
  }
}

function keyOf({ businessId, id }: WithdrawalRecord): string {
  return `${businessId}\0${id}`;
}
