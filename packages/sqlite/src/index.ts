export { openSqliteStorage } from './open.js';
export type {
  DatabaseLike,
  OpenSqliteStorageOptions,
  SqliteOptions,
  SqliteStorageOptions,
  StatementLike,
} from './options.js';
export { sqliteStorage } from './storage.js';
