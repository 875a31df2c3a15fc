import type { Timestamp } from '@bursar/core/storage';

/** Options of `memoryStorage`. */
export interface MemoryStorageOptions {
  /**
   * Storage's own clock, in milliseconds since 1970-01-01T00:00:00Z. It dates accounts and transfers, and decides when a
   * pending transfer has expired. Tests inject one.
   *
   * @default Date.now
   */
  readonly now?: () => Timestamp;
}
