import { pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  assertDocumentPage,
  assertDocumentRef,
  type DocumentBody,
  type DocumentRecord,
  type DocumentRef,
  type DocumentStorage,
  documentText,
} from '@bursar/payouts/storage';
import type { Connection } from './connection.js';
import { placeholders } from './rows.js';

/** A row of `bursar_documents`. */
interface DocumentRow {
  readonly owner: string;
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly body: string;
  readonly expires_at: number | null;
  readonly created_at: number;
  readonly updated_at: number;
}

const DOCUMENT_COLUMNS = [
  'owner',
  'collection',
  'id',
  'version',
  'body',
  'expires_at',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof DocumentRow)[];

/** Documents in SQLite. */
export function sqliteDocuments({ prepare, read, write }: Connection, now: () => Timestamp): DocumentStorage {
  const statements = prepareAll(prepare);
  const find = ({ owner, collection, id }: DocumentRef): DocumentRecord | undefined => {
    const row = statements.select.get(owner, collection, id, now());
    return row && documentRecord(row);
  };
  return {
    findDocuments(refs) {
      for (const ref of refs) assertDocumentRef(ref);
      return read(() => refs.map(find));
    },
    listDocuments({ owner, collection, after, limit }) {
      assertDocumentPage({ owner, collection, after });
      const size = pageLimit(limit);
      // No id is empty.
      return read(() => statements.list.all(owner, collection, after ?? '', now(), size).map(documentRecord));
    },
    putDocument(put) {
      const text = documentText(put);
      const { owner, collection, id, expectedVersion, expiresInSeconds } = put;
      return write(() => {
        const present = find(put) ?? null;
        if ((present?.version ?? null) !== expectedVersion) return { status: 'version_changed', document: present };
        const updatedAt = now();
        const createdAt = present?.createdAt ?? updatedAt;
        const version = expectedVersion === null ? 0 : expectedVersion + 1;
        const expiresAt = expiresInSeconds === null ? null : updatedAt + expiresInSeconds * 1000;
        statements.put.run(owner, collection, id, version, text, expiresAt, createdAt, updatedAt);
        const body = JSON.parse(text) as DocumentBody;
        return {
          status: 'kept',
          document: { owner, collection, id, version, body, expiresAt, createdAt, updatedAt },
        };
      });
    },
    deleteDocument(ref, expectedVersion) {
      assertDocumentRef(ref);
      const { owner, collection, id } = ref;
      return write(() => statements.remove.run(owner, collection, id, now(), expectedVersion) === 1);
    },
    deleteExpiredDocuments(limit) {
      const size = pageLimit(limit);
      return write(() => statements.removeExpired.run(now(), size));
    },
  };
}

function prepareAll(prepare: Connection['prepare']) {
  const live = '(expires_at IS NULL OR expires_at > ?)';
  const one = `owner = ? AND collection = ? AND id = ? AND ${live}`;
  return {
    select: prepare<DocumentRow>(`SELECT * FROM bursar_documents WHERE ${one}`),
    list: prepare<DocumentRow>(
      `SELECT * FROM bursar_documents WHERE owner = ? AND collection = ? AND id > ? AND ${live} ORDER BY id LIMIT ?`,
    ),
    // Also in the place of one that has expired.
    put: prepare(
      `INSERT OR REPLACE INTO bursar_documents (${DOCUMENT_COLUMNS.join(', ')}) VALUES (${placeholders(DOCUMENT_COLUMNS)})`,
    ),
    remove: prepare(`DELETE FROM bursar_documents WHERE ${one} AND version = ?`),
    removeExpired: prepare(
      `DELETE FROM bursar_documents WHERE rowid IN (
         SELECT rowid FROM bursar_documents WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
    ),
  };
}

function documentRecord(row: DocumentRow): DocumentRecord {
  return {
    owner: row.owner,
    collection: row.collection,
    id: row.id,
    version: row.version,
    body: JSON.parse(row.body) as DocumentBody,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
