export type { CheckOptions } from './check-behaviour.js';
export type { StorageClock, StorageSubject } from './promise.js';
export { type TestStorageOptions, testStorage } from './test-storage.js';
