import type { BusinessId } from '@bursar/core/storage';
import type { AccountRecord, BursarStorage } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { applyOne, expectStatus } from '../scene.js';

const ALL = 'All accounts of all businesses, by business and id: for checking the books. `after` is the last one seen.';

// In the order of their code units, which every database can give; not in that of a language.
const BUSINESSES = ['biz_1', 'biz_10', 'biz_1a', 'biz_2', 'biz_B', 'biz_a'];
const IDS = ['1', '10', '2', 'B', '_', 'a', 'a-', 'aB', 'external'];

/** Whoever checks the books meets each account once. */
export const accountsAreListed: StoragePromise = {
  name: 'accounts are listed',
  behaviours: [
    behaviour('by business and id, in pages of any length, with their sums', ALL, async (context) => {
      const { storage, samples, random } = context;
      for (const id of random.shuffle(BUSINESSES)) {
        const business = await storage.createBusiness(samples.business({ id: id as BusinessId }));
        const openAccounts = random
          .shuffle(IDS)
          .map((accountId) => samples.account(business, accountId === 'external' ? 'external' : 'fees', accountId));
        const sketch = { from: 'external', to: 'a', amount: 7 } as const;
        expectStatus(await applyOne(storage, samples.move(business, sketch, { openAccounts })), 'applied', 'opening');
      }
      const refs = BUSINESSES.flatMap((businessId) => IDS.map((id) => ({ businessId: businessId as BusinessId, id })));
      const expected = await storage.findAccounts(refs);
      for (const limit of [1, 4, IDS.length, 50, 1000])
        expectEqual(await pages(storage, limit), expected, `all accounts, in pages of ${limit}`);
    }),

    behaviour('a page goes on after its cursor, whatever was opened', ALL, async (context) => {
      const { storage, samples } = context;
      const business = await storage.createBusiness(samples.business());
      const open = async (...accounts: string[]) => {
        const openAccounts = accounts.map((id) => samples.account(business, id === 'a' ? 'external' : 'fees', id));
        await applyOne(storage, samples.move(business, { from: 'a', to: 'd', amount: 1 }, { openAccounts }));
      };
      const list = async (id: string | null, limit: number) => {
        const after = id === null ? null : { businessId: business.id, id };
        return (await storage.listAccounts(after, limit)).map((account) => account.id);
      };
      await open('a', 'd', 'f');
      expectEqual(await list(null, 2), ['a', 'd'], 'the first page of two');
      await open('b', 'e', 'g');
      expectEqual(await list('d', 2), ['e', 'f'], 'the second page of two, after more were opened');
      expectEqual(await list('c', 100), ['d', 'e', 'f', 'g'], 'a page after an id that does not exist');
      expectEqual(await list('g', 100), [], 'a page after the last one');
    }),
  ],
};

async function pages(storage: BursarStorage, limit: number): Promise<readonly AccountRecord[]> {
  const found: AccountRecord[] = [];
  // A cursor that repeats its row would never come to an end.
  while (found.length <= BUSINESSES.length * IDS.length) {
    const page = await storage.listAccounts(found.at(-1) ?? null, limit);
    found.push(...page);
    if (page.length < limit) break;
  }
  return found;
}
