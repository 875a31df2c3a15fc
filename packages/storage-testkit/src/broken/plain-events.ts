import { pageLimit } from '@bursar/core/storage';
import type { EventListRequest, EventRecord, EventRef, EventStorage } from '@bursar/payouts/storage';
import { keyOf } from './plain-tables.js';
import { PlainWithdrawals } from './plain-withdrawals.js';

/** The events' part of `PlainStorage`. */
export class PlainEvents extends PlainWithdrawals implements EventStorage {
  async findEvents(refs: readonly EventRef[]): Promise<readonly (EventRecord | undefined)[]> {
    return refs.map((ref) => this.tables.events.get(keyOf(ref)));
  }

  async listEvents({ businessId, before, limit }: EventListRequest): Promise<readonly EventRecord[]> {
    const own = [...this.tables.events.values()].filter((event) => event.businessId === businessId);
    const rest = own.filter((event) => before === null || this.compareEvents(before, event) < 0);
    return rest.sort((left, right) => this.compareEvents(left, right)).slice(0, pageLimit(limit));
  }

  async listUndispatchedEvents(limit: number): Promise<readonly EventRecord[]> {
    const events = [...this.tables.undispatched].flatMap((key) => this.tables.events.get(key) ?? []);
    return events.slice(0, pageLimit(limit));
  }

  /** Below zero where the first one is listed first. */
  protected compareEvents(left: Pick<EventRecord, 'createdAt' | 'id'>, right: Pick<EventRecord, 'createdAt' | 'id'>) {
    return right.createdAt - left.createdAt || falling(left.id, right.id);
  }

  protected writeEvents(events: readonly EventRecord[]): void {
    for (const event of events) {
      this.put(this.tables.events, event);
      this.tables.undispatched.add(keyOf(event));
    }
  }
}

/** Compares texts by code unit, the greater one first. */
export function falling(left: string, right: string): number {
  return left < right ? 1 : left > right ? -1 : 0;
}
