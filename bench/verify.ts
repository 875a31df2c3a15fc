/** Verifying an API key: in memory against a check that looks nothing up, on SQLite against another library. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiKey } from '@better-auth/api-key';
import { digest } from '@bursar/core';
import { sqliteStorage } from '@bursar/sqlite';
import { type BetterAuthPlugin, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Database from 'better-sqlite3';
import { checkAPIKey, generateAPIKey } from 'prefixed-api-key';
import { compare } from './side-by-side/compare.js';
import { scene } from './side-by-side/scene.js';

const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'));

/** The same settings for both. */
function open(name: string): Database.Database {
  const database = new Database(join(folder, name));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  return database;
}

async function inMemory(): Promise<void> {
  const { auth, key } = await scene();
  const { token, longTokenHash } = await generateAPIKey({ keyPrefix: 'bursar' });
  if (token === undefined || longTokenHash === undefined) throw new Error('prefixed-api-key made no key');
  console.log(
    await compare({
      name: '`verifyApiKey` in memory / `checkAPIKey` of prefixed-api-key',
      ours: (times) => {
        for (let i = 0; i < times; i++) void auth.verifyApiKey(key);
      },
      theirs: (times) => {
        for (let i = 0; i < times; i++) checkAPIKey(token, longTokenHash);
      },
      limit: { kind: 'at most', ratio: 1.5 },
    }),
  );
}

async function onSqlite(): Promise<void> {
  const database = open('bursar.db');
  const { auth, key } = await scene(sqliteStorage({ database }));
  const ours = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      const verified = await auth.verifyApiKey(key);
      if (!verified.ok) throw new Error('our own key was refused');
    }
  };
  const theirs = await betterAuthWay();
  console.log(
    await compare({
      name: '`verifyApiKey` on SQLite / better-auth on the same SQLite',
      ours,
      theirs,
      limit: { kind: 'times as fast', ratio: 50 },
    }),
  );
  const select = database.prepare(
    'SELECT k.*, b.name AS business_name, b.currency, b.payouts_enabled, b.created_at AS business_created_at FROM bursar_api_keys k JOIN bursar_businesses b ON b.id = k.business_id WHERE k.digest = ?',
  );
  const keyDigest = digest(key);
  console.log(
    await compare({
      name: '`verifyApiKey` on SQLite / the prepared SELECT alone',
      ours,
      theirs: (times) => {
        for (let i = 0; i < times; i++) select.get(keyDigest);
      },
      limit: { kind: 'above by at most', microseconds: 10 },
    }),
  );
}

/** What the plugin adds to the API. */
interface KeyApi {
  createApiKey(input: { body: { userId: string; name: string } }): Promise<{ key: string }>;
  verifyApiKey(input: { body: { key: string } }): Promise<{ valid: boolean }>;
}

/** Its usual set-up. Its rate limit, which counts in the database, is off; it writes the last use at each request. */
async function betterAuthWay(): Promise<(times: number) => Promise<void>> {
  const options = {
    database: open('better-auth.db'),
    secret: 'a secret of thirty-two bytes, and more',
    baseURL: 'http://localhost',
    logger: { disabled: true },
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true },
    // Its types do not fit together under exactOptionalPropertyTypes.
    plugins: [apiKey({ rateLimit: { enabled: false } }) as unknown as BetterAuthPlugin],
  };
  const auth = betterAuth(options);
  const keys = auth.api as unknown as KeyApi;
  await (await getMigrations(options)).runMigrations();
  const { user } = await auth.api.signUpEmail({ body: { email: 'a@example.com', password: 'a-password', name: 'A' } });
  const { key } = await keys.createApiKey({ body: { userId: user.id, name: 'Benchmark' } });
  return async (times) => {
    for (let i = 0; i < times; i++) {
      const { valid } = await keys.verifyApiKey({ body: { key } });
      if (!valid) throw new Error("better-auth's own key was refused");
    }
  };
}

try {
  await inMemory();
  await onSqlite();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
