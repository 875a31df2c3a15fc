import type { BusinessRecord } from '@bursar/core/storage';
import { type AuditEntry, type AuditRecord, type BursarStorage, chainAuditEntry } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const CHAINED =
  'Adds the entries, in the order of the array, each by {@link chainAuditEntry} to the last one of its business.';
const KNOWN = 'An entry whose id is known stays as it is, and is answered as kept.';
const RACE = 'Two callers at the same time add one after the other.';
const CLOCK = "Storage's clock. Never before that of the entry before it.";

/** Each entry of the audit log holds on to the one before it, so that nothing can be taken out. */
export const theAuditLogIsAChain: StoragePromise = {
  name: 'the audit log is a chain',
  behaviours: [
    behaviour('entries of several businesses in one call, each in its own log', CHAINED, async (context) => {
      const { storage, samples, clock } = context;
      const pair = [await storage.createBusiness(samples.business()), await storage.createBusiness(samples.business())];
      const bare = { target: null, address: null, requestId: null, details: null } as const;
      const entries = pair.flatMap((business) => [
        samples.auditEntry(business, { id: 'the_same_id' }),
        samples.auditEntry(business, bare),
        samples.auditEntry(business, { details: { z: '1', a: 'ß', 10: 'ten', 9: 'nine', Ω: 'omega' } }),
      ]);
      const mixed = [0, 3, 1, 4, 5, 2].map((index) => entries[index] as AuditEntry);
      const answers = [...(await storage.appendAudit(mixed.slice(0, 4)))];
      clock.advance(1000);
      answers.push(...(await storage.appendAudit(mixed.slice(4))));
      for (const business of pair) {
        const own = mixed.filter(({ businessId }) => businessId === business.id);
        const expected: AuditRecord[] = [];
        for (const [index, entry] of own.entries())
          expected.push(chainAuditEntry(expected.at(-1) ?? null, entry, clock.now() - (index < 2 ? 1000 : 0)));
        expectEqual(await logOf(storage, business), expected, 'the log of one of two businesses');
        const answered = answers.filter(({ businessId }) => businessId === business.id);
        expectEqual(answered, expected, 'the answers for one of two businesses');
      }
      expectEqual(
        answers.map(({ id }) => id),
        mixed.map(({ id }) => id),
        'the order of the answers',
      );
      expectEqual(await storage.appendAudit([]), [], 'the answer to no entries');
    }),

    behaviour('a known entry stays as it is, and breaks no chain', KNOWN, async (context) => {
      const { storage, samples, clock } = context;
      const business = await storage.createBusiness(samples.business());
      const [entry, next] = [samples.auditEntry(business), samples.auditEntry(business)];
      const [first, twice] = await storage.appendAudit([entry, { ...entry, outcome: 'other' }]);
      expectEqual(twice, first, 'the same id twice in one call');
      clock.advance(1000);
      const [again, second] = await storage.appendAudit([{ ...entry, actorId: 'somebody else' }, next]);
      expectEqual(again, first, 'a known id in a later call');
      expectEqual(await logOf(storage, business), [first, second], 'the log after all of it');
      expectEqual(second?.previousHash, first?.hash, 'what the next entry follows');
    }),

    behaviour('a clock that goes back', CLOCK, async (context) => {
      const { storage, samples, clock } = context;
      const business = await storage.createBusiness(samples.business());
      const dates: number[] = [];
      for (const step of [0, -5000, 1000, 5000]) {
        clock.advance(step);
        const [record] = await storage.appendAudit([samples.auditEntry(business)]);
        dates.push((record?.createdAt ?? 0) - clock.now());
      }
      expectEqual(dates, [0, 5000, 4000, 0], 'how far each entry is ahead of the clock');
    }),

    ...race('32 callers, some with entries that others send too', RACE, async (context, connections) => {
      const { samples } = context;
      const business = await context.storage.createBusiness(samples.business());
      const other = await context.storage.createBusiness(samples.business());
      const shared = samples.auditEntry(business);
      const calls = Array.from({ length: 32 }, (_, index) => {
        const own = [samples.auditEntry(business), samples.auditEntry(other), samples.auditEntry(business)];
        return index % 4 > 0 ? own : [...own, shared];
      });
      const answers = await atOnce(calls, async (entries, index) =>
        connections[index % 2 > 0 ? 1 : 0].appendAudit(entries),
      );
      const log = await logOf(context.storage, business);
      expectEqual(log.length, 65, 'the length of the log');
      const expected: AuditRecord[] = [];
      for (const record of log) expected.push(chainAuditEntry(expected.at(-1) ?? null, record, record.createdAt));
      expectEqual(log, expected, 'the log, chained again');
      const kept = new Map(log.map((record) => [record.id, record]));
      const own = answers.flat().filter(({ businessId }) => businessId === business.id);
      for (const answer of own) expectEqual(answer, kept.get(answer.id), 'an answer, and what is kept');
      const ids = new Set(calls.flat().flatMap(({ businessId, id }) => (businessId === business.id ? [id] : [])));
      expectEqual(new Set(kept.keys()).size, ids.size, 'the number of entries that are kept');
    }),
  ],
};

async function logOf(storage: BursarStorage, { id: businessId }: BusinessRecord): Promise<readonly AuditRecord[]> {
  return storage.listAudit({ businessId, order: 'ascending', from: null, limit: 1000 });
}
