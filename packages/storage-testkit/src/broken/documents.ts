import type { DocumentListRequest, DocumentPut, DocumentRecord, DocumentRef } from '@bursar/payouts/storage';
import { aDocumentChangesOnceAVersion } from '../promises/a-document-changes-once-a-version.js';
import { aDocumentHasAForm } from '../promises/a-document-has-a-form.js';
import { aDocumentIsDeletedOnceAVersion } from '../promises/a-document-is-deleted-once-a-version.js';
import { anExpiredDocumentIsNowhere } from '../promises/an-expired-document-is-nowhere.js';
import { listsPageById } from '../promises/lists-page-by-id.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';

const namedWithout = (part: keyof DocumentRef): PlainStorageClass =>
  class extends PlainStorage {
    protected override documentKey(ref: DocumentRef): string {
      return super.documentKey({ ...ref, [part]: '' });
    }
  };

const changing = (
  change: (document: DocumentRecord, present: DocumentRecord | null, put: DocumentPut) => Partial<DocumentRecord>,
): PlainStorageClass =>
  class extends PlainStorage {
    protected override changed(present: DocumentRecord | null, put: DocumentPut): DocumentRecord {
      const document = super.changed(present, put);
      return { ...document, ...change(document, present, put) };
    }
  };

class AnswersWhatItFound extends PlainStorage {
  override async findDocuments(refs: readonly DocumentRef[]) {
    return (await super.findDocuments(refs)).filter((document) => document !== undefined);
  }
}

/** By an upsert. */
class MakesOver extends PlainStorage {
  override async putDocument(put: DocumentPut) {
    return super.putDocument({ ...put, expectedVersion: put.expectedVersion ?? this.documentAt(put)?.version ?? null });
  }
}

class ExpectsNoVersion extends PlainStorage {
  override async putDocument(put: DocumentPut) {
    return super.putDocument({ ...put, expectedVersion: put.expectedVersion && (this.documentAt(put)?.version ?? 0) });
  }
}

/** Makes what it was to change. */
class ChangesTheUnknown extends PlainStorage {
  override async putDocument(put: DocumentPut) {
    return super.putDocument(this.documentAt(put) === undefined ? { ...put, expectedVersion: null } : put);
  }
}

class DeletesEveryVersion extends PlainStorage {
  override async deleteDocument(ref: DocumentRef) {
    return super.deleteDocument(ref, this.documentAt(ref)?.version ?? 0);
  }
}

class DeletesForAllOwners extends PlainStorage {
  override async deleteDocument(ref: DocumentRef, expectedVersion: number) {
    const isDeleted = await super.deleteDocument(ref, expectedVersion);
    for (const [key, { id }] of this.tables.documents)
      if (isDeleted && id === ref.id) this.tables.documents.delete(key);
    return isDeleted;
  }
}

/** Marks it, and goes on counting where it was. */
class CountsOnAfterADeletion extends PlainStorage {
  readonly #last = new Map<string, number>();

  override async deleteDocument(ref: DocumentRef, expectedVersion: number) {
    this.#last.set(this.documentKey(ref), expectedVersion);
    return super.deleteDocument(ref, expectedVersion);
  }

  protected override changed(present: DocumentRecord | null, put: DocumentPut): DocumentRecord {
    const document = super.changed(present, put);
    const last = this.#last.get(this.documentKey(put));
    return present === null && last !== undefined ? { ...document, version: last + 1 } : document;
  }
}

/** Leaves the rest to `deleteExpiredDocuments`. */
class FindsTheExpired extends PlainStorage {
  protected override documentAt(ref: DocumentRef) {
    return this.tables.documents.get(this.documentKey(ref));
  }
}

class ListsTheExpired extends PlainStorage {
  override async listDocuments({ owner, collection, limit }: DocumentListRequest) {
    const own = [...this.tables.documents.values()].filter(
      (row) => row.owner === owner && row.collection === collection,
    );
    return own.sort((left, right) => (left.id < right.id ? -1 : 1)).slice(0, limit);
  }
}

/** Cuts the page, and only then looks at the clock. */
class FiltersThePage extends ListsTheExpired {
  override async listDocuments(request: DocumentListRequest) {
    return (await super.listDocuments(request)).filter((document) => !this.isExpired(document));
  }
}

class ExpiresLate extends PlainStorage {
  protected override isExpired({ expiresAt }: DocumentRecord): boolean {
    return expiresAt !== null && expiresAt < this.now();
  }
}

/** By a unique index, which knows no clock. */
class MakesNothingOverTheExpired extends PlainStorage {
  override async putDocument(put: DocumentPut) {
    const present = this.tables.documents.get(this.documentKey(put));
    const isTaken = put.expectedVersion === null && present !== undefined;
    return isTaken ? { status: 'version_changed' as const, document: null } : super.putDocument(put);
  }
}

