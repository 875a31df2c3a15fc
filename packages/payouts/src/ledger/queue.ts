import { isPromise, StorageUnavailableError } from '@bursar/core';
import { type Awaitable, gather } from '@bursar/core/storage';
import { nextTurn, pause, type Schedule, timers } from '../schedule.js';
import type { LedgerItem, LedgerOutcome, LedgerStorage } from '../storage.js';

/** Bounds of the queue in front of storage. */
export interface LedgerOptions {
  /** The most items that may wait; one more is refused at once. @default 10000 */
  readonly maxQueue?: number | undefined;
  /** After how long a caller is told that nobody knows. @default 10000 */
  readonly deadlineMs?: number | undefined;
  /** Writes events of what each item does, in the same step. @default false */
  readonly recordEvents?: boolean | undefined;
  /** @default Math.random */
  readonly random?: (() => number) | undefined;
  /** @default the runtime's timers */
  readonly schedule?: Schedule | undefined;
}

/** How a {@link LedgerQueue} ends. */
export interface CloseOptions {
  /** How long what is under way may take; the rest is answered as unknown. @default 10000 */
  readonly deadlineMs?: number | undefined;
}

/** Items on their way to storage. */
export interface LedgerQueue {
  /** @throws {StorageUnavailableError} where it is not known what became of the item. */
  apply(item: LedgerItem): Awaitable<LedgerOutcome>;
  /** How many items wait for their outcome. */
  waiting(): number;
  /** Refuses what comes from now on, and resolves when the last item that was let in is answered. */
  close(options?: CloseOptions): Promise<void>;
}

const MAX_SENDS = 4;
const DEADLINE_MS = 10_000;

type Apply = (items: readonly LedgerItem[]) => Awaitable<readonly LedgerOutcome[]>;

interface Entry {
  readonly item: LedgerItem;
  /** Its caller was told that nobody knows: what still waits then is not sent any more. */
  abandoned: boolean;
}

/**
 * The bounded queue in front of `applyTransfers`. A batch of which storage says `retryable: true` on what it throws is
 * sent again with the same ids, at most three times: an id has one outcome, so nothing can happen twice.
 */
export function ledgerQueue(storage: LedgerStorage, options: LedgerOptions = {}): LedgerQueue {
  const { maxQueue = 10_000, deadlineMs = DEADLINE_MS, random = Math.random, schedule = timers } = options;
  const send = sendingAgain((items) => storage.applyTransfers(items), random, schedule);
  const callers = new Callers(deadlineMs, schedule);
  const apply = gather((entries: readonly Entry[]) => applyLive(entries, send), {
    maxQueue,
    overloaded: () => unknown('the queue to the ledger is full'),
    turn: nextTurn,
  });
  let closed = false;

  return {
    apply(item) {
      if (closed) return Promise.reject(unknown('the ledger is closed'));
      const entry: Entry = { item, abandoned: false };
      const answer = apply(entry);
      return isPromise(answer) ? callers.wait(entry, answer) : answer;
    },
    waiting: () => callers.count,
    async close({ deadlineMs: closeMs = DEADLINE_MS } = {}) {
      closed = true;
      await callers.end(closeMs);
    },
  };
}

function applyLive(entries: readonly Entry[], send: Apply): Awaitable<readonly LedgerOutcome[]> {
  const live = entries.filter(({ abandoned }) => !abandoned);
  const items = live.map(({ item }) => item);
  return live.length === entries.length ? send(items) : applySome(entries, live, items, send);
}

// Nobody waits for the outcome of an abandoned one; its place is only kept.
async function applySome(
  entries: readonly Entry[],
  live: readonly Entry[],
  items: readonly LedgerItem[],
  send: Apply,
): Promise<readonly LedgerOutcome[]> {
  const outcomes = live.length === 0 ? [] : await send(items);
  if (outcomes.length !== live.length) return outcomes;
  return entries.map((entry) => outcomes[live.indexOf(entry)] as LedgerOutcome);
}

function sendingAgain(apply: Apply, random: () => number, schedule: Schedule): Apply {
  function send(items: readonly LedgerItem[], sends: number): Awaitable<readonly LedgerOutcome[]> {
    const again = async (error: unknown): Promise<readonly LedgerOutcome[]> => {
      if (sends >= MAX_SENDS || !isRetryable(error)) throw error;
      await pause(schedule, random() * 50 * sends);
      return send(items, sends + 1);
    };
    try {
      const answer = apply(items);
      return isPromise(answer) ? Promise.resolve(answer).catch(again) : answer;
    } catch (error) {
      return again(error);
    }
  }
  return (items) => send(items, 1);
}

/** Those who wait for an outcome, each until its deadline. */
class Callers {
  readonly #waiting = new Set<(why: string) => void>();
  #emptied: (() => void) | undefined;

  constructor(
    readonly deadlineMs: number,
    readonly schedule: Schedule,
  ) {}

  get count(): number {
    return this.#waiting.size;
  }

  wait(entry: Entry, answer: Promise<LedgerOutcome>): Promise<LedgerOutcome> {
    return new Promise((resolve, reject) => {
      const giveUp = (why: string): void => {
        entry.abandoned = true;
        leave();
        reject(unknown(why));
      };
      const cancel = this.schedule(() => giveUp('the ledger did not answer in time'), this.deadlineMs);
      const leave = (): void => {
        cancel();
        this.#waiting.delete(giveUp);
        if (this.#waiting.size === 0) this.#emptied?.();
      };
      this.#waiting.add(giveUp);
      void answer.then(resolve, reject).finally(leave);
    });
  }

  /** Resolves when nobody waits any more; tells those who still do at the deadline that nobody knows. */
  async end(deadlineMs: number): Promise<void> {
    if (this.#waiting.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.schedule(resolve, deadlineMs);
      this.#emptied = () => {
        cancel();
        resolve();
      };
    });
    for (const giveUp of [...this.#waiting]) giveUp('the ledger was closed before it answered');
  }
}

function unknown(why: string): StorageUnavailableError {
  return new StorageUnavailableError(new Error(why));
}

function isRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}
