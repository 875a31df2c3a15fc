import {
  type ApiKeyRecord,
  type ApiKeyRotation,
  type ApiKeyRotationOutcome,
  type ApiKeyUse,
  type CredentialStorage,
  pageLimit,
} from '@bursar/core/storage';
import { type Column, columnArrays, columnNames, rowsSent } from './columns.js';
import type { Connection, Session } from './connection.js';
import { API_KEY_COLUMNS, type ApiKeyRow, apiKeyRecord } from './rows.js';
import type { Tables } from './tables.js';

type ApiKeys = 'touchApiKeys' | 'insertApiKey' | 'findApiKey' | 'listApiKeys' | 'rotateApiKey' | 'revokeApiKey';

/** API keys in PostgreSQL, but for the look-up by digest. */
export function postgresApiKeys(connection: Connection, tables: Tables): Pick<CredentialStorage, ApiKeys> {
  const { read, write, transaction } = connection;
  const sql = statements(connection, tables);
  return {
    async touchApiKeys(uses) {
      if (uses.length > 0) await write(sql.touch, columnArrays(USE_COLUMNS, latestOfEach(uses)));
    },
    insertApiKey: (record) => transaction((session) => insertApiKey(session, sql, record), { repeatable: false }),
    async findApiKey(businessId, id) {
      const [row] = await read<ApiKeyRow>(sql.select, [businessId, id]);
      return row === undefined ? null : apiKeyRecord(row);
    },
    async listApiKeys({ businessId, after, limit }) {
      // Every id comes after the empty text.
      return (await read<ApiKeyRow>(sql.list, [businessId, after ?? '', pageLimit(limit)])).map(apiKeyRecord);
    },
    rotateApiKey: (rotation) => transaction((session) => rotate(session, sql, rotation), { repeatable: false }),
    async revokeApiKey(businessId, id, revokedAt) {
      const [row] = await write<ApiKeyRow>(sql.revoke, [businessId, id, revokedAt]);
      return row === undefined ? null : apiKeyRecord(row);
    },
  };
}

type Statements = ReturnType<typeof statements>;

function statements({ settings }: Connection, { businesses, apiKeys, apiKeyDigests }: Tables) {
  return {
    // A business that does not exist gives no row to insert, instead of a failed foreign key.
    insert: `INSERT INTO ${apiKeys} (${columnNames(API_KEY_COLUMNS)})
      SELECT ${columnNames(API_KEY_COLUMNS, 'sent')} FROM ${rowsSent(API_KEY_COLUMNS, 'sent')}
      WHERE EXISTS (SELECT FROM ${businesses} WHERE id = sent.business_id) ON CONFLICT DO NOTHING RETURNING 1`,
    insertDigest: `INSERT INTO ${apiKeyDigests} (digest, business_id, api_key_id) VALUES ($1, $2, $3)
      ON CONFLICT DO NOTHING RETURNING 1`,
    removeDigest: `DELETE FROM ${apiKeyDigests} WHERE digest = $1`,
    select: `SELECT * FROM ${apiKeys} WHERE business_id = $1 AND id = $2`,
    lock: `SELECT * FROM ${apiKeys} WHERE business_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    list: `SELECT * FROM ${apiKeys} WHERE business_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
    // Locked in the order of the array, so that two processes never wait for each other.
    touch: `WITH ${settings}, used AS MATERIALIZED (
        SELECT sent.* FROM settings, ${rowsSent(USE_COLUMNS, 'sent')}
        CROSS JOIN LATERAL (
          SELECT 1 FROM ${apiKeys} k WHERE k.business_id = sent.business_id AND k.id = sent.id LIMIT 1 FOR NO KEY UPDATE
        ) locked
      )
      UPDATE ${apiKeys} k SET last_used_at = used.used_at FROM used
      WHERE k.business_id = used.business_id AND k.id = used.id
        AND (k.last_used_at IS NULL OR k.last_used_at < used.used_at)`,
    replace: `UPDATE ${apiKeys} SET expires_at = $3, replaced_by = $4 WHERE business_id = $1 AND id = $2`,
    // The first time stays; the row is answered in any case.
    revoke: `WITH ${settings} UPDATE ${apiKeys} SET revoked_at = coalesce(revoked_at, $3::bigint) FROM settings
      WHERE business_id = $1 AND id = $2 RETURNING ${columnNames(API_KEY_COLUMNS)}`,
  };
}

const USE_COLUMNS: readonly Column<ApiKeyUse>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'used_at', type: 'bigint', of: ({ usedAt }) => usedAt },
];

function latestOfEach(uses: readonly ApiKeyUse[]): ApiKeyUse[] {
  const latest = new Map<string, ApiKeyUse>();
  for (const use of uses) {
    const key = `${use.businessId}\0${use.id}`;
    const known = latest.get(key);
    if (known === undefined || known.usedAt < use.usedAt) latest.set(key, use);
  }
  return [...latest.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, use]) => use);
}

async function insertApiKey({ query }: Session, sql: Statements, record: ApiKeyRecord): Promise<boolean> {
  const { businessId, id, digest } = record;
  const named = await query(sql.insertDigest, [digest, businessId, id]);
  if (named.length === 0) return false;
  const kept = await query(sql.insert, columnArrays(API_KEY_COLUMNS, [record]));
  if (kept.length === 0) await query(sql.removeDigest, [digest]);
  return kept.length > 0;
}

async function rotate(session: Session, sql: Statements, rotation: ApiKeyRotation): Promise<ApiKeyRotationOutcome> {
  const { businessId, id, successor, now } = rotation;
  const [row] = await session.query<ApiKeyRow>(sql.lock, [businessId, id]);
  if (row === undefined) return { status: 'not_found' };
  const old = apiKeyRecord(row);
  const expired = old.expiresAt !== null && old.expiresAt <= now;
  if (old.revokedAt !== null || expired || old.replacedBy !== null) return { status: 'not_rotatable' };
  if (successor.businessId !== businessId || !(await insertApiKey(session, sql, successor))) {
    throw new Error('the successor of an API key must be a new key of the same business; nothing was changed');
  }
  const expiresAt = old.expiresAt === null ? rotation.expiresAt : Math.min(old.expiresAt, rotation.expiresAt);
  await session.query(sql.replace, [businessId, id, expiresAt, successor.id]);
  return { status: 'rotated', apiKey: { ...old, expiresAt, replacedBy: successor.id } };
}
