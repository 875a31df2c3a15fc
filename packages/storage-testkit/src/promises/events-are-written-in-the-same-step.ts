import type { BusinessRecord } from '@bursar/core/storage';
import type { BursarStorage, EventRecord, LedgerItem, WithdrawalRecord } from '@bursar/payouts/storage';
import { payeeEvents } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { apply, applyOne, atOnce, expectStatus, openBusiness, openPayee, withdrawalIn } from '../scene.js';

const SAME_STEP = 'Writes the events of what the item does, in the same step.';
const ALONE = 'They are written by `applyTransfers` alone, for items that say `recordEvents`.';
const FOLLOW = "`withdrawal.*` follow a withdrawal's status, and are written where the status changes.";

const RECORDED = { recordEvents: true } as const;

/** What happened and what is told of it are one. */
export const eventsAreWrittenInTheSameStep: StoragePromise = {
  name: 'events are written in the same step',
  behaviours: [
    behaviour('a payout user that is opened and credited', SAME_STEP, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 1000);
      const events = await payeeEvents(context, business, 2);
      expectEqual(await storage.findEvents(events), events, 'the events of an opening and two credits');
      expectEqual(await storage.listUndispatchedEvents(100), events, 'the events that wait to be dispatched');
      const unknown = { businessId: business.id, id: 'unknown' };
      const asked = await storage.findEvents([events[1], unknown, events[0], events[1]]);
      expectEqual(asked, [events[1], undefined, events[0], events[1]], 'findEvents, the unknown in between');
    }),

    behaviour('a withdrawal, where its status changes', FOLLOW, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const opening = samples.withdraw(business, 'payout_balance', { amount: 10, status: 'review' });
      const states = [
        ['review', 'withdrawal.created'],
        ['queued', null],
        ['sending', null],
        ['processing', 'withdrawal.processing'],
        ['processing', null],
        ['unknown', null],
        ['succeeded', 'withdrawal.succeeded'],
        ['returned', 'withdrawal.returned'],
        ['failed', 'withdrawal.failed'],
        ['rejected', 'withdrawal.rejected'],
      ] as const;
      const expected: EventRecord[] = [];
      let present: WithdrawalRecord | undefined;
      for (const [version, [status, type]] of states.entries()) {
        clock.advance(1000);
        const item: LedgerItem = present ? samples.change(business, present, { status }) : opening;
        present = withdrawalIn(await applyOne(storage, { ...item, ...RECORDED }));
        const { id: subjectId } = present;
        const names = { businessId: business.id, subjectId, id: `evt_wd_${subjectId}_${version}` };
        if (type) expected.unshift({ ...names, type, place: version, transferId: null, createdAt: clock.now() });
      }
      expectEqual(await eventsOf(storage, business), expected, 'the events of a withdrawal that went through it all');
    }),

    behaviour('several in one batch, each with those of its own', SAME_STEP, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const items = Array.from({ length: 64 }, (_, index) => {
        const recordEvents = index % 3 > 0;
        if (index % 2 > 0) return { ...samples.withdraw(business, 'payout_balance', { amount: 1 }), recordEvents };
        return samples.allocation(business, samples.payoutUser(business), 1, { recordEvents });
      });
      for (const outcome of await apply(storage, items)) expectStatus(outcome, 'applied', 'an item of the batch');
      const told = items.filter(({ recordEvents }) => recordEvents);
      const expected = told.flatMap(({ openWithdrawal, openPayoutUser, transfers }) =>
        openWithdrawal
          ? [`evt_wd_${openWithdrawal.id}_0`]
          : [`evt_uc_${openPayoutUser?.id}`, `evt_tf_${transfers[0]?.id}`],
      );
      const events = await eventsOf(storage, business);
      expectEqual(events.map(({ id }) => id).sort(), expected.sort(), 'the events of a batch of 64');
      const dates = new Set(events.map(({ createdAt }) => createdAt));
      expectEqual([...dates], [clock.now()], "the events' time");
    }),

    behaviour('none of what did not happen, or is not to be told', ALONE, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      const user = await openPayee(context, business, 10);
      const again = samples.allocation(business, user, 1);
      const overdraw = samples.withdraw(business, user.id, { amount: 5000 });
      const conditions = { activePayoutUserId: 'unknown' };
      const other = samples.payoutUser(business, { normalizedEmail: user.normalizedEmail });
      const items: readonly (readonly [LedgerItem, string])[] = [
        [again, 'applied'],
        [{ ...again, ...RECORDED }, 'exists'],
        [{ ...overdraw, ...RECORDED }, 'insufficient_funds'],
        [{ ...samples.withdraw(business, user.id, { amount: 1, conditions }), ...RECORDED }, 'condition_failed'],
        [samples.allocation(business, other, 1, RECORDED), 'payout_user_exists'],
        [{ ...samples.change(business, { id: 'unknown', version: 0 }), ...RECORDED }, 'condition_failed'],
        [samples.withdraw(business, user.id, { amount: 1 }), 'applied'],
        [samples.move(business, { from: user.id, to: 'fees', amount: 1, code: 'fee' }, RECORDED), 'applied'],
        [samples.move(business, { from: 'external', to: user.id, amount: 1, code: 'fund' }, RECORDED), 'applied'],
      ];
      const outcomes = await apply(
        storage,
        items.map(([item]) => item),
      );
      for (const [index, [, status]] of items.entries()) expectStatus(outcomes[index], status, `item ${index}`);
      const events = await eventsOf(storage, business);
      expectEqual(events, [], 'the events of items that were refused, known, not met, or that say nothing');
      expectEqual(await storage.listUndispatchedEvents(10), [], 'the events that wait to be dispatched');
    }),

    ...race('32 who send the same item tell of it once', SAME_STEP, async (context, connections) => {
      const { samples } = context;
      const business = await openBusiness(context, 1000);
      const user = samples.payoutUser(business);
      const item = samples.allocation(business, user, 1, RECORDED);
      await atOnce(Array.from({ length: 32 }), (_, index) => {
        const storage = index % 2 > 0 ? connections[1] : connections[0];
        return applyOne(storage, item);
      });
      for (const storage of connections) {
        const ids = (await storage.listUndispatchedEvents(100)).map(({ id }) => id);
        expectEqual(ids, [`evt_uc_${user.id}`, `evt_tf_${item.transfers[0]?.id}`], 'the events of one item');
      }
    }),
  ],
};

async function eventsOf(storage: BursarStorage, { id: businessId }: BusinessRecord): Promise<readonly EventRecord[]> {
  return storage.listEvents({ businessId, before: null, limit: 1000 });
}
