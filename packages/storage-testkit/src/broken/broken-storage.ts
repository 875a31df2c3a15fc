import type { StoragePromise } from '../promise.js';
import type { PlainStorageClass } from './plain-storage.js';

/** A storage with one fault, and the behaviours in which the suite must find it. */
export interface BrokenStorage {
  readonly fault: string;
  readonly promise: StoragePromise;
  /** Names of behaviours of the promise, each of which must fail. */
  readonly behaviours: readonly string[];
  readonly storage: PlainStorageClass;
}

/** Makes the list of a promise's broken storages. */
export function brokenStorages(
  promise: StoragePromise,
  faults: Readonly<Record<string, readonly [storage: PlainStorageClass, ...behaviours: string[]]>>,
): readonly BrokenStorage[] {
  return Object.entries(faults).map(([fault, [storage, ...behaviours]]) => ({ fault, promise, behaviours, storage }));
}
