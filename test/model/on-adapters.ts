import { memoryStorage } from '@bursar/memory';
import { openSqliteStorage } from '@bursar/sqlite';
import type { OpenStorage } from './world.js';

/** Every adapter that the model is run on. */
export const ADAPTERS: Readonly<Record<string, OpenStorage>> = {
  memory: (now) => memoryStorage({ now }),
  SQLite: (now) => openSqliteStorage({ path: ':memory:', now }),
};
