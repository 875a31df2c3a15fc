import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';

const ORDER = '`ascending` from `from` on; `descending` from `from` down.';
const FROM = 'The first sequence of the page; `null` for the oldest, or the newest.';

/** The audit log can be read from either end, and from anywhere. */
export const theAuditLogPagesBySequence: StoragePromise = {
  name: 'the audit log pages by sequence',
  behaviours: [
    behaviour('in both orders, in pages of any length', ORDER, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const other = await storage.createBusiness(samples.business());
      for (let count = 0; count < 4; count++) {
        const entries = Array.from({ length: 3 }, () => samples.auditEntry(business));
        await storage.appendAudit([...entries, samples.auditEntry(other)]);
      }
      const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
      for (const limit of [1, 5, 12, 1000])
        for (const order of ['ascending', 'descending'] as const) {
          const step = order === 'ascending' ? limit : -limit;
          const read: number[] = [];
          for (let from = order === 'ascending' ? 1 : 12; from >= 1 && from <= 12; from += step) {
            const page = await storage.listAudit({ businessId: business.id, order, from, limit });
            read.push(...page.map(({ sequence }) => sequence));
          }
          const expected = order === 'ascending' ? numbers : numbers.toReversed();
          expectEqual(read, expected, `the sequences of a log, ${order}, in pages of ${limit}`);
        }
    }),

    behaviour('from either end, from the middle, and past the end', FROM, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      await storage.appendAudit(Array.from({ length: 12 }, () => samples.auditEntry(business)));
      const list = async (order: 'ascending' | 'descending', from: number | null) =>
        (await storage.listAudit({ businessId: business.id, order, from, limit: 2 })).map(({ sequence }) => sequence);
      expectEqual(await list('ascending', null), [1, 2], 'the two oldest');
      expectEqual(await list('descending', null), [12, 11], 'the two newest');
      expectEqual(await list('ascending', 9), [9, 10], 'two from the ninth on');
      expectEqual(await list('descending', 10), [10, 9], 'two from the tenth down');
      expectEqual(await list('ascending', 13), [], 'what comes after the newest');
      expectEqual(await list('descending', 20), [12, 11], 'from a place that is not taken yet down');
      expectEqual(await list('descending', 1), [1], 'from the first one down');
      const nobody = { businessId: samples.business().id, order: 'ascending', from: null, limit: 10 } as const;
      expectEqual(await storage.listAudit(nobody), [], 'the log of an unknown business');
    }),
  ],
};
