import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const TAKEN = 'Keeps a key. `false`, and no change, where the id or digest is taken or the business does not exist.';

/** A key's digest, and its id, are given out once. */
export const aDigestNamesOneKey: StoragePromise = {
  name: 'a digest names one key',
  behaviours: [
    behaviour(
      'an id or a digest that is taken is refused, and changes nothing',
      TAKEN,
      async ({ storage, samples }) => {
        const business = await storage.createBusiness(samples.business());
        const stranger = await storage.createBusiness(samples.business());
        const key = samples.apiKey(business);
        expectEqual(await storage.insertApiKey(key), true, 'insertApiKey of a new key');
        const sameId = samples.apiKey(business, { id: key.id, name: 'Other' });
        expectEqual(await storage.insertApiKey(sameId), false, 'insertApiKey with an id that is taken');
        expectEqual(await storage.insertApiKey(key), false, 'insertApiKey of the same key again');
        for (const owner of [business, stranger]) {
          const sameDigest = samples.apiKey(owner, { digest: key.digest });
          expectEqual(await storage.insertApiKey(sameDigest), false, 'insertApiKey with a digest that is taken');
          expectEqual(await storage.findApiKey(owner.id, sameDigest.id), null, 'the key that was refused');
        }
        const found = await storage.findApiKeys([key.digest, sameId.digest]);
        expectEqual(found, [{ apiKey: key, business }, undefined], 'the key that stands');
        expectEqual(await storage.findApiKey(business.id, key.id), key, 'the key that stands');
      },
    ),

    ...race('16 insert one digest', TAKEN, async ({ storage, samples }, connections) => {
      const business = await storage.createBusiness(samples.business());
      const digest = samples.digest();
      const keys = Array.from({ length: 16 }, () => samples.apiKey(business, { digest }));
      const kept = await atOnce(keys, async (key, index) =>
        (connections[index % 2] as BursarStorage).insertApiKey(key),
      );
      expectEqual(kept.filter(Boolean).length, 1, 'of 16 keys of one digest, one is kept');
      const [found] = await storage.findApiKeys([digest]);
      expectEqual(found?.apiKey, keys[kept.indexOf(true)], 'the key whose insertion was answered with true');
      const list = await storage.listApiKeys({ businessId: business.id, after: null, limit: 100 });
      expectEqual(list.length, 1, 'the number of keys');
    }),
  ],
};
