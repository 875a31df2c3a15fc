import { pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  assertDocumentPage,
  assertDocumentRef,
  type DocumentBody,
  type DocumentPut,
  type DocumentPutOutcome,
  type DocumentRecord,
  type DocumentRef,
  type DocumentStorage,
  documentText,
} from '@bursar/payouts/storage';
import { clockOr } from './clock.js';
import { type Column, columnArrays, rowsSent } from './columns.js';
import type { Connection, Session, SqlValue } from './connection.js';
import { type Integer, integer, integerOrNull } from './integer.js';
import { atPlaces, type Placed } from './place.js';
import type { Tables } from './tables.js';

/** A row of `bursar_documents`. */
interface DocumentRow {
  readonly owner: string;
  readonly collection: string;
  readonly id: string;
  readonly version: Integer;
  readonly body: string;
  readonly expires_at: Integer | null;
  readonly created_at: Integer;
  readonly updated_at: Integer;
}

const KEY_COLUMNS: readonly Column<DocumentRef>[] = [
  { name: 'owner', type: 'text', of: ({ owner }) => owner },
  { name: 'collection', type: 'text', of: ({ collection }) => collection },
  { name: 'id', type: 'text', of: ({ id }) => id },
];

/** Documents in PostgreSQL. `now` is storage's clock, where it is not the database's. */
export function postgresDocuments(
  { read, transaction }: Connection,
  tables: Tables,
  now: (() => Timestamp) | undefined,
): DocumentStorage {
  const sql = statements(tables);
  const clock = (): Timestamp | null => now?.() ?? null;
  return {
    async findDocuments(refs) {
      for (const ref of refs) assertDocumentRef(ref);
      if (refs.length === 0) return [];
      const rows = await read<DocumentRow & Placed>(sql.find, [clock(), ...columnArrays(KEY_COLUMNS, refs)]);
      return atPlaces(rows, refs.length, documentRecord);
    },
    async listDocuments({ owner, collection, after, limit }) {
      assertDocumentPage({ owner, collection, after });
      // No id is empty.
      const values = [clock(), owner, collection, after ?? '', pageLimit(limit)];
      return (await read<DocumentRow>(sql.list, values)).map(documentRecord);
    },
    // Sent again after a lost answer, what was done already would look like another caller's.
    async putDocument(put) {
      const text = documentText(put);
      return transaction((session) => change(session, sql, put, text, clock()), { repeatable: false });
    },
    async deleteDocument(ref, expectedVersion) {
      assertDocumentRef(ref);
      const values = [clock(), ...keyOf(ref), expectedVersion];
      const deleted = await transaction(({ query }) => query(sql.remove, values), { repeatable: false });
      return deleted.length > 0;
    },
    async deleteExpiredDocuments(limit) {
      const values = [clock(), pageLimit(limit)];
      return (await transaction(({ query }) => query(sql.removeExpired, values), { repeatable: true })).length;
    },
  };
}

type Statements = ReturnType<typeof statements>;

function statements({ documents }: Tables) {
  const now = clockOr('$1');
  const key = 'owner = $2 AND collection = $3 AND id = $4';
  const live = `(expires_at IS NULL OR expires_at > ${now})`;
  return {
    find: `SELECT asked.place, found.* FROM ${rowsSent(KEY_COLUMNS, 'asked', 2)} CROSS JOIN LATERAL (
      SELECT * FROM ${documents} WHERE owner = asked.owner AND collection = asked.collection AND id = asked.id AND ${live}
      LIMIT 1) found`,
    list: `SELECT * FROM ${documents} WHERE owner = $2 AND collection = $3 AND id > $4 AND ${live} ORDER BY id LIMIT $5`,
    present: `SELECT * FROM ${documents} WHERE ${key} AND ${live}`,
    // Each compares with the row as it is once it is locked. One that has expired is made anew.
    make: `INSERT INTO ${documents} AS d (owner, collection, id, version, body, expires_at, created_at, updated_at)
      SELECT $2, $3, $4, 0, $5, moment.now + $6::bigint, moment.now, moment.now FROM (SELECT ${now} AS now) moment
      ON CONFLICT (owner, collection, id) DO UPDATE SET version = 0, body = EXCLUDED.body,
        expires_at = EXCLUDED.expires_at, created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at
      WHERE d.expires_at <= ${now} RETURNING d.*`,
    replace: `UPDATE ${documents} SET version = version + 1, body = $5, expires_at = ${now} + $6::bigint, updated_at = ${now}
      WHERE ${key} AND version = $7 AND ${live} RETURNING *`,
    remove: `DELETE FROM ${documents} WHERE ${key} AND version = $5 AND ${live} RETURNING 1`,
    removeExpired: `WITH expired AS MATERIALIZED (
        SELECT owner, collection, id FROM ${documents} WHERE expires_at IS NOT NULL AND expires_at <= ${now}
        ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
      )
      DELETE FROM ${documents} d USING expired
      WHERE d.owner = expired.owner AND d.collection = expired.collection AND d.id = expired.id RETURNING 1`,
  };
}

async function change(
  { query }: Session,
  sql: Statements,
  put: DocumentPut,
  text: string,
  now: Timestamp | null,
): Promise<DocumentPutOutcome> {
  const { expectedVersion, expiresInSeconds } = put;
  const values = [now, ...keyOf(put), text, expiresInSeconds === null ? null : expiresInSeconds * 1000];
  const [row] =
    expectedVersion === null
      ? await query<DocumentRow>(sql.make, values)
      : await query<DocumentRow>(sql.replace, [...values, expectedVersion]);
  if (row !== undefined) return { status: 'kept', document: documentRecord(row) };
  const [present] = await query<DocumentRow>(sql.present, [now, ...keyOf(put)]);
  return { status: 'version_changed', document: present === undefined ? null : documentRecord(present) };
}

function keyOf(ref: DocumentRef): SqlValue[] {
  return KEY_COLUMNS.map(({ of }) => of(ref));
}

function documentRecord(row: DocumentRow): DocumentRecord {
  return {
    owner: row.owner,
    collection: row.collection,
    id: row.id,
    version: integer(row.version),
    body: JSON.parse(row.body) as DocumentBody,
    expiresAt: integerOrNull(row.expires_at),
    createdAt: integer(row.created_at),
    updatedAt: integer(row.updated_at),
  };
}
