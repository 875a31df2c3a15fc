import { pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  assertDocumentCollection,
  assertDocumentRef,
  type DocumentPut,
  type DocumentPutOutcome,
  type DocumentRecord,
  type DocumentRef,
  type DocumentStorage,
  documentText,
} from '@bursar/payouts/storage';
import type { Tables } from './tables.js';

/** Documents in memory. */
export function memoryDocuments(tables: Tables, now: () => Timestamp, assertOpen: () => void): DocumentStorage {
  const { documents } = tables;
  const find = (ref: DocumentRef): DocumentRecord | undefined => {
    const document = documents.get(keyOf(ref));
    return document === undefined || isExpired(document, now()) ? undefined : document;
  };
  return {
    findDocuments(refs) {
      assertOpen();
      for (const ref of refs) assertDocumentRef(ref);
      return refs.map(find);
    },
    listDocuments({ owner, collection, after, limit }) {
      assertOpen();
      assertDocumentCollection({ owner, collection });
      const size = pageLimit(limit);
      const moment = now();
      return [...documents.values()]
        .filter((document) => document.owner === owner && document.collection === collection)
        .filter((document) => !isExpired(document, moment) && (after === null || document.id > after))
        .sort((left, right) => (left.id < right.id ? -1 : 1))
        .slice(0, size);
    },
    putDocument(put) {
      assertOpen();
      const text = documentText(put);
      const outcome = changed(find(put), put, text, now());
      if (outcome.status === 'kept') documents.set(keyOf(put), outcome.document);
      return outcome;
    },
    deleteDocument(ref, expectedVersion) {
      assertOpen();
      assertDocumentRef(ref);
      return find(ref)?.version === expectedVersion && documents.delete(keyOf(ref));
    },
    deleteExpiredDocuments(limit) {
      assertOpen();
      const size = pageLimit(limit);
      const moment = now();
      const expired = [...documents.values()]
        .filter((document) => isExpired(document, moment))
        .sort((left, right) => (left.expiresAt ?? 0) - (right.expiresAt ?? 0))
        .slice(0, size);
      for (const document of expired) documents.delete(keyOf(document));
      return expired.length;
    },
  };
}

function changed(
  present: DocumentRecord | undefined,
  { owner, collection, id, expectedVersion, expiresInSeconds }: DocumentPut,
  text: string,
  now: Timestamp,
): DocumentPutOutcome {
  if ((present?.version ?? null) !== expectedVersion) return { status: 'version_changed', document: present ?? null };
  const document = deeplyFrozen<DocumentRecord>({
    ...{ owner, collection, id },
    version: expectedVersion === null ? 0 : expectedVersion + 1,
    // The caller keeps its own, and has back what a database would give.
    body: JSON.parse(text) as DocumentRecord['body'],
    expiresAt: expiresInSeconds === null ? null : now + expiresInSeconds * 1000,
    createdAt: present?.createdAt ?? now,
    updatedAt: now,
  });
  return { status: 'kept', document };
}

function isExpired({ expiresAt }: DocumentRecord, now: Timestamp): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function keyOf({ owner, collection, id }: DocumentRef): string {
  return `${owner}\0${collection}\0${id}`;
}

function deeplyFrozen<T extends object>(value: T): T {
  for (const member of Object.values(value) as unknown[]) {
    if (typeof member === 'object' && member !== null) deeplyFrozen(member);
  }
  return Object.freeze(value);
}
