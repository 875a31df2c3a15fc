import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const FORWARD = "Moves each key's last use forward, never back. Unknown keys are passed over.";

/** The last use of a key only ever becomes later. */
export const lastUseMovesForward: StoragePromise = {
  name: 'last use moves forward',
  behaviours: [
    behaviour(
      'a later use counts, an earlier one does not, an unknown key is passed over',
      FORWARD,
      async (context) => {
        const { storage, samples } = context;
        const business = await storage.createBusiness(samples.business());
        const [key, other] = [samples.apiKey(business), samples.apiKey(business)];
        await storage.insertApiKey(key);
        await storage.insertApiKey(other);
        const touch = (usedAt: number, id = key.id) => ({ businessId: business.id, id, usedAt });
        const lastUses = async () =>
          (await storage.findApiKeys([key.digest, other.digest])).map((found) => found?.apiKey.lastUsedAt);
        await storage.touchApiKeys([touch(500)]);
        expectEqual(await lastUses(), [500, null], 'the last use after the first');
        await storage.touchApiKeys([touch(1, 'unknown'), touch(400), touch(450, other.id)]);
        expectEqual(await lastUses(), [500, 450], 'the last use after an earlier one');
        await storage.touchApiKeys([touch(700), touch(900), touch(800)]);
        expectEqual(await lastUses(), [900, 450], 'the last use after three in one call');
      },
    ),

    ...race('uses that arrive in any order', FORWARD, async ({ storage, samples, random }, connections) => {
      const business = await storage.createBusiness(samples.business());
      const key = samples.apiKey(business);
      await storage.insertApiKey(key);
      const times = random.shuffle(Array.from({ length: 40 }, (_, index) => 1000 + index));
      await atOnce(times, async (usedAt, index) =>
        connections[index % 2 === 0 ? 0 : 1].touchApiKeys([{ businessId: business.id, id: key.id, usedAt }]),
      );
      const touched = await storage.findApiKey(business.id, key.id);
      expectEqual(touched, { ...key, lastUsedAt: 1039 }, 'a key after 40 uses at the same time');
    }),
  ],
};
