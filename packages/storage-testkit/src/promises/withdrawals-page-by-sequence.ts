import type { BursarStorage, WithdrawalListRequest, WithdrawalRecord } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { applyOne, atOnce, listRequest, openBusiness, openPayee, openWithdrawal, withdrawalIn } from '../scene.js';

const NEWEST = "One page of a business's withdrawals, newest first.";
const BEFORE = 'Only those before this `sequence`; `null` for the newest.';

/** A list of withdrawals has each one once, at a place that never changes. */
export const withdrawalsPageBySequence: StoragePromise = {
  name: 'withdrawals page by sequence',
  behaviours: [
    behaviour('pages of any length, one after the other, are all of them', NEWEST, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 10_000);
      const other = await openBusiness(context, 10_000);
      const opened: WithdrawalRecord[] = [];
      for (let amount = 1; amount <= 13; amount++) {
        opened.unshift(await openWithdrawal(context, business, 'payout_balance', { amount }));
        await openWithdrawal(context, other, 'payout_balance', { amount });
      }
      for (const limit of [1, 2, 5, 13, 14, 1000])
        expectEqual(await pages(storage, listRequest(business, { limit })), opened, `pages of ${limit} withdrawals`);
      const end = await storage.listWithdrawals(listRequest(business, { before: 1 }));
      expectEqual(end, [], 'the page before the first withdrawal');
      const page = await storage.listWithdrawals(listRequest(business, { before: 7, limit: 3 }));
      const sequences = page.map(({ sequence }) => sequence);
      expectEqual(sequences, [6, 5, 4], 'a page of three before the seventh');
    }),

    behaviour('by payout user, status, method and export, alone and together', NEWEST, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 10_000);
      const users = [await openPayee(context, business, 1000), await openPayee(context, business, 1000)];
      const all: WithdrawalRecord[] = [];
      const exports = [null, 'export_1', 'export_2'];
      for (let index = 0; index < 24; index++) {
        const from = users[index % 2]?.id ?? '';
        const method = index % 4 < 2 ? 'bank' : 'gift_card';
        let withdrawal = await openWithdrawal(context, business, from, { amount: 1, method });
        const over = { status: 'processing', exportId: exports[index % 5] ?? null } as const;
        if (index % 3 > 0)
          withdrawal = withdrawalIn(await applyOne(storage, samples.change(business, withdrawal, over)));
        all.unshift(withdrawal);
      }
      const user = { payoutUserId: users[1]?.id ?? '' };
      const [status, method, exported] = [{ status: 'queued' }, { method: 'bank' }, { exportId: 'export_1' }] as const;
      const both = { ...user, ...method };
      for (const filter of [user, status, method, exported, both, { ...both, ...status }, { ...both, ...exported }]) {
        const expected = all.filter((row) =>
          Object.entries(filter).every(([name, value]) => row[name as keyof WithdrawalRecord] === value),
        );
        const list = await pages(storage, listRequest(business, { ...filter, limit: 2 }));
        expectEqual(list, expected, `the withdrawals with ${Object.keys(filter).join(' and ')}`);
      }
      const none = await storage.listWithdrawals(listRequest(business, { method: 'unknown' }));
      expectEqual(none, [], 'the withdrawals of an unknown method');
    }),

    ...race('a page stays as it is while new ones land', BEFORE, async (context, connections) => {
      const { samples } = context;
      const business = await openBusiness(context, 10_000);
      const open = () => samples.withdraw(business, 'payout_balance', { amount: 1 });
      for (let count = 0; count < 12; count++) await applyOne(connections[0], open());
      const read: number[] = [];
      for (let before: number | null = null; read.at(-1) !== 1; before = read.at(-1) ?? 1) {
        const page = await connections[1].listWithdrawals(listRequest(business, { before, limit: 3 }));
        const last = before ?? 13;
        const expected = [last - 1, last - 2, last - 3];
        const sequences = page.map(({ sequence }) => sequence);
        expectEqual(sequences, expected, 'the sequences of a page, while new ones land between the pages');
        read.push(...sequences);
        await atOnce([open(), open()], (item, index) => applyOne(connections[index % 2] as BursarStorage, item));
      }
      const whole = await connections[1].listWithdrawals(listRequest(business));
      const places = Array.from({ length: 20 }, (_, index) => 20 - index);
      expectEqual(
        whole.map(({ sequence }) => sequence),
        places,
        'all withdrawals, with those that landed',
      );
    }),
  ],
};

/** All that a question answers, page by page. */
async function pages(storage: BursarStorage, request: WithdrawalListRequest): Promise<readonly WithdrawalRecord[]> {
  const found: WithdrawalRecord[] = [];
  for (let before: number | null = null; found.length <= 100; ) {
    const page = await storage.listWithdrawals({ ...request, before });
    found.push(...page);
    if (page.length < request.limit) break;
    before = page.at(-1)?.sequence ?? null;
  }
  return found;
}
