import type { BursarStorage } from '@bursar/payouts/storage';
import { describe, it } from 'vitest';
import { type CheckOptions, checkBehaviour, reasonToSkip } from './check-behaviour.js';
import type { StorageSubject } from './promise.js';
import { storagePromises } from './promises/storage-promises.js';

/** Options of {@link testStorage}. */
export interface TestStorageOptions<S extends BursarStorage = BursarStorage> extends StorageSubject<S>, CheckOptions {
  /**
   * What the tests are listed under.
   *
   * @default 'storage'
   */
  readonly name?: string;
}

/**
 * Registers a Vitest test for everything that a Bursar storage promises. Each test makes a storage of its own, so they
 * run alone and in any order. What needs `reopen` or `share` is skipped, and says so in its name, where it is not given.
 *
 * @example
 * testStorage({
 *   name: 'my storage',
 *   create: ({ now }) => openMyStorage({ file: temporaryFile(), now }),
 *   destroy: (storage) => storage.close(),
 * });
 */
export function testStorage<S extends BursarStorage>(options: TestStorageOptions<S>): void {
  describe(options.name ?? 'storage', () => {
    for (const promise of storagePromises) {
      describe(promise.name, () => {
        for (const behaviour of promise.behaviours) {
          const reason = reasonToSkip(options, behaviour);
          if (reason !== undefined) it.skip(`${behaviour.name} (${reason})`, () => {});
          else it(behaviour.name, () => checkBehaviour(options, behaviour, options), 60_000);
        }
      });
    }
  });
}
