export { PostgresStorageError } from './failure.js';
export { openPostgresStorage } from './open.js';
export type {
  ClientLike,
  OpenPostgresStorageOptions,
  PoolClientLike,
  PoolLike,
  PostgresOptions,
  PostgresStorageOptions,
  StatementLike,
} from './options.js';
export { type PostgresStorage, postgresStorage } from './storage.js';