const expired = (found: (storage: PlainStorage, all: DocumentRecord[]) => DocumentRecord[]): PlainStorageClass =>
  class extends PlainStorage {
    protected override expiredDocuments(): DocumentRecord[] {
      return found(this, super.expiredDocuments());
    }
  };

/** Takes what it is given. */
class TakesAnyForm extends PlainStorage {
  override async findDocuments(refs: readonly DocumentRef[]) {
    return refs.map((ref) => this.documentAt(ref));
  }

  override async putDocument(put: DocumentPut) {
    const document = this.own(this.changed(null, put));
    this.tables.documents.set(this.documentKey(put), document);
    return { status: 'kept' as const, document };
  }
}

class ListsByLanguage extends PlainStorage {
  override async listDocuments({ after, limit, ...request }: DocumentListRequest) {
    const { compare } = new Intl.Collator('en');
    const documents = [...(await super.listDocuments({ ...request, after: null, limit: 1000 }))];
    const rest = documents.filter(({ id }) => after === null || compare(id, after) > 0);
    return rest.sort((left, right) => compare(left.id, right.id)).slice(0, limit);
  }
}

const MADE = 'is made once, kept whole, and found by all of its name';
const WHOLE = 'each change takes the place of the whole';
const VERSION = 'from another version, or of an unknown one, nothing';
const RACE = '16 who make one, and 16 who change one version';
const AT_VERSION = 'at its version alone, and no other';
const ANEW = 'another one may be made in its place';
const DELETE_RACE = '8 who delete it, and 8 who change it';
const UNSEEN = 'not found and not listed, from the moment on';
const UNCHANGED = 'not changed and not deleted, but made anew';
const DELETED = 'is deleted for good, the longest expired first';
const PAGES = 'documents of one collection, in pages of any length';

/** Faults about documents. */
export const brokenDocuments = [
  ...brokenStorages(aDocumentChangesOnceAVersion, {
    'owners share their documents': [namedWithout('owner'), MADE],
    'collections share their ids': [namedWithout('collection'), MADE],
    'the answer has what was found': [AnswersWhatItFound, MADE],
    'making replaces': [MakesOver, MADE, VERSION],
    'the first version is 1': [changing(({ version }) => ({ version: version + 1 })), MADE],
    'an expiry is kept in 32 bits': [changing(({ expiresAt }) => ({ expiresAt: expiresAt && expiresAt | 0 })), MADE],
    'a change is merged': [changing(({ body }, present) => ({ body: { ...present?.body, ...body } })), WHOLE],
    'null leaves the expiry as it was': [
      changing(({ expiresAt }, present) => ({ expiresAt: expiresAt ?? present?.expiresAt ?? null })),
      WHOLE,
    ],
    'a change makes it new': [changing(({ updatedAt }) => ({ createdAt: updatedAt })), WHOLE],
    'the version is not compared': [ExpectsNoVersion, VERSION],
    'an unknown one is made': [ChangesTheUnknown, VERSION],
    'putting is not locked': [UnlockedStorage, RACE, `${RACE}, between two connections`],
  }),
  ...brokenStorages(aDocumentIsDeletedOnceAVersion, {
    'every version is deleted': [DeletesEveryVersion, AT_VERSION],
    'it is deleted for all owners': [DeletesForAllOwners, AT_VERSION],
    'its version goes on after a deletion': [CountsOnAfterADeletion, ANEW],
    'deleting is not locked': [UnlockedStorage, DELETE_RACE, `${DELETE_RACE}, between two connections`],
  }),
  ...brokenStorages(anExpiredDocumentIsNowhere, {
    'what has expired is found': [FindsTheExpired, UNSEEN, UNCHANGED],
    'what has expired is listed': [ListsTheExpired, UNSEEN],
    'the page is cut before the clock is asked': [FiltersThePage, UNSEEN],
    'it expires after the moment': [ExpiresLate, UNSEEN, UNCHANGED, DELETED],
    'what has expired stands in the way': [MakesNothingOverTheExpired, UNCHANGED],
    'the latest expired goes first': [expired((_, all) => all.reverse()), DELETED],
    'one owner has what expires': [expired((_, all) => all.filter(({ owner }) => owner === '')), DELETED],
    'what never expires is deleted': [expired(({ tables }) => [...tables.documents.values()]), DELETED],
  }),
  ...brokenStorages(aDocumentHasAForm, {
    'any form is taken': [
      TakesAnyForm,
      'other names are refused by each method',
      'a body that would not come back as it was is refused',
    ],
  }),
  ...brokenStorages(listsPageById, { 'documents are in the order of a language': [ListsByLanguage, PAGES] }),
];
