import type { UsageKey, UsageRecord, UsageStorage } from '@bursar/payouts/storage';

// A storage that is away must not fill the memory: so many different counts are gathered, and no more.
const MAX_COUNTS = 10_000;
const AT_ONCE = 500;

/** Counts that are not kept yet. */
export class Counts {
  #counts = new Map<string, UsageRecord>();
  #uncounted = 0;

  add(key: UsageKey, requests = 1): void {
    const name = JSON.stringify([key.businessId, key.day, key.credential, key.route, key.status]);
    const before = this.#counts.get(name)?.requests ?? 0;
    if (before === 0 && this.#counts.size >= MAX_COUNTS) this.#uncounted += requests;
    else this.#counts.set(name, { ...key, requests: before + requests });
  }

  /** Adds them to those of storage; those that it does not take are here again afterwards. */
  async keep(storage: UsageStorage, onError: (error: unknown) => void): Promise<void> {
    const waiting = [...this.#counts.values()];
    this.#counts = new Map();
    this.#tellUncounted(onError);
    for (let from = 0; from < waiting.length; from += AT_ONCE) {
      try {
        await storage.addUsage(waiting.slice(from, from + AT_ONCE));
      } catch (error) {
        onError(error);
        for (const { requests, ...key } of waiting.slice(from)) this.add(key, requests);
        return;
      }
    }
  }

  #tellUncounted(onError: (error: unknown) => void): void {
    if (this.#uncounted === 0) return;
    onError(
      new Error(`${this.#uncounted} requests were not counted: storage was away, and there were too many counts`),
    );
    this.#uncounted = 0;
  }
}
