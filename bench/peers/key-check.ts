/** The ways to check an API key, each with so many keys in force. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Auth, generateApiKey } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import type { BursarStorage } from '@bursar/payouts/storage';
import { sqliteStorage } from '@bursar/sqlite';
import { checkAPIKey, extractShortToken, generateAPIKey } from 'prefixed-api-key';
import { scene } from '../side-by-side/scene.js';
import { filling, openDatabase } from './database.js';

/** A way to check an API key. */
export interface KeyCheck {
  /** The keys in force. */
  readonly keys: readonly string[];
  /** A key of the same form, which nobody issued. */
  readonly wrongKey: string;
  accepts(key: string): Promise<boolean> | boolean;
}

/** Ours. */
export interface BursarKeyCheck extends KeyCheck {
  readonly auth: Auth;
}

async function bursar(storage: BursarStorage, count: number): Promise<BursarKeyCheck> {
  const { auth } = await scene(storage);
  const keys: string[] = [];
  while (keys.length < count) {
    keys.push((await auth.apiKeys.issue({ businessId: 'biz_1', name: 'Benchmark' })).key);
  }
  const { key: wrongKey } = generateApiKey();
  return { auth, keys, wrongKey, accepts: async (key) => (await auth.verifyApiKey(key)).ok };
}

/** `verifyApiKey` on the memory storage. */
export const bursarInMemory = (count: number): Promise<BursarKeyCheck> => bursar(memoryStorage(), count);

/** `verifyApiKey` on a SQLite file. */
export function bursarOnSqlite(folder: string, count: number): Promise<BursarKeyCheck> {
  const database = openDatabase(join(folder, `bursar-${count}.db`));
  const storage = sqliteStorage({ database });
  return filling(database, () => bursar(storage, count));
}

interface KeyRow {
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
}

const inForce = (row: KeyRow): boolean =>
  row.revoked_at === null && (row.expires_at === null || row.expires_at > Date.now());

/** What a good engineer writes: the SHA-256 of the key, found by a prepared SELECT. */
export function byHand(folder: string, count: number): Promise<KeyCheck> {
  const database = openDatabase(join(folder, `by-hand-${count}.db`));
  database.exec(
    `CREATE TABLE api_keys (digest BLOB PRIMARY KEY, business_id TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
       expires_at INTEGER, revoked_at INTEGER) STRICT, WITHOUT ROWID`,
  );
  const insert = database.prepare(`INSERT INTO api_keys VALUES (?, 'biz_1', 'Benchmark', '["*"]', NULL, NULL)`);
  const select = database.prepare<[Buffer], KeyRow>(
    'SELECT business_id, scopes, expires_at, revoked_at FROM api_keys WHERE digest = ?',
  );
  const newKey = (): string => `sk_live_${randomBytes(32).toString('base64url')}`;
  const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
  return filling(database, () => {
    const keys = Array.from({ length: count }, newKey);
    database.transaction(() => {
      for (const key of keys) insert.run(digestOf(key));
    })();
    return {
      keys,
      wrongKey: newKey(),
      accepts(key) {
        const row = select.get(digestOf(key));
        return row !== undefined && inForce(row);
      },
    };
  });
}

/** prefixed-api-key as its README has it: the row is found by the short token, and the digest of the long one compared. */
export function prefixedApiKey(folder: string, count: number): Promise<KeyCheck> {
  const database = openDatabase(join(folder, `prefixed-api-key-${count}.db`));
  database.exec(
    `CREATE TABLE api_keys (short_token TEXT PRIMARY KEY, long_token_hash TEXT NOT NULL, business_id TEXT NOT NULL,
       name TEXT NOT NULL, scopes TEXT NOT NULL, expires_at INTEGER, revoked_at INTEGER) STRICT, WITHOUT ROWID`,
  );
  const insert = database.prepare(`INSERT INTO api_keys VALUES (?, ?, 'biz_1', 'Benchmark', '["*"]', NULL, NULL)`);
  const select = database.prepare<[string], KeyRow & { readonly long_token_hash: string }>(
    'SELECT long_token_hash, business_id, scopes, expires_at, revoked_at FROM api_keys WHERE short_token = ?',
  );
  return filling(database, async () => {
    const made = [];
    while (made.length <= count) made.push(await generateAPIKey({ keyPrefix: 'sk' }));
    const [wrong, ...issued] = made.map(({ token = '', shortToken = '', longTokenHash = '' }) => ({
      token,
      values: [shortToken, longTokenHash],
    }));
    database.transaction(() => {
      for (const { values } of issued) insert.run(...values);
    })();
    return {
      keys: issued.map(({ token }) => token),
      wrongKey: wrong?.token ?? '',
      accepts(key) {
        const row = select.get(extractShortToken(key));
        return row !== undefined && checkAPIKey(key, row.long_token_hash) && inForce(row);
      },
    };
  });
}
