import { isPromise, StorageUnavailableError } from '@bursar/core';
import { type Awaitable, gather } from '@bursar/core/storage';
import { pause, type Schedule, timers } from '../schedule.js';
import type { LedgerItem, LedgerOutcome, LedgerStorage } from '../storage.js';

/** Bounds of the queue in front of storage. */
export interface LedgerOptions {
  /** The most items that may wait; one more is refused at once. @default 10000 */
  readonly maxQueue?: number | undefined;
  /** After how long a caller is told that nobody knows. @default 10000 */
  readonly deadlineMs?: number | undefined;
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
  /** Refuses what comes from now on, and resolves when the last item that was let in is answered. */
  close(options?: CloseOptions): Promise<void>;
}

const MAX_SENDS = 4;
const DEADLINE_MS = 10_000;

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
  const waiting = new Set<(why: string) => void>();
  let closed = false;
  let emptied: (() => void) | undefined;

  const apply = gather(sender(storage, random, schedule), {
    maxQueue,
    overloaded: () => unknown('the queue to the ledger is full'),
  });

  function withDeadline(entry: Entry, answer: Promise<LedgerOutcome>): Promise<LedgerOutcome> {
    return new Promise((resolve, reject) => {
      const giveUp = (why: string): void => {
        entry.abandoned = true;
        leave();
        reject(unknown(why));
      };
      const cancel = schedule(() => giveUp('the ledger did not answer in time'), deadlineMs);
      const leave = (): void => {
        cancel();
        waiting.delete(giveUp);
        if (waiting.size === 0) emptied?.();
      };
      waiting.add(giveUp);
      answer.then(resolve, reject).finally(leave);
    });
  }

  return {
    apply(item) {
      if (closed) return Promise.reject(unknown('the ledger is closed'));
      const entry: Entry = { item, abandoned: false };
      const answer = apply(entry);
      return isPromise(answer) ? withDeadline(entry, answer) : answer;
    },
    async close({ deadlineMs: closeMs = DEADLINE_MS } = {}) {
      closed = true;
      if (waiting.size === 0) return;
      await new Promise<void>((resolve) => {
        const cancel = schedule(resolve, closeMs);
        emptied = () => {
          cancel();
          resolve();
        };
      });
      for (const giveUp of [...waiting]) giveUp('the ledger was closed before it answered');
    },
  };
}

type Send = (entries: readonly Entry[]) => Awaitable<readonly LedgerOutcome[]>;

/** Hands batches to storage, without the abandoned ones, and again where storage says that this may help. */
function sender(storage: LedgerStorage, random: () => number, schedule: Schedule): Send {
  function send(items: readonly LedgerItem[], sends = 1): Awaitable<readonly LedgerOutcome[]> {
    const again = async (error: unknown): Promise<readonly LedgerOutcome[]> => {
      if (sends >= MAX_SENDS || !isRetryable(error)) throw error;
      await pause(schedule, random() * 50 * sends);
      return send(items, sends + 1);
    };
    try {
      const answer = storage.applyTransfers(items);
      return isPromise(answer) ? Promise.resolve(answer).catch(again) : answer;
    } catch (error) {
      return again(error);
    }
  }

  // Nobody waits for the outcome of an abandoned one; its place is only kept.
  async function sendSome(entries: readonly Entry[], live: readonly Entry[]): Promise<readonly LedgerOutcome[]> {
    const outcomes = live.length === 0 ? [] : await send(live.map(({ item }) => item));
    if (outcomes.length !== live.length) return outcomes;
    return entries.map((entry) => outcomes[live.indexOf(entry)] as LedgerOutcome);
  }

  return (entries) => {
    const live = entries.filter(({ abandoned }) => !abandoned);
    return live.length === entries.length ? send(entries.map(({ item }) => item)) : sendSome(entries, live);
  };
}

function unknown(why: string): StorageUnavailableError {
  return new StorageUnavailableError(new Error(why));
}

function isRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}
