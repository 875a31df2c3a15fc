import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const REVOKES = 'Revokes; a key that was revoked before keeps its first time. `null` for an unknown key.';

/** Once a revocation is answered, every look-up shows it. */
export const revocationHoldsAtOnce: StoragePromise = {
  name: 'revocation holds at once',
  behaviours: [
    behaviour('a key keeps the time of its first revocation', REVOKES, async ({ storage, samples, clock }) => {
      const business = await storage.createBusiness(samples.business());
      const key = samples.apiKey(business);
      await storage.insertApiKey(key);
      const revokedAt = clock.now();
      const revoked = { ...key, revokedAt };
      expectEqual(await storage.revokeApiKey(business.id, key.id, revokedAt), revoked, 'the first revocation');
      for (const time of [revokedAt + 1000, revokedAt - 1000])
        expectEqual(await storage.revokeApiKey(business.id, key.id, time), revoked, 'a second revocation');
      expectEqual(await storage.findApiKey(business.id, key.id), revoked, 'findApiKey of a key revoked twice');
    }),

    ...race('every look-up after the answer shows it', REVOKES, async ({ storage, samples, clock }, connections) => {
      const business = await storage.createBusiness(samples.business());
      for (let round = 0; round < 5; round++) {
        const key = samples.apiKey(business);
        await storage.insertApiKey(key);
        const lookUp = async (connection: BursarStorage) => (await connection.findApiKeys([key.digest]))[0]?.apiKey;
        expectEqual(await lookUp(storage), key, 'a key before its revocation');
        const revokedAt = clock.now() + round;
        const lookUps = () => atOnce(Array.from({ length: 8 }), () => lookUp(storage));
        const revoke = async () => connections[1].revokeApiKey(business.id, key.id, revokedAt);
        const [early, late] = await Promise.all([lookUps(), revoke().then(lookUps)]);
        for (const found of early) expectEqual(found?.id, key.id, 'a look-up during the revocation finds the key');
        for (const found of late)
          expectEqual(found, { ...key, revokedAt }, 'a look-up that began after the revocation');
        const list = await storage.listApiKeys({ businessId: business.id, after: null, limit: 100 });
        const listed = list.find(({ id }) => id === key.id);
        expectEqual(listed, { ...key, revokedAt }, 'listApiKeys after the revocation');
      }
    }),

    ...race('a revocation is not lost among other changes', REVOKES, async (context, connections) => {
      const { storage, samples, clock } = context;
      const business = await storage.createBusiness(samples.business());
      const [revokedAt, usedAt, expiresAt] = [clock.now() + 1, clock.now() + 2, clock.now() + 3];
      for (let round = 0; round < 8; round++) {
        const [key, successor] = [samples.apiKey(business), samples.apiKey(business)];
        await storage.insertApiKey(key);
        const ref = { businessId: business.id, id: key.id };
        const changes = [
          async () => connections[0].revokeApiKey(ref.businessId, ref.id, revokedAt),
          async () => connections[1].touchApiKeys([{ ...ref, usedAt }]),
          async () => connections[0].rotateApiKey({ ...ref, successor, expiresAt, now: clock.now() }),
        ];
        await atOnce<() => Promise<unknown>, unknown>(context.random.shuffle(changes), (change) => change());
        const after = await storage.findApiKey(ref.businessId, ref.id);
        const isRotated = (await storage.findApiKey(ref.businessId, successor.id)) !== null;
        const rotated = isRotated ? { expiresAt, replacedBy: successor.id } : {};
        const expected = { ...key, revokedAt, lastUsedAt: usedAt, ...rotated };
        expectEqual(after, expected, 'a key that was revoked, used and rotated at the same time');
      }
    }),
  ],
};
