import { isPromise } from '@bursar/core';
import { gather } from '@bursar/core/storage';
import { nextTurn, type Schedule } from '../schedule.js';
import type { AuditEntry, AuditStorage } from './record.js';

/** Entries on their way to storage. */
export interface AuditLog {
  /**
   * Resolves when the entry is kept, or when storage cannot take it now: then it is tried again in the background. Never
   * rejects, for what the entry tells of has happened already.
   */
  write(entry: AuditEntry): Promise<void>;
  /**
   * For the end of the process: resolves when each entry is kept, or told to `onError` since storage did not take it in time.
   *
   * @param deadlineMs How long that may take. 5000 unless it is said.
   */
  close(deadlineMs?: number): Promise<void>;
}

/**
 * An entry of the audit log that storage did not take, however often it was asked. Told to `onError`: the message has the
 * whole entry, so that what logs the error still has it.
 */
export class AuditEntryLostError extends Error {
  override readonly name = 'AuditEntryLostError';
  readonly code = 'audit_entry_lost';

  constructor(
    readonly entry: AuditEntry,
    cause: unknown,
  ) {
    super(`An entry of the audit log could not be kept: ${JSON.stringify(entry)}`, { cause });
  }
}

// How long an answer waits for its entry when storage hangs.
const DEADLINE_MS = 5_000;
const MAX_WAITING = 10_000;
const MAX_TRIES = 12;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

interface Waiting {
  readonly entry: AuditEntry;
  readonly tries: number;
}

interface Parts {
  readonly storage: AuditStorage;
  readonly schedule: Schedule;
  onError(error: unknown): void;
}

/** Makes the {@link AuditLog} on a storage. Entries that arrive together reach it as one batch. */
export function auditLog({ storage, schedule, onError }: Parts): AuditLog {
  const append = gather((entries: readonly AuditEntry[]) => storage.appendAudit(entries), {
    overloaded: () => new Error('the queue to the audit log is full'),
    turn: nextTurn,
  });
  // Neither kept nor lost yet.
  const open = new Set<AuditEntry>();
  const underWay = new Set<Promise<void>>();
  let told: unknown;

  function lose(entry: AuditEntry, cause: unknown): void {
    if (open.delete(entry)) onError(new AuditEntryLostError(entry, cause));
  }
  const sendAlone = async (entry: AuditEntry): Promise<void> => {
    await storage.appendAudit([entry]);
    open.delete(entry);
  };
  const retries = new Retries(sendAlone, lose, schedule);

  function fail(entry: AuditEntry, error: unknown): void {
    // Once for all entries of a batch.
    if (error !== told) onError(error);
    told = error;
    retries.add(entry, error);
  }
  async function keep(entry: AuditEntry, answer: Promise<unknown>): Promise<void> {
    try {
      await answer;
      open.delete(entry);
    } catch (error) {
      fail(entry, error);
    }
  }

  return {
    async write(entry) {
      open.add(entry);
      try {
        const answer = append(entry);
        if (isPromise<unknown>(answer)) {
          const kept = keep(entry, answer).finally(() => underWay.delete(kept));
          underWay.add(kept);
          await inTime(schedule, DEADLINE_MS, kept);
        } else open.delete(entry);
      } catch (error) {
        fail(entry, error);
      }
    },
    async close(deadlineMs = DEADLINE_MS) {
      const last = async (): Promise<void> => {
        await Promise.all(underWay);
        await retries.end();
      };
      await inTime(schedule, deadlineMs, last());
      for (const entry of open) lose(entry, new Error('the audit log was closed before storage took it'));
    },
  };
}

/** Resolves when that is done, which never rejects, or after a time: what it was goes on. */
function inTime(schedule: Schedule, ms: number, done: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = schedule(resolve, ms);
    void done.then(() => {
      cancel();
      resolve();
    });
  });
}

/** Entries that storage could not take, each sent again under its own id until it is kept or was tried too often. */
class Retries {
  readonly #waiting: Waiting[] = [];
  #rounds = 0;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(
    readonly send: (entry: AuditEntry) => Promise<void>,
    readonly lose: (entry: AuditEntry, cause: unknown) => void,
    readonly schedule: Schedule,
  ) {}

  add(entry: AuditEntry, cause: unknown): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.lose(entry, cause);
      return;
    }
    this.#waiting.push({ entry, tries: 1 });
    this.#plan();
  }

  /** Sends each once more, for the last time. */
  async end(): Promise<void> {
    await this.#running;
    this.#cancel?.();
    await this.#round(1);
  }

  #plan(): void {
    if (this.#cancel !== undefined || this.#running !== undefined) return;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#rounds, LONGEST_PAUSE_MS);
    this.#cancel = this.schedule(() => {
      this.#cancel = undefined;
      this.#running = this.#round(MAX_TRIES).finally(() => {
        this.#running = undefined;
        this.#rounds = this.#waiting.length === 0 ? 0 : this.#rounds + 1;
        if (this.#waiting.length > 0) this.#plan();
      });
    }, pauseMs);
  }

  // One by one: an entry that storage takes never keeps no other out.
  async #round(maxTries: number): Promise<void> {
    for (const { entry, tries } of this.#waiting.splice(0)) {
      try {
        await this.send(entry);
      } catch (error) {
        if (tries + 1 < maxTries) this.#waiting.push({ entry, tries: tries + 1 });
        else this.lose(entry, error);
      }
    }
  }
}
