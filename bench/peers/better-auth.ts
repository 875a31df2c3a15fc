/** The API key plugin of better-auth. Its rate limit is off, or it would refuse all but ten requests of a key a day. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { apiKey, defaultKeyHasher } from '@better-auth/api-key';
import { type BetterAuthOptions, type BetterAuthPlugin, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import type Database from 'better-sqlite3';
import { filling, openDatabase } from './database.js';
import type { KeyCheck } from './key-check.js';

/** What the plugin adds to the API. */
interface KeyApi {
  createApiKey(input: { body: { userId: string; name: string } }): Promise<{ key: string }>;
  verifyApiKey(input: { body: { key: string } }): Promise<{ valid: boolean }>;
}

type PluginOptions = Parameters<typeof apiKey>[0];

const optionsWith = (plugin: PluginOptions): BetterAuthOptions => ({
  secret: 'a secret of thirty-two bytes, and more',
  baseURL: 'http://localhost',
  logger: { disabled: true },
  telemetry: { enabled: false },
  emailAndPassword: { enabled: true },
  // Its types do not fit together under exactOptionalPropertyTypes.
  plugins: [apiKey(plugin) as unknown as BetterAuthPlugin],
});

// As the plugin makes them: 64 letters.
const newKey = (): string =>
  [...randomBytes(64)].map((byte) => String.fromCharCode((byte % 2 === 0 ? 65 : 97) + (byte % 26))).join('');

async function started(options: BetterAuthOptions): Promise<{ api: KeyApi; create(): Promise<string> }> {
  const auth = betterAuth(options);
  const api = auth.api as unknown as KeyApi;
  const { user } = await auth.api.signUpEmail({ body: { email: 'a@example.com', password: 'a-password', name: 'A' } });
  const body = { userId: user.id, name: 'Benchmark' };
  return { api, create: async () => (await api.createApiKey({ body })).key };
}

const checkWith = (api: KeyApi, keys: readonly string[]): KeyCheck => ({
  keys,
  wrongKey: newKey(),
  accepts: async (key) => (await api.verifyApiKey({ body: { key } })).valid,
});

/** On a SQLite file, its usual set-up. */
export function betterAuthOnSqlite(folder: string, count: number): Promise<KeyCheck> {
  const database = openDatabase(join(folder, `better-auth-${count}.db`));
  return filling(database, async () => {
    const options = { ...optionsWith({ rateLimit: { enabled: false } }), database };
    await (await getMigrations(options)).runMigrations();
    const { api, create } = await started(options);
    await create();
    return checkWith(api, await copies(database, count));
  });
}

/** The row of its first key so many times, under new keys: creating each by its API would take minutes. */
async function copies(database: Database.Database, count: number): Promise<string[]> {
  const row = database.prepare<[], Record<string, unknown>>('SELECT * FROM apikey').get() ?? {};
  const columns = Object.keys(row);
  const insert = database.prepare(
    `INSERT INTO apikey (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const keys = Array.from({ length: count }, newKey);
  const rows = await Promise.all(
    keys.map(async (key, index) => ({ ...row, id: `key_${index}`, key: await defaultKeyHasher(key) })),
  );
  database.transaction(() => {
    for (const values of rows) insert.run(...Object.values(values));
  })();
  return keys;
}

/** In the memory of the process: its secondary storage, as it is set up for Redis, on a Map. */
export async function betterAuthInMemory(count: number): Promise<KeyCheck> {
  const kept = new Map<string, string>();
  const get = (key: string): string | null => kept.get(key) ?? null;
  const set = (key: string, value: string): void => void kept.set(key, value);
  const remove = (key: string): void => void kept.delete(key);
  const customStorage = {
    get,
    set,
    delete: remove,
    getAndDelete(key: string) {
      const value = get(key);
      remove(key);
      return value;
    },
    increment(key: string) {
      const value = Number(get(key)) + 1;
      set(key, String(value));
      return value;
    },
  };
  const plugin = { rateLimit: { enabled: false }, storage: 'secondary-storage', customStorage } as const;
  const { api, create } = await started(optionsWith(plugin));
  const keys: string[] = [];
  while (keys.length < count) keys.push(await create());
  return checkWith(api, keys);
}
