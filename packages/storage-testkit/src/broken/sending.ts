import type { BusinessId } from '@bursar/core/storage';
import type { DeliveryRecord, EndpointRef, WebhookEndpointChange } from '@bursar/payouts/storage';
import { aDisabledEndpointsDeliveriesWait } from '../promises/a-disabled-endpoints-deliveries-wait.js';
import { deliveriesKeepTheOrderOfASubject } from '../promises/deliveries-keep-the-order-of-a-subject.js';
import { dueDeliveriesAreTakenOnce } from '../promises/due-deliveries-are-taken-once.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

class TakesTheLatestFirst extends PlainStorage {
  override async takeDueDeliveries(limit: number, leaseSeconds: number) {
    const due = [...this.tables.deliveries.values()].filter((row) => this.isDue(row, this.now()));
    const latest = due.sort((left, right) => (right.dueAt ?? 0) - (left.dueAt ?? 0)).slice(0, limit);
    const dueAt = this.now() + leaseSeconds * 1000;
    return latest.map((row) => this.putDelivery({ ...row, dueAt, updatedAt: this.now(), attempts: row.attempts + 1 }));
  }
}

class OverlooksWhatIsBusy extends PlainStorage {
  override async takeDueDeliveries(limit: number, leaseSeconds: number) {
    return super.takeDueDeliveries(limit, leaseSeconds);
  }
}

/** Looks at what is busy once the page is cut: a slow endpoint fills it. */
class CutsBeforeItLooks extends PlainStorage {
  override async takeDueDeliveries(limit: number, leaseSeconds: number, busy: readonly EndpointRef[] = []) {
    const taken = await super.takeDueDeliveries(limit, leaseSeconds);
    return taken.filter((row) => !busy.some(({ endpointId }) => endpointId === row.endpointId));
  }
}

class TakesOneBusiness extends PlainStorage {
  protected override isDue(row: DeliveryRecord, now: number): boolean {
    const first = [...this.tables.deliveries.values()].find((other) => super.isDue(other, now));
    return row.businessId === first?.businessId && super.isDue(row, now);
  }
}

// Sees what is due at another time than it is.
const dueBy = (milliseconds: number): PlainStorageClass =>
  class extends PlainStorage {
    protected override isDue(row: DeliveryRecord, now: number): boolean {
      return super.isDue(row, now + milliseconds);
    }
  };

/** Counts an attempt when it has ended, and so never one that was lost. */
class CountsNoAttempt extends PlainStorage {
  protected override putDelivery(record: DeliveryRecord): DeliveryRecord {
    return super.putDelivery({ ...record, attempts: Math.min(record.attempts, 1) });
  }
}

/** Takes a delivery for as long as its sender lives. */
class LeasesForEver extends PlainStorage {
  protected override isDue(row: DeliveryRecord, now: number): boolean {
    return row.attempts === 0 && super.isDue(row, now);
  }
}

// Holds a delivery up for another reason.
const waitingFor = (
  isEarlier: (other: DeliveryRecord, row: DeliveryRecord, now: number) => boolean,
): PlainStorageClass =>
  class extends PlainStorage {
    protected override waits(row: DeliveryRecord): boolean {
      const pending = [...this.tables.deliveries.values()].filter(({ status }) => status === 'pending');
      return pending.some((other) => isEarlier(other, row, this.now()));
    }
  };

const isSameLane = (other: DeliveryRecord, row: DeliveryRecord): boolean =>
  other.endpointId === row.endpointId && other.subjectId === row.subjectId;

class LooksAtNoStatus extends PlainStorage {
  protected override isDue(row: DeliveryRecord, now: number): boolean {
    return row.status === 'pending' && row.dueAt !== null && row.dueAt <= now && !this.waits(row);
  }
}

/** Takes what is switched off for what is gone. */
class GivesUpWhatIsDisabled extends PlainStorage {
  override async changeWebhookEndpoint(change: WebhookEndpointChange) {
    const answer = await super.changeWebhookEndpoint(change);
    if (change.status === 'disabled') this.#cancel(change.businessId, change.id);
    return answer;
  }

  #cancel(businessId: BusinessId, id: string): void {
    for (const row of [...this.tables.deliveries.values()])
      if (keyOf({ businessId: row.businessId, id: row.endpointId }) === keyOf({ businessId, id }))
        this.putDelivery({ ...row, status: 'cancelled', dueAt: null });
  }
}

const LONGEST = 'of all businesses, the longest due first, at most so many';
const LEASE = 'a taken one is due again at the end of its lease, to the millisecond';
const BUSY = 'those of busy endpoints are passed over, however long they are due';
const RACE = '16 senders take each of 40 deliveries once';
const IN_ORDER = 'one after the other, each once the one before is over';
const LATER = 'one that is to be tried again later holds up those after it';
const APART = 'another subject, and another endpoint, are not held up';
const AGAIN = 'one that is sent again holds up those after it';
const ORDER_RACE = '8 senders deliver 4 subjects in order';
const ENABLED = 'what is due is taken once it is enabled again';
const FINISHED = 'one that is being sent is finished, and tried again later';

/** Faults about what is sent when. */
export const brokenSending = [
  ...brokenStorages(dueDeliveriesAreTakenOnce, {
    'the latest come first': [TakesTheLatestFirst, LONGEST],
    'only one business is looked at': [TakesOneBusiness, LONGEST],
    'a delivery is due a millisecond early': [dueBy(1), LEASE],
    'a delivery is due a millisecond late': [dueBy(-1), LEASE],
    'an attempt that was lost is not counted': [CountsNoAttempt, LEASE],
    'a lease never ends': [LeasesForEver, LEASE],
    'what is busy is overlooked': [OverlooksWhatIsBusy, BUSY],
    'what is busy fills the page': [CutsBeforeItLooks, BUSY],
    'taking is not locked': [UnlockedStorage, RACE, `${RACE}, between two connections`],
  }),
  ...brokenStorages(deliveriesKeepTheOrderOfASubject, {
    'nothing is held up': [waitingFor(() => false), IN_ORDER, LATER, AGAIN],
    'only what is due holds up': [
      waitingFor((other, row, now) => isSameLane(other, row) && other.place < row.place && (other.dueAt ?? 0) <= now),
      IN_ORDER,
      LATER,
    ],
    'what was opened first goes first': [
      waitingFor((other, row) => isSameLane(other, row) && other.createdAt < row.createdAt),
      IN_ORDER,
      LATER,
      AGAIN,
    ],
    'one endpoint holds up another': [
      waitingFor((other, row) => other.subjectId === row.subjectId && other.place < row.place),
      APART,
    ],
    'one subject holds up another': [
      waitingFor((other, row) => other.endpointId === row.endpointId && other.eventId < row.eventId),
      APART,
    ],
    'taking is not locked': [UnlockedStorage, ORDER_RACE, `${ORDER_RACE}, between two connections`],
  }),
  ...brokenStorages(aDisabledEndpointsDeliveriesWait, {
    'a disabled endpoint is sent to': [LooksAtNoStatus, ENABLED, FINISHED],
    'what is for a disabled endpoint is given up': [GivesUpWhatIsDisabled, ENABLED, FINISHED],
  }),
];
