import type { BursarStorage, WithdrawalRecord } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import {
  account,
  apply,
  applyOne,
  atOnce,
  expectStatus,
  findWithdrawal,
  openBusiness,
  openWithdrawal,
  withdrawalIn,
  wordOf,
} from '../scene.js';

const ONE_OF_TWO =
  'Another version by now fails the item with `withdrawal_changed`: of two callers one does its change.';
const SAME_STEP = 'Changes a withdrawal, in the same step as the transfers: all happens or none.';
const NO_MONEY = 'An item that changes a withdrawal may have none: then it moves no money.';
const FIRST_EXPORT = 'The first one stays, whatever later changes say.';
const FIRST_START = 'Sets `sendStartedAt` where it is not set yet.';

/** A withdrawal goes from one version to the next, and never twice from the same one. */
export const aWithdrawalChangesOnceAVersion: StoragePromise = {
  name: 'a withdrawal changes once a version',
  behaviours: [
    behaviour('a change without money writes the state and the times, and nothing else', NO_MONEY, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const opened = await openWithdrawal(context, business, 'payout_balance', { amount: 10 });
      const before = await account(storage, business, 'payout_balance');
      clock.advance(5000);
      const words = { providerReference: 'ref', exportId: 'export_1', reason: 'timed out', actor: 'ann' };
      const state = { status: 'unknown', attempts: 3, ...words } as const;
      const change = samples.change(business, opened, { ...state, dueInSeconds: 30 });
      const [updatedAt, dueAt] = [clock.now(), clock.now() + 30_000];
      const expected = { ...opened, ...state, version: 1, dueAt, sendStartedAt: updatedAt, updatedAt };
      const outcome = await applyOne(storage, change);
      expectEqual(outcome, { status: 'applied', transfers: [], withdrawal: expected }, 'the answer to a change');
      expectEqual(await findWithdrawal(storage, business, opened.id), expected, 'the changed withdrawal');
      expectEqual(await account(storage, business, 'payout_balance'), before, 'the account after a change');
      const settled = { status: 'succeeded', dueInSeconds: null, reason: null, providerReference: null } as const;
      const last = withdrawalIn(await applyOne(storage, samples.change(business, expected, settled)));
      const cleared = [last.dueAt, last.reason, last.providerReference];
      expectEqual(cleared, [null, null, null], 'what a later change took away');
    }),

    behaviour('another version, or an unknown withdrawal, moves and changes nothing', ONE_OF_TWO, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const opened = await openWithdrawal(context, business, 'payout_balance', { amount: 10 });
      const taken = withdrawalIn(await applyOne(storage, samples.change(business, opened)));
      const failed = { status: 'condition_failed', condition: 'withdrawal_changed' };
      const before = await account(storage, business, 'payout_balance');
      const late = [opened, { ...opened, version: 2 }, { id: 'unknown', version: 0 }];
      for (const from of late) {
        const move = samples.transfer(business, { from: 'payout_balance', to: 'balance', amount: 1 });
        const item = samples.change(business, from, { status: 'failed' }, [move]);
        expectEqual(await applyOne(storage, item), failed, `a change from version ${from.version} of "${from.id}"`);
        const found = await storage.findTransfers([{ businessId: business.id, id: move.id }]);
        expectEqual(found, [undefined], 'a transfer beside a change that failed');
      }
      expectEqual(await account(storage, business, 'payout_balance'), before, 'the account after changes that failed');
      expectEqual(await findWithdrawal(storage, business, opened.id), taken, 'a withdrawal after changes that failed');
    }),

    behaviour('refused and known transfers leave the withdrawal as it is', SAME_STEP, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const item = samples.withdraw(business, 'payout_balance', { amount: 10 });
      const opened = withdrawalIn(await applyOne(storage, item));
      const [reservation] = item.transfers;
      if (reservation === undefined) throw new TypeError('a withdrawal has a reservation');
      const settle = (from: WithdrawalRecord, status: 'succeeded' | 'failed', phase: 'post' | 'void') =>
        samples.change(business, from, { status, dueInSeconds: null }, [samples.resolve(business, reservation, phase)]);
      const dear = samples.transfer(business, { from: 'payout_balance', to: 'balance', amount: 5000 });
      const refused = await applyOne(storage, samples.change(business, opened, { status: 'failed' }, [dear]));
      expectStatus(refused, 'insufficient_funds', 'a change beside a refused transfer');
      expectEqual(await findWithdrawal(storage, business, opened.id), opened, 'the withdrawal after a refusal');
      const success = settle(opened, 'succeeded', 'post');
      const succeeded = withdrawalIn(await applyOne(storage, success));
      expectEqual(succeeded.status, 'succeeded', 'a withdrawal whose reservation is posted');
      expectStatus(await applyOne(storage, success), 'exists', 'the same settlement again');
      const late = await applyOne(storage, settle(succeeded, 'failed', 'void'));
      expectStatus(late, 'pending_transfer_already_posted', 'a void after the post');
      expectEqual(await findWithdrawal(storage, business, opened.id), succeeded, 'the withdrawal after all of that');
      const paidOut = await account(storage, business, 'paid_out');
      expectEqual([paidOut.creditsPosted, paidOut.creditsPending], [10, 0], 'what was paid out');
    }),

    behaviour('changes of one batch happen one after the other', ONE_OF_TWO, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const opening = samples.withdraw(business, 'payout_balance', { amount: 10 });
      const id = opening.transfers[0]?.id ?? '';
      const change = (version: number, actor: string) => samples.change(business, { id, version }, { actor });
      const items = [change(0, 'too early'), opening, change(0, 'first'), change(0, 'second'), change(1, 'third')];
      const expected = ['withdrawal_changed', 'applied', 'applied', 'withdrawal_changed', 'applied'];
      expectEqual((await apply(storage, items)).map(wordOf), expected, 'one withdrawal in one batch');
      const more = [change(2, 'fourth'), change(3, 'fifth'), change(3, 'sixth')];
      const answers = (await apply(storage, more)).map(wordOf);
      expectEqual(answers, ['applied', 'applied', 'withdrawal_changed'], 'one withdrawal in the next batch');
      const found = await findWithdrawal(storage, business, id);
      expectEqual([found?.version, found?.actor], [4, 'fifth'], 'the withdrawal after two batches');
    }),

    behaviour('the first start of sending stays', FIRST_START, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      let withdrawal = await openWithdrawal(context, business, 'payout_balance', { amount: 10 });
      const starts: (number | null)[] = [];
      for (const startsSending of [false, true, false, true]) {
        clock.advance(1000);
        withdrawal = withdrawalIn(await applyOne(storage, samples.change(business, withdrawal, { startsSending })));
        starts.push(withdrawal.sendStartedAt);
      }
      const start = clock.now() - 2000;
      expectEqual(starts, [null, start, start, start], 'when sending began, after each of four changes');
    }),

    behaviour('the first export stays', FIRST_EXPORT, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      let withdrawal = await openWithdrawal(context, business, 'payout_balance', { amount: 10 });
      const exports: (string | null)[] = [];
      for (const exportId of [null, 'export_1', 'export_2', null]) {
        withdrawal = withdrawalIn(await applyOne(storage, samples.change(business, withdrawal, { exportId })));
        exports.push(withdrawal.exportId);
      }
      expectEqual(exports, [null, 'export_1', 'export_1', 'export_1'], 'the export, after each of four changes');
    }),

    ...race('16 workers take each of 8 withdrawals once', ONE_OF_TWO, async (context, connections) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      for (let round = 0; round < 8; round++) {
        const opened = await openWithdrawal(context, business, 'payout_balance', { amount: 10 });
        const workers = Array.from({ length: 16 }, (_, worker) => `worker ${worker}`);
        const take = (actor: string) => samples.change(business, opened, { actor });
        const outcomes = await atOnce(workers, (actor, index) =>
          applyOne(connections[index % 2] as BursarStorage, take(actor)),
        );
        const winners = workers.filter((_, index) => outcomes[index]?.status === 'applied');
        expectEqual(winners.length, 1, 'how many of 16 workers took one withdrawal');
        const words = new Set(outcomes.map(wordOf));
        expectEqual([...words].sort(), ['applied', 'withdrawal_changed'], 'what the workers heard');
        const found = await findWithdrawal(storage, business, opened.id);
        expectEqual([found?.version, found?.actor], [1, winners[0]], 'the withdrawal after the race');
      }
    }),
  ],
};
