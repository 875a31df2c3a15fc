import type { PageRequest } from '@bursar/core/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';

const ASCENDING = 'One page, in ascending order of `id`.';
const BY_ID = 'By id.';
const AFTER = 'The last id of the page before; `null` for the first page.';

// In the order of their code units, which every database can give; not in that of a language.
const IDS = ['1', '10', '2', 'A', 'AB', 'Z', '_', 'a', 'a-', 'a0', 'aB', 'b', 'z'];

/** The pages of a list, one after the other, are the list: each record once. */
export const listsPageById: StoragePromise = {
  name: 'lists page by id',
  behaviours: [
    behaviour('API keys, in pages of any length', ASCENDING, async ({ storage, samples, random }) => {
      const business = await storage.createBusiness(samples.business());
      for (const id of random.shuffle(IDS)) await storage.insertApiKey(samples.apiKey(business, { id }));
      const other = await storage.createBusiness(samples.business());
      await storage.insertApiKey(samples.apiKey(other));
      await expectPages((page) => storage.listApiKeys({ ...page, businessId: business.id }), 'listApiKeys');
    }),

    behaviour('payout users, in pages of any length', ASCENDING, async ({ storage, samples, random }) => {
      const business = await storage.createBusiness(samples.business());
      await storage.openPayoutUsers(random.shuffle(IDS).map((id) => samples.payoutUser(business, { id })));
      const other = await storage.createBusiness(samples.business());
      await storage.openPayoutUsers([samples.payoutUser(other)]);
      await expectPages((page) => storage.listPayoutUsers({ ...page, businessId: business.id }), 'listPayoutUsers');
    }),

    behaviour('documents of one collection, in pages of any length', BY_ID, async ({ storage, samples, random }) => {
      for (const id of random.shuffle(IDS)) await storage.putDocument(samples.document({ owner: 'biz_1', id }));
      for (const over of [{ owner: '' }, { owner: 'biz_1', collection: 'session' }])
        await storage.putDocument(samples.document(over));
      const one = { owner: 'biz_1', collection: 'sessions' };
      await expectPages((page) => storage.listDocuments({ ...page, ...one }), 'listDocuments');
    }),

    behaviour('a page goes on after its cursor, whatever was added', AFTER, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const open = (id: string) => storage.openPayoutUsers([samples.payoutUser(business, { id })]);
      for (const id of ['b', 'd', 'f', 'h']) await open(id);
      const list = async (after: string | null, limit: number) =>
        (await storage.listPayoutUsers({ businessId: business.id, after, limit })).map(({ id }) => id);
      expectEqual(await list(null, 2), ['b', 'd'], 'the first page of two');
      for (const id of ['a', 'c', 'e', 'i']) await open(id);
      expectEqual(await list('d', 2), ['e', 'f'], 'the second page of two, after more were added');
      expectEqual(await list('g', 100), ['h', 'i'], 'a page after an id that does not exist');
      expectEqual(await list('z', 100), [], 'a page after the last id');
    }),
  ],
};

type Listed = { readonly id: string };
type List = (page: Omit<PageRequest, 'businessId'>) => readonly Listed[] | Promise<readonly Listed[]>;

async function expectPages(list: List, name: string): Promise<void> {
  for (const limit of [1, 2, 5, IDS.length, 100]) {
    const ids: string[] = [];
    for (let after: string | null = null; ids.length <= IDS.length; ) {
      const page = await list({ after, limit });
      ids.push(...page.map(({ id }) => id));
      const expectedLength = Math.min(limit, IDS.length - (ids.length - page.length));
      expectEqual(page.length, expectedLength, `the length of a page of ${name} with limit ${limit}`);
      after = page.at(-1)?.id ?? null;
      if (after === null || page.length < limit) break;
    }
    expectEqual(ids, IDS, `all pages of ${name} with limit ${limit}`);
  }
}
