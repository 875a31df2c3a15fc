import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual, expectRejection } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { applyOne, atOnce, openBusiness } from '../scene.js';

const FIRST_MAKES =
  'of two callers at the same time, or two records in one array, the first makes it and the second gets what the first made.';
const ENSURES =
  "Sees to it that a user with each record's business and normalised address exists, and answers with the one that does";
const UNIQUE = 'SHA-256 of the payout hash in force. Unique over all businesses.';

/** A business has one payout user an address. */
export const anAddressIsOpenedOnce: StoragePromise = {
  name: 'an address is opened once',
  behaviours: [
    behaviour('two records of one address in one array', FIRST_MAKES, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const first = samples.payoutUser(business);
      const second = samples.payoutUser(business, { normalizedEmail: first.normalizedEmail });
      const other = samples.payoutUser(business);
      const opened = await storage.openPayoutUsers([first, other, second]);
      expectEqual(opened, [first, other, first], 'openPayoutUsers with an address twice');
      expectEqual(
        await storage.findPayoutUsers([second.digest]),
        [undefined],
        'the digest of the record that came second',
      );
      expectEqual(await storage.findPayoutUser(business.id, second.id), null, 'the id of the record that came second');
    }),

    behaviour('one that exists stays as it is, closed ones too', FIRST_MAKES, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const user = samples.payoutUser(business);
      await storage.openPayoutUsers([user]);
      for (const status of ['active', 'inactive', 'closed'] as const) {
        await storage.changePayoutUser({ businessId: business.id, id: user.id, status });
        const again = samples.payoutUser(business, { normalizedEmail: user.normalizedEmail, secretId: 'secret_2' });
        const opened = await storage.openPayoutUsers([again, user]);
        const expected = { ...user, status };
        expectEqual(opened, [expected, expected], `openPayoutUsers of an address whose user is ${status}`);
      }
      const page = await storage.listPayoutUsers({ businessId: business.id, after: null, limit: 10 });
      expectEqual(page.length, 1, 'the number of users of one address');
    }),

    behaviour('an unknown business among known ones', FIRST_MAKES, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const [user, lost, last] = [business, samples.business(), business].map((owner) => samples.payoutUser(owner));
      const opened = await storage.openPayoutUsers([user, lost, last] as never);
      expectEqual(opened, [user, undefined, last], 'openPayoutUsers with an unknown business between');
    }),

    behaviour(
      'a digest that another user has is an error, and changes nothing',
      UNIQUE,
      async ({ storage, samples }) => {
        const business = await storage.createBusiness(samples.business());
        const stranger = await storage.createBusiness(samples.business());
        const user = samples.payoutUser(business);
        await storage.openPayoutUsers([user]);
        const [fresh, double] = [samples.payoutUser(stranger), samples.payoutUser(stranger, { digest: user.digest })];
        const open = async () => storage.openPayoutUsers([fresh, double]);
        await expectRejection(open, "openPayoutUsers with another user's digest");
        const found = await storage.findPayoutUsers([user.digest, fresh.digest]);
        expectEqual(found, [{ payoutUser: user, business }, undefined], 'the users after a call that threw');
      },
    ),

    ...race('24 callers open the same addresses', FIRST_MAKES, async ({ storage, samples, random }, connections) => {
      const business = await storage.createBusiness(samples.business());
      const emails = ['a@example.com', 'b@example.com', 'c@example.com'];
      const calls = Array.from({ length: 24 }, () =>
        random.shuffle(emails).map((normalizedEmail) => samples.payoutUser(business, { normalizedEmail })),
      );
      const answers = await atOnce(calls, async (records, index) =>
        (connections[index % 2] as BursarStorage).openPayoutUsers(records),
      );
      const refs = emails.map((normalizedEmail) => ({ businessId: business.id, normalizedEmail }));
      const holders = await storage.findPayoutUsersByEmail(refs);
      for (const [index, records] of calls.entries()) {
        const expected = records.map((record) => holders[emails.indexOf(record.normalizedEmail)]);
        expectEqual(answers[index], expected, 'what each of 24 callers is answered: the user that the first made');
      }
      const page = await storage.listPayoutUsers({ businessId: business.id, after: null, limit: 100 });
      expectEqual(page.length, emails.length, 'the number of users');
    }),

    ...race('openPayoutUsers and allocations open one address', ENSURES, async (context, connections) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      for (let round = 0; round < 4; round++) {
        const normalizedEmail = `${round}@example.com`;
        const users = Array.from({ length: 12 }, () => samples.payoutUser(business, { normalizedEmail }));
        const holders = await atOnce(users, async (user, index) => {
          const connection = connections[(index >> 1) % 2] as BursarStorage;
          if (index % 2 === 0) return (await connection.openPayoutUsers([user]))[0]?.id;
          const outcome = await applyOne(connection, samples.allocation(business, user, 10));
          return outcome.status === 'payout_user_exists' ? outcome.payoutUserId : user.id;
        });
        const [found] = await storage.findPayoutUsersByEmail([{ businessId: business.id, normalizedEmail }]);
        const expected = users.map(() => found?.id);
        expectEqual(holders, expected, 'all who open one address, in whatever way, hear of the same user');
      }
      const page = await storage.listPayoutUsers({ businessId: business.id, after: null, limit: 100 });
      expectEqual(page.length, 4, 'the number of users of four addresses');
    }),
  ],
};
