import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const SWITCH = 'Sees the switch in every look-up that begins after the answer. `null` for an unknown business.';
const FIRST = "Keeps a business. Answers with the record that stands: of two callers the second gets the first's.";

/** A business is kept once, and its switch is seen by whoever looks next. */
export const aSwitchHoldsAtOnce: StoragePromise = {
  name: 'a switch holds at once',
  behaviours: [
    behaviour('a business that exists stays as it is', FIRST, async ({ storage, samples }) => {
      const business = samples.business();
      expectEqual(await storage.createBusiness(business), business, 'createBusiness of a new business');
      const other = samples.business({ id: business.id, name: 'Other', currency: 'EUR', payoutsEnabled: false });
      expectEqual(await storage.createBusiness(other), business, 'createBusiness of an id that is taken');
      expectEqual(await storage.findBusiness(business.id), business, 'the business that stands');
    }),

    ...race('16 create one business, and all hear of the same', FIRST, async ({ storage, samples }, connections) => {
      const { id } = samples.business();
      const records = Array.from({ length: 16 }, (_, index) => samples.business({ id, name: `Number ${index}` }));
      const answers = await atOnce(records, async (record, index) =>
        (connections[index % 2] as BursarStorage).createBusiness(record),
      );
      const stands = await storage.findBusiness(id);
      for (const answer of answers) expectEqual(answer, stands, 'what each of 16 creators of one business is answered');
    }),

    ...race('every look-up after the answer sees the switch', SWITCH, async ({ storage, samples }, connections) => {
      const business = await storage.createBusiness(samples.business());
      const [key, user] = [samples.apiKey(business), samples.payoutUser(business)];
      await storage.insertApiKey(key);
      await storage.openPayoutUsers([user]);
      for (const payoutsEnabled of [false, true, true, false]) {
        const expected = { ...business, payoutsEnabled };
        const answer = await connections[1].setPayoutsEnabled(business.id, payoutsEnabled);
        expectEqual(answer, expected, 'the answer of setPayoutsEnabled');
        expectEqual(await storage.findBusiness(business.id), expected, 'findBusiness after the switch');
        const [foundKey] = await storage.findApiKeys([key.digest]);
        expectEqual(foundKey?.business, expected, 'the business that findApiKeys shows after the switch');
        const [foundUser] = await storage.findPayoutUsers([user.digest]);
        expectEqual(foundUser?.business, expected, 'the business that findPayoutUsers shows after the switch');
      }
    }),
  ],
};
