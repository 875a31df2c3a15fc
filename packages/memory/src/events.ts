import { pageLimit } from '@bursar/core/storage';
import type { EventRecord, EventStorage } from '@bursar/payouts/storage';
import { freezeAll } from './rows.js';
import { bookOf, type Tables } from './tables.js';

/** Reads events from memory. */
export function memoryEvents({ books, undispatched }: Tables, assertOpen: () => void): EventStorage {
  return {
    findEvents(refs) {
      assertOpen();
      return refs.map(({ businessId, id }) => books.get(businessId)?.events.get(id));
    },
    listEvents({ businessId, before, limit }) {
      assertOpen();
      const size = pageLimit(limit);
      const events = [...(books.get(businessId)?.events.values() ?? [])].sort(newestFirst);
      return events.filter((event) => before === null || newestFirst(before, event) < 0).slice(0, size);
    },
    listUndispatchedEvents(limit) {
      assertOpen();
      const size = pageLimit(limit);
      // The ledger writes the events of one subject by place, so the order of writing is the order asked for.
      return [...undispatched.values()].slice(0, size);
    },
  };
}

/** Keeps the events of a batch. */
export function keepEvents(tables: Tables, events: readonly EventRecord[]): void {
  freezeAll(events);
  for (const event of events) {
    bookOf(tables, event.businessId).events.set(event.id, event);
    tables.undispatched.set(`${event.businessId}\0${event.id}`, event);
  }
}

type Place = Pick<EventRecord, 'createdAt' | 'id'>;

function newestFirst(left: Place, right: Place): number {
  return right.createdAt - left.createdAt || (left.id < right.id ? 1 : left.id > right.id ? -1 : 0);
}
