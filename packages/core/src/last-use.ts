import type { AuthContext } from './options.js';
import type { ApiKeyRecord, ApiKeyUse, Timestamp } from './storage.js';

/** Keeps the last use of API keys off the request's way. */
export interface LastUse {
  /** Notes a use: at most once a minute a key. It is kept after the request, or with others a second after the last. */
  note(apiKey: ApiKeyRecord): void;
  /** Keeps what is noted. */
  flush(): Promise<void>;
}

const INTERVAL = 60_000;
/** Between two calls to storage: with many keys in use, each is a write that others wait for. */
const PAUSE = 1000;
const MAX_REMEMBERED = 10_000;

/** Gathers uses until the requests of this turn have been answered, and the pause is over; then keeps them in one call. */
export function lastUse(context: Pick<AuthContext, 'storage' | 'now' | 'onError'>): LastUse {
  // Until storage shows the use, and when storage cannot keep it, this says that it was tried.
  const noted = new Map<string, Timestamp>();
  let waiting: ApiKeyUse[] = [];
  let flushing: Promise<void> = Promise.resolve();
  let flushedAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

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
    clearTimeout(timer);
    flushedAt = context.now();
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
      if (waiting.length > 1) return;
      const since = usedAt - flushedAt;
      timer = setTimeout(() => void flush(), since >= 0 && since < PAUSE ? PAUSE - since : 0);
    },
    flush,
  };
}
