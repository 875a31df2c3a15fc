import type { DocumentPut, DocumentRef } from '@bursar/payouts/storage';
import { expectEqual, expectRejection } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';

const BY_NAME = 'by each method, and by name, for what has another form';
const JSON_KEEPS = 'what JSON keeps, at most 16 KiB as a text. Its numbers are safe integers.';

// A database would take each of them for something else, cut it, or fail the call beside it.
const REFS: readonly Partial<DocumentRef>[] = [
  { owner: 'a\0' },
  { owner: '\ud800' },
  { owner: 'x'.repeat(129) },
  { collection: '' },
  { collection: 'Sessions' },
  { collection: 'x'.repeat(33) },
  { id: '' },
  { id: 'a\0' },
  { id: 'é' },
  { id: 'x'.repeat(129) },
];

const PUTS: readonly Partial<DocumentPut>[] = [
  { body: { a: 0.5 } },
  { body: { a: 2 ** 53 } },
  { body: { a: Number.NaN } },
  { body: { a: undefined } },
  { body: { a: new Date(0) } },
  { body: { a: ['\0'] } },
  { body: { '\ud800': 1 } },
  { body: JSON.parse('{"a":{"__proto__":{"b":1}}}') as DocumentPut['body'] },
  { body: [] as unknown as DocumentPut['body'] },
  { body: { a: 'x'.repeat(16 * 1024) } },
  { body: { a: '€'.repeat(6000) } },
  { expectedVersion: -1 },
  { expectedVersion: 0.5 },
  { expiresInSeconds: 0 },
  { expiresInSeconds: 0.5 },
  { expiresInSeconds: 1_000_000_001 },
];

/** What a storage could not give back as it was never gets there. */
export const aDocumentHasAForm: StoragePromise = {
  name: 'a document has a form',
  behaviours: [
    behaviour('other names are refused by each method', BY_NAME, async ({ storage, samples }) => {
      for (const over of REFS) {
        const put = samples.document(over);
        const { owner, collection, id } = put;
        const what = `of ${JSON.stringify(over).slice(0, 60)}`;
        await expectRejection(() => storage.putDocument(put), `putDocument ${what}`);
        await expectRejection(() => storage.findDocuments([samples.document(), put]), `findDocuments ${what}`);
        await expectRejection(() => storage.deleteDocument(put, 0), `deleteDocument ${what}`);
        const page = { owner, collection, after: 'id' in over ? id : null, limit: 10 };
        await expectRejection(() => storage.listDocuments(page), `listDocuments ${what}`);
      }
    }),

    behaviour('a body that would not come back as it was is refused', JSON_KEEPS, async ({ storage, samples }) => {
      const kept = samples.document();
      await storage.putDocument(kept);
      const before = await storage.findDocuments([kept]);
      for (const [index, over] of PUTS.entries()) {
        const what = `putDocument of wrong form ${index}, ${Object.keys(over).join()}`;
        await expectRejection(() => storage.putDocument({ ...kept, expectedVersion: 0, ...over }), what);
        await expectRejection(() => storage.putDocument(samples.document(over)), what);
      }
      const { owner, collection } = kept;
      const listed = await storage.listDocuments({ owner, collection, after: null, limit: 100 });
      expectEqual(listed, before, 'the documents after all of them');
    }),
  ],
};
