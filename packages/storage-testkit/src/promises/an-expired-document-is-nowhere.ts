import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';

const NOWHERE =
  "One whose time has come, by storage's clock, is nowhere: not found, not listed, not changed, not deleted again.";
const DELETES = 'Deletes what has expired, of all owners, the longest expired first; answers how many.';

const all = { owner: '', collection: 'sessions', after: null, limit: 10 };

/** Nobody signs in with a session that is over. */
export const anExpiredDocumentIsNowhere: StoragePromise = {
  name: 'an expired document is nowhere',
  behaviours: [
    behaviour('not found and not listed, from the moment on', NOWHERE, async ({ storage, samples, clock }) => {
      const [early, late] = [samples.document({ id: 'a', expiresInSeconds: 2 }), samples.document({ id: 'b' })];
      for (const put of [early, late]) await storage.putDocument(put);
      clock.advance(1999);
      const before = await storage.findDocuments([early, late]);
      expectEqual(
        before.map((document) => document?.id),
        ['a', 'b'],
        'what is found before the moment',
      );
      expectEqual(await storage.listDocuments(all), before, 'what is listed before the moment');
      clock.advance(1);
      expectEqual(await storage.findDocuments([early, late]), [undefined, before[1]], 'what is found at the moment');
      expectEqual(await storage.listDocuments({ ...all, limit: 1 }), [before[1]], 'a page of one at the moment');
    }),

    behaviour('not changed and not deleted, but made anew', NOWHERE, async ({ storage, samples, clock }) => {
      const put = samples.document({ expiresInSeconds: 1 });
      await storage.putDocument(put);
      await storage.putDocument({ ...put, expectedVersion: 0 });
      clock.advance(1000);
      const late = await storage.putDocument({ ...put, expectedVersion: 1 });
      expectEqual(late, { status: 'version_changed', document: null }, 'a change of one that has expired');
      expectEqual(await storage.deleteDocument(put, 1), false, 'deleting one that has expired');
      const made = await storage.putDocument({ ...put, body: { second: true }, expiresInSeconds: null });
      const [found] = await storage.findDocuments([put]);
      expectEqual(made, { status: 'kept', document: found }, 'making one in its place');
      const parts = [found?.version, found?.body, found?.expiresAt, found?.createdAt];
      expectEqual(parts, [0, { second: true }, null, clock.now()], 'the one that was made in its place');
      expectEqual(await storage.deleteExpiredDocuments(10), 0, 'the number of expired ones after it');
    }),

    behaviour('is deleted for good, the longest expired first', DELETES, async ({ storage, samples, clock }) => {
      expectEqual(await storage.deleteExpiredDocuments(10), 0, 'the number of expired ones in an empty storage');
      const times = [3, null, 1, 4, 2, 9];
      const puts = times.map((expiresInSeconds, index) =>
        samples.document({ owner: index % 2 > 0 ? 'biz_1' : '', expiresInSeconds }),
      );
      for (const put of puts) await storage.putDocument(put);
      clock.advance(4000);
      expectEqual(await storage.deleteExpiredDocuments(2), 2, 'the first two');
      clock.advance(-1500);
      const left = (await storage.findDocuments(puts)).map((document) => document !== undefined);
      expectEqual(left, [true, true, false, true, false, true], 'what is left, by a clock that went back');
      clock.advance(1500);
      expectEqual(await storage.deleteExpiredDocuments(1000), 2, 'the others');
      expectEqual(await storage.deleteExpiredDocuments(1000), 0, 'those that have expired after that');
      clock.advance(-4000);
      expectEqual(await idsLeft(storage), [puts[1]?.id, puts[5]?.id].sort(), 'what has not expired');
    }),
  ],
};

async function idsLeft(storage: BursarStorage): Promise<string[]> {
  const lists = [await storage.listDocuments(all), await storage.listDocuments({ ...all, owner: 'biz_1' })];
  return lists
    .flat()
    .map(({ id }) => id)
    .sort();
}
