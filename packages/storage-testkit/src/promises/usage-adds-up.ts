import type { BusinessRecord } from '@bursar/core/storage';
import type { UsageRecord, UsageSum } from '@bursar/payouts/storage';
import { expectEqual, expectRejection } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const ADDS = 'Adds to each count, all of them or none.';
const BOUNDED = 'where a count, or what it comes to, is not an integer from 1 to 2^53 - 1.';
const EXACT = 'Exact up to 2^53 - 1.';
const LISTS = 'From `fromDay` to `toDay`, both included, by day, credential, route and status.';
const SUMS =
  'The counts from `fromDay` to `toDay`, both included, added up for each day and credential, in this order.';

/** No request is counted twice, and none is lost. */
export const usageAddsUp: StoragePromise = {
  name: 'usage adds up',
  behaviours: [
    behaviour('each count by itself', ADDS, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const other = await storage.createBusiness(samples.business());
      const base = count(business, { requests: 5 });
      const apart = [
        base,
        { ...base, status: 400 },
        { ...base, route: 'GET /payout/users' },
        { ...base, credential: 'payout_hash' },
        { ...base, day: '2026-11-25' },
      ];
      await storage.addUsage([...apart, count(other, { requests: 9 })]);
      await storage.addUsage([base, { ...base, requests: 2 }, { ...base, status: 400, requests: 1 }]);
      const listed = await storage.listUsage(business.id, '2026-11-24', '2026-11-25');
      const sums = apart.map((key) => listed.find((row) => isSame(row, key))?.requests);
      expectEqual(sums, [12, 6, 5, 5, 5], 'the sums of five counts');
      expectEqual(listed.length, 5, 'the number of counts');
      const others = await storage.listUsage(other.id, '2026-11-24', '2026-11-24');
      expectEqual(others, [count(other, { requests: 9 })], "another business's count");
      await storage.addUsage([]);
    }),

    behaviour('by day, credential, route and status, days included', LISTS, async ({ storage, samples, random }) => {
      const business = await storage.createBusiness(samples.business());
      const rows: UsageRecord[] = [];
      for (const day of ['2026-10-31', '2026-11-01', '2026-11-02'])
        for (const credential of ['B', 'a'])
          for (const route of ['GET /a', 'GET /a/b', 'POST /a'])
            for (const status of [200, 404, 1000]) rows.push(count(business, { day, credential, route, status }));
      await storage.addUsage(random.shuffle(rows));
      const list = (from: string, to: string) => storage.listUsage(business.id, from, to);
      expectEqual(await list('2026-10-31', '2026-11-02'), rows, 'all days');
      expectEqual(await list('2026-11-01', '2026-11-01'), rows.slice(18, 36), 'one day');
      expectEqual(await list('2026-01-01', '2026-10-31'), rows.slice(0, 18), 'days that begin before the first');
      expectEqual(await list('2026-11-03', '2026-12-01'), [], 'days without requests');
      expectEqual(await list('2026-11-02', '2026-11-01'), [], 'days the wrong way round');
    }),

    behaviour('sums for each day and credential', SUMS, async ({ storage, samples, random }) => {
      const business = await storage.createBusiness(samples.business());
      const other = await storage.createBusiness(samples.business());
      const rows: UsageRecord[] = [];
      const sums: UsageSum[] = [];
      for (const [index, day] of ['2026-10-31', '2026-11-01', '2026-11-02'].entries())
        for (const credential of ['B', 'a']) {
          const key = { day, credential };
          for (const [place, status] of [200, 399, 400, 1000].entries())
            for (const route of ['GET /a', 'POST /a'])
              rows.push(count(business, { ...key, route, status, requests: 10 ** place + index }));
          sums.push({ businessId: business.id, ...key, requests: 2222 + 8 * index, refused: 2200 + 4 * index });
        }
      await storage.addUsage(random.shuffle([...rows, count(other, { day: '2026-11-01', credential: 'a' })]));
      const sum = (from: string, to: string) => storage.sumUsage(business.id, from, to);
      expectEqual(await sum('2026-10-31', '2026-11-02'), sums, 'sums of all days');
      expectEqual(await sum('2026-11-01', '2026-11-01'), sums.slice(2, 4), 'sums of one day');
      expectEqual(await sum('2026-11-02', '2026-11-01'), [], 'sums of days the wrong way round');
    }),

    behaviour('sums up to 2^53 - 1', EXACT, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const requests = 2 ** 52;
      await storage.addUsage([
        count(business, { requests }),
        count(business, { route: 'GET /a', requests: requests - 1 }),
      ]);
      const sums = await storage.sumUsage(business.id, '2026-11-24', '2026-11-24');
      const { day, credential, businessId } = count(business);
      const expected = { businessId, day, credential, requests: Number.MAX_SAFE_INTEGER, refused: 0 };
      expectEqual(sums, [expected], 'the sum of two large counts');
    }),

    behaviour('a count out of bounds leaves the others out too', BOUNDED, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const most = Number.MAX_SAFE_INTEGER;
      const full = count(business, { credential: 'full', requests: most });
      await storage.addUsage([full]);
      for (const wrong of [{ requests: 0 }, { requests: -1 }, { requests: 0.5 }, { credential: 'full' }]) {
        const counts = [count(business), count(business, wrong), count(business, { credential: 'z' })];
        await expectRejection(() => storage.addUsage(counts), `adding ${JSON.stringify(wrong)}`);
      }
      const listed = await storage.listUsage(business.id, '2026-01-01', '2026-12-31');
      expectEqual(listed, [full], 'what is kept of four calls with a wrong count');
    }),

    ...race('32 callers who add to the same counts, in other orders', ADDS, async (context, connections) => {
      const { samples, random } = context;
      const business = await context.storage.createBusiness(samples.business());
      const rows = Array.from({ length: 8 }, (_, index) => count(business, { credential: `key_${index}` }));
      await atOnce(Array.from({ length: 32 }), async (_, index) =>
        connections[index % 2 > 0 ? 1 : 0].addUsage(random.shuffle(rows)),
      );
      const listed = await context.storage.listUsage(business.id, '2026-11-24', '2026-11-24');
      const expected = rows.map((row) => ({ ...row, requests: 32 }));
      expectEqual(listed, expected, 'counts that 32 callers added to');
    }),
  ],
};

function count({ id: businessId }: BusinessRecord, over: Partial<UsageRecord> = {}): UsageRecord {
  const key = { day: '2026-11-24', credential: 'key_1', route: 'POST /payout/create', status: 200 };
  return { businessId, ...key, requests: 1, ...over };
}

function isSame(left: UsageRecord, right: UsageRecord): boolean {
  const [one, other] = [left, right].map(({ requests: _, ...key }) => JSON.stringify(Object.entries(key).sort()));
  return one === other;
}
