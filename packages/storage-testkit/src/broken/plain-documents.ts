import { pageLimit } from '@bursar/core/storage';
import {
  assertDocumentPage,
  assertDocumentRef,
  type DocumentListRequest,
  type DocumentPut,
  type DocumentPutOutcome,
  type DocumentRecord,
  type DocumentRef,
  type DocumentStorage,
  documentText,
} from '@bursar/payouts/storage';
import { PlainUsage } from './plain-usage.js';

/** The documents' part of `PlainStorage`. */
export class PlainDocuments extends PlainUsage implements DocumentStorage {
  async findDocuments(refs: readonly DocumentRef[]): Promise<readonly (DocumentRecord | undefined)[]> {
    for (const ref of refs) assertDocumentRef(ref);
    return refs.map((ref) => this.documentAt(ref));
  }

  async listDocuments({ limit, ...page }: DocumentListRequest): Promise<readonly DocumentRecord[]> {
    assertDocumentPage(page);
    const { owner, collection, after } = page;
    const own = [...this.tables.documents.values()].filter(
      (document) => document.owner === owner && document.collection === collection && !this.isExpired(document),
    );
    const rest = own.filter(({ id }) => after === null || id > after);
    return rest.sort((left, right) => (left.id < right.id ? -1 : 1)).slice(0, pageLimit(limit));
  }

  async putDocument(put: DocumentPut): Promise<DocumentPutOutcome> {
    documentText(put);
    return this.transact(async () => {
      const present = this.documentAt(put) ?? null;
      await this.roundTrip();
      if ((present?.version ?? null) !== put.expectedVersion) return { status: 'version_changed', document: present };
      const document = this.own(this.changed(present, put));
      this.tables.documents.set(this.documentKey(put), document);
      return { status: 'kept', document };
    });
  }

  async deleteDocument(ref: DocumentRef, expectedVersion: number): Promise<boolean> {
    assertDocumentRef(ref);
    return this.transact(async () => {
      const isThere = this.documentAt(ref)?.version === expectedVersion;
      await this.roundTrip();
      if (isThere) this.tables.documents.delete(this.documentKey(ref));
      return isThere;
    });
  }

  deleteExpiredDocuments(limit: number): Promise<number> {
    return this.transact(async () => {
      const expired = this.expiredDocuments().slice(0, pageLimit(limit));
      await this.roundTrip();
      for (const document of expired) this.tables.documents.delete(this.documentKey(document));
      return expired.length;
    });
  }

  protected documentKey({ owner, collection, id }: DocumentRef): string {
    return [owner, collection, id].join('\0');
  }

  protected documentAt(ref: DocumentRef): DocumentRecord | undefined {
    const document = this.tables.documents.get(this.documentKey(ref));
    return document === undefined || this.isExpired(document) ? undefined : document;
  }

  protected isExpired({ expiresAt }: DocumentRecord): boolean {
    return expiresAt !== null && expiresAt <= this.now();
  }

  protected changed(
    present: DocumentRecord | null,
    { owner, collection, id, body, expiresInSeconds }: DocumentPut,
  ): DocumentRecord {
    const now = this.now();
    const version = present === null ? 0 : present.version + 1;
    const expiresAt = expiresInSeconds === null ? null : now + expiresInSeconds * 1000;
    return { owner, collection, id, version, body, expiresAt, createdAt: present?.createdAt ?? now, updatedAt: now };
  }

  /** The longest expired first. */
  protected expiredDocuments(): DocumentRecord[] {
    const expired = [...this.tables.documents.values()].filter((document) => this.isExpired(document));
    return expired.sort((left, right) => (left.expiresAt ?? 0) - (right.expiresAt ?? 0));
  }
}
