/**
 * Small documents that whoever builds on Bursar keeps beside the money: operators, sessions, settings. Each is replaced
 * as a whole, by compare and set, so that of two changes one is made and the other is told.
 *
 * @module
 */
import type { Awaitable, Timestamp } from '@bursar/core/storage';

/** Where documents of one kind stand. */
export interface DocumentCollection {
  /** A business's id, or `''` for the whole installation; at most 128 characters. */
  readonly owner: string;
  /** 1 to 32 characters of `a-z_`. */
  readonly collection: string;
}

/** Names a document. */
export interface DocumentRef extends DocumentCollection {
  /** 1 to 128 characters of `A-Za-z0-9_-`. */
  readonly id: string;
}

/** What a document says: what JSON keeps, at most 16 KiB as a text. Its numbers are safe integers. */
export type DocumentBody = Readonly<Record<string, unknown>>;

/** A document. */
export interface DocumentRecord extends DocumentRef {
  /** From 0; each change adds one. A document that is made where another one was begins at 0 again. */
  readonly version: number;
  readonly body: DocumentBody;
  /** From then on, by storage's clock, there is no such document; `null` for never. */
  readonly expiresAt: Timestamp | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** A document as it is to be. */
export interface DocumentPut extends DocumentRef {
  /** The version that the caller has read; `null` makes the document, where there is none. */
  readonly expectedVersion: number | null;
  /** Takes the place of the body that was there. */
  readonly body: DocumentBody;
  /** From 1 to 1,000,000,000, by storage's clock; `null` for never, also where it was to expire before. */
  readonly expiresInSeconds: number | null;
}

/** What became of a document. Of two that are put from one version, one is `kept`. */
export type DocumentPutOutcome =
  | { readonly status: 'kept'; readonly document: DocumentRecord }
  /** Nothing changed. `document` is the one that is there. */
  | { readonly status: 'version_changed'; readonly document: DocumentRecord | null };

/** One page of a collection. */
export interface DocumentListRequest extends DocumentCollection {
  /** The last id of the page before; `null` for the first page. */
  readonly after: string | null;
  /** From 1 to 1,000. */
  readonly limit: number;
}

/**
 * Keeps documents. One whose time has come, by storage's clock, is nowhere: not found, not listed, not changed, not
 * deleted again.
 *
 * @throws {TypeError} by each method, for what has another form: see {@link assertDocumentRef} and {@link documentText}.
 */
export interface DocumentStorage {
  findDocuments(refs: readonly DocumentRef[]): Awaitable<readonly (DocumentRecord | undefined)[]>;
  /** By id. */
  listDocuments(request: DocumentListRequest): Awaitable<readonly DocumentRecord[]>;
  /** Compare and set: makes the document, or replaces the version that the caller has read. Of two callers one does. */
  putDocument(put: DocumentPut): Awaitable<DocumentPutOutcome>;
  /** Of two callers one deletes it. `false`, and no change, where it has another version or is not there. */
  deleteDocument(ref: DocumentRef, expectedVersion: number): Awaitable<boolean>;
  /** Deletes what has expired, of all owners, the longest expired first; answers how many. `limit` from 1 to 1,000. */
  deleteExpiredDocuments(limit: number): Awaitable<number>;
}
