import type { BusinessRecord, PayoutUserChange, PayoutUserRecord } from '@bursar/core/storage';
import type { BursarStorage, LedgerItem, LedgerOutcome } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, race, type StoragePromise } from '../promise.js';
import { account, applyOne, atOnce, expectStatus, openBusiness, openPayee } from '../scene.js';

const KEPT_NOTHING = 'A condition does not hold. Nothing was kept: the same ids may be sent again later.';
const DECIDED = 'What must hold when the item is decided. Where it does not, nothing is kept, not even a refusal.';
const ACTIVE = "This payout user is active, and has not expired by storage's clock.";
const CLOSED = 'The payout user whose account the transfers credit, if any: a closed one refuses them.';

/** What a guard saw is looked at again when the money moves. */
export const conditionsAreCheckedUnderTheLock: StoragePromise = {
  name: 'conditions are checked under the lock',
  behaviours: [
    behaviour('payouts switched off: nothing is kept, and the same ids apply later', KEPT_NOTHING, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000, { payoutsEnabled: false });
      const conditions = { payoutsEnabled: true };
      const item = samples.move(business, { from: 'payout_balance', to: 'balance', amount: 10 }, { conditions });
      const failed = { status: 'condition_failed', condition: 'payouts_enabled' };
      expectEqual(await applyOne(storage, item), failed, 'an item that wants payouts on, while they are off');
      const ref = { businessId: business.id, id: item.transfers[0]?.id ?? '' };
      expectEqual(await storage.findTransfers([ref]), [undefined], 'a transfer whose condition did not hold');
      await storage.setPayoutsEnabled(business.id, true);
      expectStatus(await applyOne(storage, item), 'applied', 'the same item, payouts switched on');
      const unconditional = samples.move(business, { from: 'payout_balance', to: 'balance', amount: 10 });
      await storage.setPayoutsEnabled(business.id, false);
      expectStatus(await applyOne(storage, unconditional), 'applied', 'an item that does not ask for the switch');
    }),

    behaviour('a payout user who is not active, or unknown', ACTIVE, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const user = await openPayee(context, business, 100);
      const item = spendOf(context, business, user);
      const failed = { status: 'condition_failed', condition: 'active_payout_user' };
      const change = (over: Partial<PayoutUserChange>) =>
        storage.changePayoutUser({ businessId: business.id, id: user.id, ...over });
      await change({ status: 'inactive' });
      expectEqual(await applyOne(storage, item), failed, 'an item of an inactive user');
      await change({ status: 'active' });
      expectStatus(await applyOne(storage, item), 'applied', 'the same item, the user active again');
      await change({ status: 'closed' });
      expectEqual(await applyOne(storage, spendOf(context, business, user)), failed, 'an item of a closed user');
      const unknown = spendOf(context, business, samples.payoutUser(business));
      expectEqual(await applyOne(storage, unknown), failed, 'an item of an unknown user');
      const other = await openBusiness(context, 1000);
      const conditions = { activePayoutUserId: user.id };
      const foreign = samples.move(other, { from: 'payout_balance', to: 'balance', amount: 1 }, { conditions });
      expectEqual(await applyOne(storage, foreign), failed, "an item that names another business's user");
    }),

    behaviour("a payout user expires at the millisecond, by storage's clock", ACTIVE, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 1000);
      const expiresAt = clock.now() + 5000;
      const user = await openPayee(context, business, 100, { expiresAt });
      clock.advance(4999);
      const early = spendOf(context, business, user);
      expectStatus(await applyOne(storage, early), 'applied', 'a millisecond before the user expires');
      clock.advance(1);
      const late = spendOf(context, business, user);
      const failed = { status: 'condition_failed', condition: 'active_payout_user' };
      expectEqual(await applyOne(storage, late), failed, 'at the millisecond at which the user expires');
      await storage.changePayoutUser({ businessId: business.id, id: user.id, expiresAt: null });
      expectStatus(await applyOne(storage, late), 'applied', 'the same item, the expiry taken away');
    }),

    behaviour('a closed user gets no more money, and that is kept', CLOSED, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const user = await openPayee(context, business, 100);
      const inactive = { businessId: business.id, id: user.id, status: 'inactive' } as const;
      await storage.changePayoutUser(inactive);
      expectStatus(await applyOne(storage, samples.allocation(business, user, 1)), 'applied', 'to an inactive user');
      await storage.changePayoutUser({ ...inactive, status: 'closed' });
      const item = samples.allocation(business, user, 1);
      expectStatus(await applyOne(storage, item), 'payout_user_closed', 'an allocation to a closed user');
      expectEqual((await applyOne(storage, item)).status, 'exists', 'the same allocation again');
      const reclaim = samples.move(business, { from: user.id, to: 'payout_balance', amount: 50 });
      expectStatus(await applyOne(storage, reclaim), 'applied', 'money taken back from a closed user');
    }),

    ...race('nothing is paid once payouts are known to be off', DECIDED, (context, connections) =>
      raceAgainst(context, connections, spendOf, (business) => connections[1].setPayoutsEnabled(business.id, false)),
    ),

    ...race('nothing is paid once the user is known to be inactive', DECIDED, (context, connections) =>
      raceAgainst(context, connections, spendOf, ({ id: businessId }, { id }) =>
        connections[1].changePayoutUser({ businessId, id, status: 'inactive' }),
      ),
    ),

    ...race('nothing is credited once the user is known to be closed', CLOSED, (context, connections) =>
      raceAgainst(
        context,
        connections,
        (_, business, user) => context.samples.allocation(business, user, 1),
        ({ id: businessId }, { id }) => connections[1].changePayoutUser({ businessId, id, status: 'closed' }),
      ),
    ),
  ],
};

function spendOf({ samples }: BehaviourContext, business: BusinessRecord, user: PayoutUserRecord): LedgerItem {
  const conditions = { payoutsEnabled: true, activePayoutUserId: user.id };
  return samples.move(business, { from: user.id, to: 'paid_out', amount: 1 }, { conditions });
}

// Many items are under way while something is switched off. Once the switch is answered, no more of them may apply.
async function raceAgainst(
  context: BehaviourContext,
  connections: readonly [BursarStorage, BursarStorage],
  makeItem: (context: BehaviourContext, business: BusinessRecord, user: PayoutUserRecord) => LedgerItem,
  switchOff: (business: BusinessRecord, user: PayoutUserRecord) => unknown,
): Promise<void> {
  const { storage } = context;
  for (let round = 0; round < 4; round++) {
    const business = await openBusiness(context, 1000);
    const user = await openPayee(context, business, 100);
    const make = () => makeItem(context, business, user);
    const send = (count: number): Promise<LedgerOutcome[]> =>
      atOnce(Array.from({ length: count }, make), (item, index) =>
        applyOne(connections[index % 2] as BursarStorage, item),
      );
    const off = async () => {
      await switchOff(business, user);
      return account(storage, business, user.id);
    };
    const [, { sequence }] = await Promise.all([send(16), off(), send(16)]);
    const after = await account(storage, business, user.id);
    expectEqual(after.sequence, sequence, 'the number of transfers of the account, once the switch was answered');
    for (const outcome of await send(4)) {
      const refused = outcome.status === 'condition_failed' || outcome.status === 'refused';
      expectEqual(refused, true, 'an item that is sent after the switch was answered must not apply');
    }
  }
}
