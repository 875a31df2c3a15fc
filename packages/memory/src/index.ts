export type { MemoryStorageOptions } from './options.js';
export { memoryStorage } from './storage.js';
