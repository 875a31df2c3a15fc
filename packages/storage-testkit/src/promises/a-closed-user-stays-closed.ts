import type { PayoutUserChange } from '@bursar/core/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const LEFT_OUT = 'Fields left out stay as they are.';
const CLOSED = 'What became of a change. A closed user does not change any more.';
const FOR_EVER = '`closed` is for ever, and its e-mail address is never opened anew.';

/** Users change field by field, until they are closed. */
export const aClosedUserStaysClosed: StoragePromise = {
  name: 'a closed user stays closed',
  behaviours: [
    behaviour('fields left out stay, and null takes the expiry away', LEFT_OUT, async ({ storage, samples, clock }) => {
      const business = await storage.createBusiness(samples.business());
      const [user, neighbour] = [samples.payoutUser(business), samples.payoutUser(business)];
      await storage.openPayoutUsers([user, neighbour]);
      const expiresAt = clock.now() + 5000;
      let expected = user;
      const changes: readonly Partial<PayoutUserChange>[] = [
        { status: 'inactive' },
        { expiresAt },
        { status: 'active' },
        {},
        { expiresAt: null },
        { status: 'inactive', expiresAt: 0 },
      ];
      for (const change of changes) {
        expected = { ...expected, ...change };
        const outcome = await storage.changePayoutUser({ businessId: business.id, id: user.id, ...change });
        const what = `changePayoutUser with ${JSON.stringify(change)}`;
        expectEqual(outcome, { status: 'changed', payoutUser: expected }, what);
        const [found] = await storage.findPayoutUsers([user.digest]);
        expectEqual(found?.payoutUser, expected, `findPayoutUsers after ${what}`);
      }
      expectEqual(await storage.findPayoutUser(business.id, neighbour.id), neighbour, 'another user of the business');
    }),

    behaviour('a closed user does not change, by whatever call', CLOSED, async ({ storage, samples, clock }) => {
      const business = await storage.createBusiness(samples.business());
      const user = samples.payoutUser(business);
      await storage.openPayoutUsers([user]);
      const ref = { businessId: business.id, id: user.id };
      const closed = { ...user, status: 'closed' };
      const outcome = await storage.changePayoutUser({ ...ref, status: 'closed' });
      expectEqual(outcome, { status: 'changed', payoutUser: closed }, 'closing a user');
      for (const change of [{ status: 'active' }, { status: 'closed' }, { expiresAt: clock.now() }, {}] as const) {
        const what = `changePayoutUser of a closed user with ${JSON.stringify(change)}`;
        expectEqual(await storage.changePayoutUser({ ...ref, ...change }), { status: 'closed' }, what);
      }
      const sketch = { reissueId: 'r_1', expectedGeneration: 0, digest: samples.digest(), secretId: 'secret_2' };
      expectEqual(
        await storage.reissuePayoutHash({ ...ref, ...sketch }),
        { status: 'closed' },
        'a reissue when closed',
      );
      expectEqual(await storage.findPayoutUser(ref.businessId, ref.id), closed, 'the closed user');
      expectEqual(await storage.findPayoutUsers([sketch.digest]), [undefined], 'the digest of a reissue when closed');
    }),

    behaviour('the address of a closed user is not opened anew', FOR_EVER, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const user = samples.payoutUser(business);
      await storage.openPayoutUsers([user]);
      await storage.changePayoutUser({ businessId: business.id, id: user.id, status: 'closed' });
      const again = samples.payoutUser(business, { normalizedEmail: user.normalizedEmail });
      expectEqual(await storage.openPayoutUsers([again]), [{ ...user, status: 'closed' }], 'opening a closed address');
      expectEqual(await storage.findPayoutUsers([again.digest]), [undefined], 'the hash of the record that came later');
    }),

    ...race('closing races with other changes', FOR_EVER, async ({ storage, samples }, connections) => {
      const business = await storage.createBusiness(samples.business());
      for (let round = 0; round < 6; round++) {
        const user = samples.payoutUser(business);
        await storage.openPayoutUsers([user]);
        const statuses = [
          'inactive',
          'active',
          'closed',
          'active',
          'inactive',
          'closed',
          'active',
          'inactive',
        ] as const;
        const outcomes = await atOnce(statuses, async (status, index) =>
          connections[index % 2 === 0 ? 0 : 1].changePayoutUser({ businessId: business.id, id: user.id, status }),
        );
        const closers = outcomes.filter(({ status }, index) => statuses[index] === 'closed' && status === 'changed');
        expectEqual(closers.length, 1, 'of two who close a user, one changes it');
        const after = await storage.findPayoutUser(business.id, user.id);
        expectEqual(after, { ...user, status: 'closed' }, 'a user that was closed while others changed it');
      }
    }),

    ...race('a status, an expiry and a reissue at the same time all hold', LEFT_OUT, async (context, connections) => {
      const { storage, samples, clock } = context;
      const business = await storage.createBusiness(samples.business());
      const expiresAt = clock.now() + 5000;
      for (let round = 0; round < 8; round++) {
        const user = samples.payoutUser(business);
        await storage.openPayoutUsers([user]);
        const ref = { businessId: business.id, id: user.id };
        const sketch = { digest: samples.digest(), secretId: 'secret_2' };
        const changes = [
          async () => connections[0].changePayoutUser({ ...ref, status: 'inactive' }),
          async () => connections[1].changePayoutUser({ ...ref, expiresAt }),
          async () => connections[0].reissuePayoutHash({ ...ref, ...sketch, reissueId: null, expectedGeneration: 0 }),
        ];
        await atOnce<() => Promise<unknown>, unknown>(context.random.shuffle(changes), (change) => change());
        const after = await storage.findPayoutUser(ref.businessId, ref.id);
        const expected = { ...user, ...sketch, status: 'inactive', expiresAt, generation: 1 };
        expectEqual(after, expected, 'a user that three callers changed at the same time');
      }
    }),
  ],
};
