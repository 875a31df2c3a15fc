import type { DocumentRecord } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const MADE = 'The version that the caller has read; `null` makes the document, where there is none.';
const WHOLE = 'Takes the place of the body that was there.';
const UNCHANGED = 'Nothing changed. `document` is the one that is there.';
const ONE = 'Of two that are put from one version, one is `kept`.';

/** A document is kept whole, and changed by one caller at a time. */
export const aDocumentChangesOnceAVersion: StoragePromise = {
  name: 'a document changes once a version',
  behaviours: [
    behaviour('is made once, kept whole, and found by all of its name', MADE, async ({ storage, samples, clock }) => {
      const id = samples.id('doc');
      const longest = { owner: 'ö'.repeat(128), collection: 'a_'.repeat(16), id: '_-aZ09xx'.repeat(16) };
      const puts = [
        samples.document({ id }),
        samples.document({ id, owner: 'biz_1', body: {}, expiresInSeconds: 1_000_000_000 }),
        samples.document({ id, collection: 'operators', body: { text: 'x'.repeat(16 * 1024 - '{"text":""}'.length) } }),
        samples.document({ ...longest, body: { number: 2 ** 53 - 1 } }),
      ];
      const made = puts.map(({ expectedVersion: _, expiresInSeconds, ...named }): DocumentRecord => {
        const expiresAt = expiresInSeconds === null ? null : clock.now() + expiresInSeconds * 1000;
        return { ...named, version: 0, expiresAt, createdAt: clock.now(), updatedAt: clock.now() };
      });
      for (const [index, put] of puts.entries())
        expectEqual(await storage.putDocument(put), { status: 'kept', document: made[index] }, 'making a document');
      const unknown = samples.document();
      const found = await storage.findDocuments([...puts, unknown, ...[...puts].reverse()]);
      expectEqual(found, [...made, undefined, ...[...made].reverse()], 'documents that are found, in order');
      expectEqual(await storage.findDocuments([]), [], 'no documents');
      const taken = await storage.putDocument(samples.document({ id, body: { other: true } }));
      expectEqual(taken, { status: 'version_changed', document: made[0] }, 'making one that is there');
      expectEqual(await storage.findDocuments(puts), made, 'the documents after it');
    }),

    behaviour('each change takes the place of the whole', WHOLE, async ({ storage, samples, clock }) => {
      const put = samples.document({ body: { a: 1, b: { c: 2 } }, expiresInSeconds: 60 });
      const { owner, collection, id } = put;
      const createdAt = clock.now();
      await storage.putDocument(put);
      const changes = [
        { body: { b: { d: 3 } }, expiresInSeconds: 7 },
        { body: {}, expiresInSeconds: null },
        { body: { a: null }, expiresInSeconds: 1 },
      ];
      for (const [expectedVersion, change] of changes.entries()) {
        clock.advance(500);
        const updatedAt = clock.now();
        const expiresAt = change.expiresInSeconds === null ? null : updatedAt + change.expiresInSeconds * 1000;
        const version = expectedVersion + 1;
        const document = { owner, collection, id, version, body: change.body, expiresAt, createdAt, updatedAt };
        const outcome = await storage.putDocument({ ...put, ...change, expectedVersion });
        expectEqual(outcome, { status: 'kept', document }, `change ${version}`);
        expectEqual(await storage.findDocuments([put]), [document], `the document after change ${version}`);
      }
    }),

    behaviour('from another version, or of an unknown one, nothing', UNCHANGED, async ({ storage, samples }) => {
      const put = samples.document();
      await storage.putDocument(put);
      await storage.putDocument({ ...put, expectedVersion: 0 });
      const [document] = await storage.findDocuments([put]);
      for (const expectedVersion of [null, 0, 2]) {
        const outcome = await storage.putDocument({ ...put, expectedVersion, body: { other: true } });
        expectEqual(outcome, { status: 'version_changed', document }, `a change from version ${expectedVersion}`);
      }
      expectEqual(await storage.findDocuments([put]), [document], 'the document after all of them');
      const unknown = samples.document({ expectedVersion: 0 });
      const outcome = await storage.putDocument(unknown);
      expectEqual(outcome, { status: 'version_changed', document: null }, 'a change of an unknown one');
      expectEqual(await storage.findDocuments([unknown]), [undefined], 'an unknown one after its change');
    }),

    ...race('16 who make one, and 16 who change one version', ONE, async ({ storage, samples }, connections) => {
      const put = samples.document();
      const callers = Array.from({ length: 16 }, (_, index) => index);
      for (const expectedVersion of [null, 0]) {
        const outcomes = await atOnce(callers, async (caller) =>
          connections[caller % 2 > 0 ? 1 : 0].putDocument({ ...put, expectedVersion, body: { caller } }),
        );
        const kept = callers.filter((caller) => outcomes[caller]?.status === 'kept');
        expectEqual(kept.length, 1, `the number of callers whose document was kept, from version ${expectedVersion}`);
        const [found] = await storage.findDocuments([put]);
        expectEqual(found?.body, { caller: kept[0] }, 'the document of the one that was told so');
        const others = outcomes.filter(({ status }) => status === 'version_changed');
        expectEqual(others, Array(15).fill({ status: 'version_changed', document: found }), 'what the others are told');
      }
    }),
  ],
};
