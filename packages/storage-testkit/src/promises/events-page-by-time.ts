import type { BusinessRecord } from '@bursar/core/storage';
import type { BursarStorage, EventRecord } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { apply, openBusiness } from '../scene.js';

const ORDER = 'By falling `createdAt`, then falling id.';
const BEFORE = 'The last event of the page before; `null` for the newest.';

// In the order of their code units, not in that of a language.
const IDS = ['1', '10', '2', 'A', 'AB', 'Z', '_', 'a', 'aB', 'b'];

/** The pages of a business's events, one after the other, are all of them. */
export const eventsPageByTime: StoragePromise = {
  name: 'events page by time',
  behaviours: [
    behaviour('the newest first, in pages of any length', ORDER, async (context) => {
      const { storage, samples, clock, random } = context;
      const business = await openBusiness(context, 1000);
      const other = await openBusiness(context, 1000);
      const expected: string[] = [];
      for (let moment = 0; moment < 3; moment++) {
        clock.advance(1);
        const ids = IDS.map((id) => `${id}${moment}`).sort();
        await apply(storage, [
          ...random.shuffle(ids).map((id) => told(context, business, id)),
          told(context, other, `other_${moment}`),
        ]);
        expected.unshift(...ids.map((id) => `evt_tf_${id}`).reverse());
      }
      for (const limit of [1, 2, 7, expected.length, 1000]) {
        const ids = (await pages(storage, business, limit)).map(({ id }) => id);
        expectEqual(ids, expected, `the events of a business, in pages of ${limit}`);
      }
      expectEqual(
        await storage.listEvents({ businessId: samples.business().id, before: null, limit: 10 }),
        [],
        'the events of an unknown business',
      );
    }),

    behaviour('a page goes on after its cursor, whatever was written', BEFORE, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 1000);
      const first = await apply(
        storage,
        ['b', 'd', 'f'].map((id) => told(context, business, id)),
      );
      expectEqual(first.length, 3, 'the number of outcomes');
      const list = async (before: { createdAt: number; id: string } | null) =>
        (await storage.listEvents({ businessId: business.id, before, limit: 2 })).map(({ id }) => id);
      expectEqual(await list(null), ['evt_tf_f', 'evt_tf_d'], 'the first page of two');
      const cursor = { createdAt: clock.now(), id: 'evt_tf_d' };
      await apply(
        storage,
        ['a', 'e'].map((id) => told(context, business, id)),
      );
      clock.advance(1);
      await apply(storage, [told(context, business, 'c')]);
      expectEqual(await list(cursor), ['evt_tf_b', 'evt_tf_a'], 'the second page of two, after more were written');
    }),
  ],
};

/** An item whose event has an id of the caller's choice. */
function told({ samples }: Parameters<typeof openBusiness>[0], business: BusinessRecord, id: string) {
  return samples.move(business, { id, from: 'payout_balance', to: 'fees', amount: 1 }, { recordEvents: true });
}

async function pages(
  storage: BursarStorage,
  { id: businessId }: BusinessRecord,
  limit: number,
): Promise<readonly EventRecord[]> {
  const events: EventRecord[] = [];
  for (let before: EventRecord | null = null; events.length < 100; ) {
    const page: readonly EventRecord[] = await storage.listEvents({ businessId, before, limit });
    events.push(...page);
    before = page.at(-1) ?? null;
    if (before === null || page.length < limit) break;
  }
  return events;
}
