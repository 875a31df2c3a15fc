import type { AuthContext } from './options.js';
import type { ApiKeyRecord, ApiKeyUse, Timestamp } from './storage.js';

/** Keeps the last use of API keys off the request's way. */
export interface LastUse {
  /** Notes a use: kept at once when it is the first, and then at most once a minute a key. */
  note(apiKey: ApiKeyRecord): void;
  /** Keeps what is noted. */
  flush(): Promise<void>;
}

const INTERVAL = 60_000;
const MAX_REMEMBERED = 10_000;

/** Gathers uses until the requests of this turn have been answered, then keeps them in one call. */
export function lastUse(context: Pick<AuthContext, 'storage' | 'now' | 'onError'>): LastUse {
  // Until storage shows the use, and when storage cannot keep it, this says that it was tried.
  const noted = new Map<string, Timestamp>();
  let waiting: ApiKeyUse[] = [];
  let flushing: Promise<void> = Promise.resolve();

  async function keep(): Promise<void> {
    const uses = waiting;
    waiting = [];
    if (uses.length === 0) return;
    try {
      await context.storage.touchApiKeys(uses);
    } catch (error) {
      context.onError(error);
    }
  }

  function flush(): Promise<void> {
    flushing = flushing.then(keep);
    return flushing;
  }

  return {
    note(apiKey) {
      const usedAt = context.now();
      if (apiKey.lastUsedAt !== null && usedAt - apiKey.lastUsedAt < INTERVAL) return;
      const before = noted.get(apiKey.id);
      if (before !== undefined && usedAt - before < INTERVAL) return;
      if (noted.size >= MAX_REMEMBERED) noted.clear();
      noted.set(apiKey.id, usedAt);
      // Storage that never answers must not fill the memory with what it is to be told.
      if (waiting.length >= MAX_REMEMBERED) return;
      waiting.push({ id: apiKey.id, businessId: apiKey.businessId, usedAt });
      if (waiting.length === 1) setTimeout(() => void flush(), 0);
    },
    flush,
  };
}
