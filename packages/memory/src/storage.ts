import type { BursarStorage } from '@bursar/payouts/storage';
import { memoryAudit } from './audit.js';
import { memoryCredentials } from './credentials.js';
import { memoryDeliveries } from './deliveries.js';
import { memoryDocuments } from './documents.js';
import { memoryEndpoints } from './endpoints.js';
import { memoryEvents } from './events.js';
import { memoryLedger } from './ledger.js';
import type { MemoryStorageOptions } from './options.js';
import { emptyTables } from './tables.js';
import { memoryUsage } from './usage.js';
import { memoryWithdrawals } from './withdrawals.js';

/**
 * Keeps everything in this process's memory: for tests, and for trying Bursar out. Nothing survives the process, and
 * two processes share nothing, so it is not for real money. Every method answers at once, without a promise; what it
 * answers with is frozen.
 *
 * @example
 * const storage = memoryStorage();
 *
 * @throws after `close()`: each method throws an `Error`.
 */
export function memoryStorage(options: MemoryStorageOptions = {}): BursarStorage {
  const tables = emptyTables();
  const now = options.now ?? Date.now;
  let closed = false;
  const assertOpen = (): void => {
    if (closed) throw new Error('this memory storage is closed: make a new one with memoryStorage()');
  };
  return {
    ...memoryCredentials(tables, assertOpen),
    ...memoryLedger(tables, now, assertOpen),
    ...memoryWithdrawals(tables, now, assertOpen),
    ...memoryEvents(tables, assertOpen),
    ...memoryEndpoints(tables, now, assertOpen),
    ...memoryDeliveries(tables, now, assertOpen),
    ...memoryAudit(tables, now, assertOpen),
    ...memoryUsage(tables, assertOpen),
    ...memoryDocuments(tables, now, assertOpen),
    close() {
      closed = true;
    },
  };
}
