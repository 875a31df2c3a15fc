/** A withdrawal that was asked for, as it has to be asked for again. */
export interface Order {
  /** Under which it is made at most once. */
  readonly idempotencyKey: string;
  readonly method: string;
  readonly amount: number;
  readonly currency: string;
  readonly destination: Readonly<Record<string, unknown>>;
}

/** What is kept in a tab, until it is closed. */
export interface Kept {
  readonly hash: string;
  /** The order whose outcome is not known; `null` where there is none. */
  readonly order: Order | null;
}

/** Where it is kept. */
export interface Session {
  read(): Kept | null;
  /** Another link takes the place of the one before, with its order: that belongs to somebody else. */
  write(kept: Kept): void;
}

/** As much of `sessionStorage` as is used. */
export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/**
 * Keeps it in the tab's storage, and in memory besides: a browser may refuse the storage to a page within a frame, and then
 * the link has to be opened again after a reload.
 */
export function sessionIn(storage: () => TabStorage, api: string): Session {
  const key = `bursar-wallet ${api}`;
  let memory: Kept | null = null;
  return {
    read() {
      try {
        return keptOf(JSON.parse(storage().getItem(key) ?? 'null')) ?? memory;
      } catch {
        return memory;
      }
    },
    write(kept) {
      memory = kept;
      try {
        storage().setItem(key, JSON.stringify(kept));
      } catch {
        // Refused, or full: what is in memory has to do.
      }
    },
  };
}

// Another script of the page may have written anything there.
function keptOf(value: unknown): Kept | null {
  if (!isObject(value) || typeof value.hash !== 'string' || !/^[0-9a-f]{64}$/.test(value.hash)) return null;
  return { hash: value.hash, order: orderOf(value.order) };
}

function orderOf(value: unknown): Order | null {
  if (!isObject(value)) return null;
  const { idempotencyKey, method, amount, currency, destination } = value;
  if (typeof idempotencyKey !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) return null;
  if (typeof method !== 'string' || !Number.isSafeInteger(amount) || !isObject(destination)) return null;
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return null;
  return { idempotencyKey, method, amount: amount as number, currency, destination };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
