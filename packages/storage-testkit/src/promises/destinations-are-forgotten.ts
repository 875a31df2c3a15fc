import type { WithdrawalRecord, WithdrawalStatus } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, type StoragePromise } from '../promise.js';
import { applyOne, findWithdrawal, listRequest, openBusiness, openWithdrawal, withdrawalIn } from '../scene.js';

const FORGETS =
  'Forgets the destinations of withdrawals of all businesses that are `succeeded`, `failed`, `rejected` or `returned`';
const SINCE =
  "since at least so many seconds by storage's clock (`updatedAt`): at most `limit` (from 1 to 1,000), the longest so first.";
const STAYS = 'What it was about stays, the masked hint too, and no version is added.';
const SECRETS = 'The ids of all secrets that some destination is encrypted with. Sorted.';

const ALL: readonly WithdrawalStatus[] = [
  ...(['review', 'queued', 'sending', 'processing', 'unknown'] as const),
  ...(['succeeded', 'failed', 'rejected', 'returned'] as const),
];

/** Where money went is not kept for longer than the business wants, and never forgotten before it got there. */
export const destinationsAreForgotten: StoragePromise = {
  name: 'destinations are forgotten',
  behaviours: [
    behaviour('of what is over, and of nothing else', FORGETS, async (context) => {
      const { storage, clock } = context;
      for (let count = 0; count < 2; count++) {
        const business = await openBusiness(context, 1000);
        const before: WithdrawalRecord[] = [];
        for (const status of ALL) before.unshift(await reach(context, business, status));
        clock.advance(60_000);
        expectEqual(await storage.forgetDestinations(60, 100), 4, 'the number of destinations that were forgotten');
        const isOver = ({ status }: WithdrawalRecord) => ALL.indexOf(status) > 4;
        const expected = before.map((row) => (isOver(row) ? { ...row, ...FORGOTTEN } : row));
        const after = await storage.listWithdrawals(listRequest(business));
        expectEqual(after, expected, 'the withdrawals of each status, after what is over was forgotten');
      }
      expectEqual(await storage.forgetDestinations(0, 100), 0, 'the number of destinations that are left to forget');
    }),

    behaviour('from the millisecond on, the longest over first, at most so many', SINCE, async (context) => {
      const { storage, clock } = context;
      const businesses = [await openBusiness(context, 1000), await openBusiness(context, 1000)];
      const over: WithdrawalRecord[] = [];
      for (let index = 0; index < 4; index++) {
        over.push(await reach(context, businesses[index % 2] ?? businesses[0], 'succeeded'));
        clock.advance(1000);
      }
      const known = async () => {
        const rows = await storage.findWithdrawals(over);
        return rows.map((row) => row?.destination !== '');
      };
      clock.advance(5999);
      expectEqual(await storage.forgetDestinations(10, 100), 0, 'what is forgotten a millisecond before ten seconds');
      clock.advance(1);
      expectEqual(await storage.forgetDestinations(10, 100), 1, 'what is forgotten after ten seconds');
      expectEqual(await known(), [false, true, true, true], 'what is known after ten seconds');
      clock.advance(60_000);
      expectEqual(await storage.forgetDestinations(10, 2), 2, 'what is forgotten of three by a limit of two');
      expectEqual(await known(), [false, false, false, true], 'what is known then');
    }),

    behaviour('all else stays, and so does what was forgotten', STAYS, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const done = await reach(context, business, 'succeeded');
      const versions = await storage.listWithdrawalVersions(done);
      clock.advance(1000);
      expectEqual(await storage.forgetDestinations(1, 10), 1, 'the number of destinations that were forgotten');
      expectEqual(await findWithdrawal(storage, business, done.id), { ...done, ...FORGOTTEN }, 'what is kept');
      expectEqual(await storage.listWithdrawalVersions(done), versions, 'the versions');
      const change = samples.change(business, done, { status: 'returned', dueInSeconds: null });
      const returned = withdrawalIn(await applyOne(storage, change));
      expectEqual([returned.destination, returned.destinationSecretId], ['', null], 'the destination after a change');
      clock.advance(1000);
      expectEqual(await storage.forgetDestinations(0, 10), 0, 'what is left to forget');
    }),

    behaviour('the secrets of those that are kept are listed', SECRETS, async (context) => {
      const { storage, clock } = context;
      expectEqual(await storage.listDestinationSecretIds(), [], 'the secrets of no destination');
      const [business, other] = [await openBusiness(context, 1000), await openBusiness(context, 1000)];
      for (const destinationSecretId of ['b', 'a', 'b', 'C'])
        await openWithdrawal(context, business, 'payout_balance', { amount: 1, destinationSecretId });
      await reach(context, other, 'failed', { destinationSecretId: 'z.1' });
      expectEqual(await storage.listDestinationSecretIds(), ['C', 'a', 'b', 'z.1'], 'the secrets of destinations');
      clock.advance(1000);
      await storage.forgetDestinations(1, 10);
      expectEqual(await storage.listDestinationSecretIds(), ['C', 'a', 'b'], 'the secrets, after one was forgotten');
    }),
  ],
};

const FORGOTTEN = { destination: '', destinationSecretId: null };

/** A withdrawal that has come to a status. */
async function reach(
  context: BehaviourContext,
  business: Awaited<ReturnType<typeof openBusiness>> | undefined,
  status: WithdrawalStatus,
  over: { readonly destinationSecretId?: string } = {},
): Promise<WithdrawalRecord> {
  const { storage, samples } = context;
  const owner = business ?? (await openBusiness(context, 1000));
  const opened = await openWithdrawal(context, owner, 'payout_balance', { amount: 1, ...over });
  const change = samples.change(owner, opened, { status, dueInSeconds: null });
  return withdrawalIn(await applyOne(storage, change));
}
