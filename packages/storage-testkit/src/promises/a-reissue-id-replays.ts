import type { PayoutUserRecord } from '@bursar/core/storage';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const FOR_EVER = 'Names this reissue, for ever: sent again it changes nothing.';
const FIRST = 'A known `reissueId` comes first.';
const REPLAYED = 'This `reissueId` was done before. Nothing changed; the user as it is now.';

/** A reissue that is sent again does not kill the hash that it gave out. */
export const aReissueIdReplays: StoragePromise = {
  name: 'a reissue id replays',
  behaviours: [
    behaviour('sent again it changes nothing, whatever came between', REPLAYED, async (context) => {
      const { storage, samples } = context;
      const { user, reissue } = await begin(context);
      const first = { ...reissue, reissueId: 'r_1' };
      const once = { ...user, digest: first.digest, generation: 1, secretId: 'secret_2' };
      expectEqual(await storage.reissuePayoutHash(first), { status: 'reissued', payoutUser: once }, 'a first reissue');
      const replay = { ...first, digest: samples.digest() };
      expectEqual(await storage.reissuePayoutHash(first), { status: 'replayed', payoutUser: once }, 'the same again');
      expectEqual(await storage.reissuePayoutHash(replay), { status: 'replayed', payoutUser: once }, 'with new digest');
      const second = { ...first, reissueId: 'r_2', digest: samples.digest(), expectedGeneration: 1 };
      const twice = { ...once, digest: second.digest, generation: 2 };
      expectEqual(
        await storage.reissuePayoutHash(second),
        { status: 'reissued', payoutUser: twice },
        'another reissue',
      );
      const later = { ...first, digest: samples.digest(), expectedGeneration: 2 };
      for (const again of [first, later])
        expectEqual(
          await storage.reissuePayoutHash(again),
          { status: 'replayed', payoutUser: twice },
          'a known reissueId, sent again after another reissue',
        );
      const digests = [first, replay, later, second].map(({ digest }) => digest);
      const found = (await storage.findPayoutUsers(digests)).map((credential) => credential?.payoutUser);
      expectEqual(found, [undefined, undefined, undefined, twice], 'the digests after replays');
    }),

    behaviour('it comes before the generation and before closing', FIRST, async (context) => {
      const { storage } = context;
      const { user, reissue } = await begin(context);
      const known = { ...reissue, reissueId: 'r_1' };
      await storage.reissuePayoutHash(known);
      const again = await storage.reissuePayoutHash({ ...known, expectedGeneration: 9 });
      expectEqual(again.status, 'replayed', 'a known reissueId with another generation');
      await storage.changePayoutUser({ businessId: user.businessId, id: user.id, status: 'closed' });
      const late = await storage.reissuePayoutHash(known);
      expectEqual(late.status, 'replayed', 'a known reissueId, when the user is closed');
    }),

    behaviour('a reissue that was not done does not use its id up', FOR_EVER, async (context) => {
      const { storage } = context;
      const { reissue } = await begin(context);
      const early = await storage.reissuePayoutHash({ ...reissue, reissueId: 'r_1', expectedGeneration: 5 });
      expectEqual(early.status, 'generation_changed', 'a reissue of a wrong generation');
      const right = await storage.reissuePayoutHash({ ...reissue, reissueId: 'r_1' });
      expectEqual(right.status, 'reissued', 'the same reissueId with the right generation');
      const { digest } = context.samples.payoutUser(context.samples.business());
      const unnamed = { ...reissue, reissueId: null, expectedGeneration: 1, digest };
      expectEqual((await storage.reissuePayoutHash(unnamed)).status, 'reissued', 'a reissue without an id');
      expectEqual((await storage.reissuePayoutHash(unnamed)).status, 'generation_changed', 'the same, without an id');
    }),

    ...race('16 send one reissue', FOR_EVER, async (context, connections) => {
      const { storage, samples } = context;
      for (let round = 0; round < 4; round++) {
        const { user, reissue } = await begin(context);
        const reissueId = samples.id('reissue');
        const outcomes = await atOnce(Array.from({ length: 16 }), async (_, index) =>
          connections[index % 2 === 0 ? 0 : 1].reissuePayoutHash({ ...reissue, reissueId }),
        );
        const reissued: PayoutUserRecord = { ...user, digest: reissue.digest, generation: 1, secretId: 'secret_2' };
        const firsts = outcomes.filter(({ status }) => status === 'reissued');
        expectEqual(firsts, [{ status: 'reissued', payoutUser: reissued }], 'of 16 who send one reissue, one does it');
        for (const outcome of outcomes)
          if (outcome.status !== 'reissued')
            expectEqual(outcome, { status: 'replayed', payoutUser: reissued }, 'the others hear that it was done');
        const after = await storage.findPayoutUser(user.businessId, user.id);
        expectEqual(after, reissued, 'the user after one reissue was sent 16 times');
      }
    }),
  ],
};

async function begin({ storage, samples }: BehaviourContext) {
  const business = await storage.createBusiness(samples.business());
  const user = samples.payoutUser(business);
  await storage.openPayoutUsers([user]);
  const sketch = { expectedGeneration: 0, digest: samples.digest(), secretId: 'secret_2' };
  return { user, reissue: { businessId: business.id, id: user.id, ...sketch } };
}
