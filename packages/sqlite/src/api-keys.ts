import {
  type ApiKeyRecord,
  type ApiKeyRotation,
  type ApiKeyRotationOutcome,
  type BusinessId,
  type CredentialStorage,
  pageLimit,
} from '@bursar/core/storage';
import type { Connection } from './connection.js';
import { API_KEY_COLUMNS, type ApiKeyRow, apiKeyRecord, apiKeyValues, placeholders } from './rows.js';

type ApiKeys = 'touchApiKeys' | 'insertApiKey' | 'findApiKey' | 'listApiKeys' | 'rotateApiKey' | 'revokeApiKey';

/** API keys in SQLite, but for the look-up by digest. */
export function sqliteApiKeys({ prepare, read, write }: Connection): Pick<CredentialStorage, ApiKeys> {
  const statements = prepareAll(prepare);
  const { select, list, touch, revoke } = statements;
  const find = (businessId: BusinessId, id: string): ApiKeyRecord | null => {
    const row = select.get(businessId, id);
    return row === undefined ? null : apiKeyRecord(row);
  };

  return {
    touchApiKeys: (uses) =>
      write(() => {
        for (const { businessId, id, usedAt } of uses) touch.run(usedAt, businessId, id, usedAt);
      }),
    insertApiKey: (record) => write(() => insertApiKey(statements, record)),
    findApiKey: (businessId, id) => read(() => find(businessId, id)),
    listApiKeys: ({ businessId, after, limit }) =>
      // Every id comes after the empty text.
      read(() => list.all(businessId, after ?? '', pageLimit(limit)).map(apiKeyRecord)),
    rotateApiKey: (rotation) => write(() => rotate(statements, find(rotation.businessId, rotation.id), rotation)),
    revokeApiKey: (businessId, id, revokedAt) =>
      write(() => {
        revoke.run(revokedAt, businessId, id);
        return find(businessId, id);
      }),
  };
}

type Statements = ReturnType<typeof prepareAll>;

function prepareAll(prepare: Connection['prepare']) {
  return {
    // A business that does not exist gives no row to insert, instead of a failed foreign key.
    insert: prepare(
      `INSERT INTO bursar_api_keys (${API_KEY_COLUMNS.join(', ')}) SELECT ${placeholders(API_KEY_COLUMNS)}
       WHERE EXISTS (SELECT 1 FROM bursar_businesses WHERE id = ?) ON CONFLICT DO NOTHING`,
    ),
    select: prepare<ApiKeyRow>('SELECT * FROM bursar_api_keys WHERE business_id = ? AND id = ?'),
    list: prepare<ApiKeyRow>('SELECT * FROM bursar_api_keys WHERE business_id = ? AND id > ? ORDER BY id LIMIT ?'),
    touch: prepare(
      `UPDATE bursar_api_keys SET last_used_at = ?
       WHERE business_id = ? AND id = ? AND (last_used_at IS NULL OR last_used_at < ?)`,
    ),
    replace: prepare('UPDATE bursar_api_keys SET expires_at = ?, replaced_by = ? WHERE business_id = ? AND id = ?'),
    revoke: prepare(
      'UPDATE bursar_api_keys SET revoked_at = ? WHERE business_id = ? AND id = ? AND revoked_at IS NULL',
    ),
  };
}

function insertApiKey({ insert }: Statements, record: ApiKeyRecord): boolean {
  return insert.run(...apiKeyValues(record), record.businessId) === 1;
}

function rotate(statements: Statements, old: ApiKeyRecord | null, rotation: ApiKeyRotation): ApiKeyRotationOutcome {
  const { businessId, id, successor, now } = rotation;
  if (old === null) return { status: 'not_found' };
  const expired = old.expiresAt !== null && old.expiresAt <= now;
  if (old.revokedAt !== null || expired || old.replacedBy !== null) return { status: 'not_rotatable' };
  if (successor.businessId !== businessId || !insertApiKey(statements, successor)) {
    throw new Error('the successor of an API key must be a new key of the same business; nothing was changed');
  }
  const expiresAt = old.expiresAt === null ? rotation.expiresAt : Math.min(old.expiresAt, rotation.expiresAt);
  statements.replace.run(expiresAt, successor.id, businessId, id);
  return { status: 'rotated', apiKey: { ...old, expiresAt, replacedBy: successor.id } };
}
