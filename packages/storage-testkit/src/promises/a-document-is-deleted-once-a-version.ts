import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const ONE = 'Of two callers one deletes it.';
const OTHERS = '`false`, and no change, where it has another version or is not there.';
const ANEW = 'A document that is made where another one was begins at 0 again.';

/** What may be used once is used once: who deletes it is one. */
export const aDocumentIsDeletedOnceAVersion: StoragePromise = {
  name: 'a document is deleted once a version',
  behaviours: [
    behaviour('at its version alone, and no other', OTHERS, async ({ storage, samples }) => {
      const put = samples.document();
      const apart = [{ ...put, owner: 'biz_1' }, { ...put, collection: 'other' }, samples.document()];
      for (const each of [put, ...apart]) await storage.putDocument(each);
      await storage.putDocument({ ...put, expectedVersion: 0 });
      const kept = await storage.findDocuments([put, ...apart]);
      for (const version of [0, 2]) expectEqual(await storage.deleteDocument(put, version), false, `at ${version}`);
      expectEqual(await storage.deleteDocument(samples.document(), 0), false, 'deleting an unknown one');
      expectEqual(await storage.findDocuments([put, ...apart]), kept, 'the documents before it is deleted');
      expectEqual(await storage.deleteDocument(put, 1), true, 'deleting it at its version');
      const rest = [undefined, ...kept.slice(1)];
      expectEqual(await storage.findDocuments([put, ...apart]), rest, 'the documents after it');
      expectEqual(await storage.deleteDocument(put, 1), false, 'deleting it again');
    }),

    behaviour('another one may be made in its place', ANEW, async ({ storage, samples, clock }) => {
      const put = samples.document();
      await storage.putDocument(put);
      await storage.putDocument({ ...put, expectedVersion: 0 });
      await storage.deleteDocument(put, 1);
      const late = await storage.putDocument({ ...put, expectedVersion: 1 });
      expectEqual(late, { status: 'version_changed', document: null }, 'a change of one that was deleted');
      clock.advance(1);
      await storage.putDocument({ ...put, body: { second: true } });
      const [found] = await storage.findDocuments([put]);
      const parts = [found?.version, found?.body, found?.createdAt];
      expectEqual(parts, [0, { second: true }, clock.now()], 'the one that was made in its place');
    }),

    ...race('8 who delete it, and 8 who change it', ONE, async ({ storage, samples }, connections) => {
      for (let round = 0; round < 8; round++) {
        const put = samples.document();
        await storage.putDocument(put);
        const done = await atOnce(Array.from({ length: 16 }), async (_, caller) => {
          const connection = connections[caller % 4 > 1 ? 1 : 0];
          if ((caller + round) % 2 > 0) return connection.deleteDocument(put, 0);
          return (await connection.putDocument({ ...put, expectedVersion: 0 })).status === 'kept';
        });
        expectEqual(done.filter((answer) => answer).length, 1, 'the number of callers who changed or deleted it');
        const [found] = await storage.findDocuments([put]);
        const isDeleted = (done.indexOf(true) + round) % 2 > 0;
        expectEqual(found?.version, isDeleted ? undefined : 1, 'the version after the one that was told so');
      }
    }),
  ],
};
