import type { BusinessRecord, PayoutUserRecord } from '@bursar/core/storage';
import { expectEqual, expectRejection } from '../expect.js';
import { type BehaviourContext, behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const RAISES = "Raise a user's generation by one and put the new hash's digest in force.";
const ONE_STEP =
  'In one atomic step: compares the generation, raises it, puts the digest in force, remembers `reissueId`.';
const ONE_WINS = 'Of two for the same generation, one is `reissued`.';
const NO_CHANGE = 'a method that cannot do its work throws, and then has changed nothing';

/** A reissue takes place only on the generation that its caller saw. */
export const reissueNeedsTheGeneration: StoragePromise = {
  name: 'reissue needs the generation',
  behaviours: [
    behaviour('the new digest is in force, and the old one is no more', RAISES, async (context) => {
      const { storage } = context;
      const { business, user } = await begin(context);
      let old = user;
      for (const generation of [1, 2]) {
        const reissue = reissueOf(context, old);
        const outcome = await storage.reissuePayoutHash({ ...reissue, secretId: `secret_${generation}` });
        const now = { ...user, digest: reissue.digest, generation, secretId: `secret_${generation}` };
        expectEqual(outcome, { status: 'reissued', payoutUser: now }, `reissue number ${generation}`);
        const found = await storage.findPayoutUsers([old.digest, reissue.digest]);
        expectEqual(found, [undefined, { payoutUser: now, business }], 'the old and the new digest after a reissue');
        expectEqual(await storage.findPayoutUser(business.id, user.id), now, 'findPayoutUser after a reissue');
        old = now;
      }
    }),

    behaviour('another generation changes nothing', ONE_STEP, async (context) => {
      const { storage } = context;
      const { user } = await begin(context, { generation: 3 });
      for (const expectedGeneration of [0, 2, 4]) {
        const reissue = { ...reissueOf(context, user), expectedGeneration };
        const outcome = await storage.reissuePayoutHash(reissue);
        const what = `a reissue of generation ${expectedGeneration}, when it is 3`;
        expectEqual(outcome, { status: 'generation_changed', payoutUser: user }, what);
        expectEqual(await storage.findPayoutUsers([reissue.digest]), [undefined], `the digest of ${what}`);
      }
      const right = await storage.reissuePayoutHash({ ...reissueOf(context, user), expectedGeneration: 3 });
      expectEqual(right.status, 'reissued', 'a reissue of the right generation, after wrong ones');
    }),

    behaviour("another user's digest is an error, and changes nothing", NO_CHANGE, async (context) => {
      const { storage } = context;
      const { user } = await begin(context);
      const { user: holder, business } = await begin(context);
      const reissue = { ...reissueOf(context, user), digest: holder.digest };
      await expectRejection(async () => storage.reissuePayoutHash(reissue), "a reissue to another user's digest");
      const found = await storage.findPayoutUsers([user.digest, holder.digest]);
      expectEqual(
        found.map((credential) => credential?.payoutUser),
        [user, holder],
        'both users after a reissue that threw',
      );
      expectEqual(found[1]?.business, business, 'the business of the digest that is taken');
      const retry = await storage.reissuePayoutHash(reissueOf(context, user));
      expectEqual(retry.status, 'reissued', 'a right reissue after one that threw');
    }),

    ...race('16 reissue the same generation', ONE_WINS, async (context, connections) => {
      const { storage, samples } = context;
      for (let round = 0; round < 4; round++) {
        const { user } = await begin(context);
        const reissues = Array.from({ length: 16 }, (_, index) => ({
          ...reissueOf(context, user),
          reissueId: index % 2 === 0 ? samples.id('reissue') : null,
        }));
        const outcomes = await atOnce(reissues, async (reissue, index) =>
          connections[(index >> 1) % 2 === 0 ? 0 : 1].reissuePayoutHash(reissue),
        );
        const winners = reissues.filter((_, index) => outcomes[index]?.status === 'reissued');
        expectEqual(winners.length, 1, 'of 16 who reissue the same generation, one does');
        const losers = outcomes.filter(({ status }) => status === 'generation_changed').length;
        expectEqual(losers, 15, 'the others hear that the generation has changed');
        const found = await storage.findPayoutUsers(reissues.map(({ digest }) => digest));
        const inForce = found.flatMap((credential) => (credential ? [credential.payoutUser] : []));
        const expected = { ...user, digest: winners[0]?.digest, generation: 1, secretId: 'secret_2' };
        expectEqual(inForce, [expected], "only the winner's digest is in force");
      }
    }),
  ],
};

async function begin(
  { storage, samples }: BehaviourContext,
  over: Partial<PayoutUserRecord> = {},
): Promise<{ business: BusinessRecord; user: PayoutUserRecord }> {
  const business = await storage.createBusiness(samples.business());
  const user = samples.payoutUser(business, over);
  await storage.openPayoutUsers([user]);
  return { business, user };
}

function reissueOf({ samples }: BehaviourContext, { businessId, id, generation }: PayoutUserRecord) {
  const digest = samples.digest();
  return { businessId, id, reissueId: null, expectedGeneration: generation, digest, secretId: 'secret_2' };
}
