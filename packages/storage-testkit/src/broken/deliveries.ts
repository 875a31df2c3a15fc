import type { BusinessId } from '@bursar/core/storage';
import type { DeliveryListRequest, DeliveryRecord, DeliveryResult, EventDispatch } from '@bursar/payouts/storage';
import { aDeliveryIsSentAgain } from '../promises/a-delivery-is-sent-again.js';
import { aResultNeedsItsLease } from '../promises/a-result-needs-its-lease.js';
import { anEventIsDispatchedOnce } from '../promises/an-event-is-dispatched-once.js';
import { deliveriesPageByTime } from '../promises/deliveries-page-by-time.js';
import { brokenStorages } from './broken-storage.js';
import { deliveryKey } from './plain-deliveries.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

class DeliversToTheUnknown extends PlainStorage {
  protected override async dispatch(dispatch: EventDispatch): Promise<void> {
    const event = this.tables.events.get(keyOf(dispatch));
    const isNew = this.tables.undispatched.has(keyOf(dispatch));
    await super.dispatch(dispatch);
    if (event === undefined || !isNew) return;
    for (const endpointId of dispatch.endpointIds) this.putDelivery(this.opened(event, endpointId));
  }
}

class DeliversToTheEnabled extends PlainStorage {
  protected override async dispatch(dispatch: EventDispatch): Promise<void> {
    const { businessId, endpointIds } = dispatch;
    const isEnabled = (id: string) => this.tables.endpoints.get(keyOf({ businessId, id }))?.status === 'enabled';
    await super.dispatch({ ...dispatch, endpointIds: endpointIds.filter(isEnabled) });
  }
}

/** Knows no difference between the first time and the second. */
class DispatchesAgain extends PlainStorage {
  protected override async dispatch(dispatch: EventDispatch): Promise<void> {
    if (this.tables.events.has(keyOf(dispatch))) this.tables.undispatched.add(keyOf(dispatch));
    await super.dispatch(dispatch);
  }
}

class FailsOnAnUnknownEvent extends PlainStorage {
  protected override async dispatch(dispatch: EventDispatch): Promise<void> {
    if (!this.tables.events.has(keyOf(dispatch))) throw new Error('violates foreign key constraint');
    await super.dispatch(dispatch);
  }
}

class OpensOverWhatIsThere extends PlainStorage {
  protected override async dispatch(dispatch: EventDispatch): Promise<void> {
    const { businessId, id: eventId, endpointIds } = dispatch;
    if (this.tables.undispatched.has(keyOf(dispatch)))
      for (const endpointId of endpointIds)
        this.tables.deliveries.delete(deliveryKey({ businessId, eventId, endpointId }));
    await super.dispatch(dispatch);
  }
}

class HoldsWithoutALease extends PlainStorage {
  protected override isHeld({ status }: DeliveryRecord): boolean {
    return status === 'pending';
  }
}

class FinishesWhatIsOver extends PlainStorage {
  protected override isHeld({ attempts }: DeliveryRecord, { expectedAttempts }: DeliveryResult): boolean {
    return attempts === expectedAttempts;
  }
}

// Keeps a delivery otherwise than it is.
const putting = (
  put: (record: DeliveryRecord, before: DeliveryRecord | undefined) => DeliveryRecord,
): PlainStorageClass =>
  class extends PlainStorage {
    protected override putDelivery(record: DeliveryRecord): DeliveryRecord {
      return super.putDelivery(put(record, this.tables.deliveries.get(deliveryKey(record))));
    }
  };

const isReopened = ({ attempts }: DeliveryRecord, before: DeliveryRecord | undefined): before is DeliveryRecord =>
  before !== undefined && attempts === 0;

class ResendsWhatFailed extends PlainStorage {
  override async resendDelivery(...[businessId, endpointId, eventId]: Parameters<PlainStorage['resendDelivery']>) {
    const row = this.tables.deliveries.get(deliveryKey({ businessId, eventId, endpointId }));
    return row?.status === 'failed' ? super.resendDelivery(businessId, endpointId, eventId) : null;
  }
}

class ResendsToTheUnknown extends PlainStorage {
  override async resendDelivery(businessId: BusinessId, endpointId: string, id: string) {
    const event = this.tables.events.get(keyOf({ businessId, id }));
    return event === undefined ? null : this.putDelivery(this.opened(event, endpointId));
  }
}

class FailsToResendTheUnknown extends PlainStorage {
  override async resendDelivery(...names: Parameters<PlainStorage['resendDelivery']>) {
    const answer = await super.resendDelivery(...names);
    if (answer === null) throw new Error('no such delivery');
    return answer;
  }
}

class ListsTheOldestDeliveriesFirst extends PlainStorage {
  protected override compareDeliveries(left: DeliveryRecord, right: DeliveryRecord): number {
    return super.compareDeliveries(right, left);
  }
}

/** Takes the deliveries of one event for one. */
class ComparesEventsAlone extends PlainStorage {
  protected override compareDeliveries(left: DeliveryRecord, right: DeliveryRecord): number {
    return super.compareDeliveries({ ...left, endpointId: '' }, { ...right, endpointId: '' });
  }
}

/** By OFFSET: what lands meanwhile moves every page. */
class CountsAnOffsetOfDeliveries extends PlainStorage {
  #offset = 0;

  override async listDeliveries(request: DeliveryListRequest) {
    if (request.before === null) this.#offset = 0;
    const all = await super.listDeliveries({ ...request, before: null, limit: 1000 });
    const page = all.slice(this.#offset, this.#offset + request.limit);
    this.#offset += page.length;
    return page;
  }
}

const overlooking = (field: 'endpointId' | 'status'): PlainStorageClass =>
  class extends PlainStorage {
    protected override isAskedDelivery(row: DeliveryRecord, request: DeliveryListRequest): boolean {
      return super.isAskedDelivery(row, { ...request, [field]: null });
    }
  };

/** Cuts the page, and only then looks at the filter. */
class FiltersThePageOfDeliveries extends PlainStorage {
  override async listDeliveries(request: DeliveryListRequest) {
    const page = await super.listDeliveries({ ...request, endpointId: null, status: null });
    return page.filter((row) => this.isAskedDelivery(row, request));
  }
}

const OPENS = 'opens a delivery to each endpoint, due at once';
const PASSED = 'a dispatched event, and an unknown one, are passed over';
const DISPATCH_RACE = '16 who dispatch the same events open each delivery once';
const WHOLE = 'success, failure and another try are kept whole';
const LOST = 'a result of a lease that was lost changes nothing';
const OVER = 'what is over, or unknown, has no result any more';
const RESULT_RACE = 'of 16 results of one attempt, one counts';
const ANEW = 'as if it had never been tried, at its old place';
const FIRST = 'for the first time, to an endpoint that had none';
const UNKNOWN = 'an unknown event or endpoint has none';
const PAGES = 'the newest first, in pages of any length';
const FILTERS = 'by endpoint and status, alone and together';
const CURSOR = 'a page goes on after its cursor, whatever became of it';

/** Faults about deliveries: how they begin, how they end, and how they are found. */
export const brokenDeliveries = [
  ...brokenStorages(anEventIsDispatchedOnce, {
    'an unknown endpoint gets a delivery': [DeliversToTheUnknown, OPENS],
    'a disabled endpoint gets none': [DeliversToTheEnabled, OPENS],
    'a dispatched event is dispatched again': [
      DispatchesAgain,
      PASSED,
      DISPATCH_RACE,
      `${DISPATCH_RACE}, between two connections`,
    ],
    'an unknown event is an error': [FailsOnAnUnknownEvent, PASSED],
    'a delivery that is there is opened over': [
      OpensOverWhatIsThere,
      'one that was sent by hand before stays as it is',
    ],
    'dispatching is not locked': [UnlockedStorage, DISPATCH_RACE],
  }),
  ...brokenStorages(aResultNeedsItsLease, {
    'the reason is not kept': [putting((record) => ({ ...record, error: null })), WHOLE],
    'the answer is kept only where there is one': [
      putting((record, before) => ({
        ...record,
        responseStatus: record.responseStatus ?? before?.responseStatus ?? 0,
      })),
      WHOLE,
    ],
    'anybody may say how an attempt ended': [HoldsWithoutALease, LOST],
    'what is over is finished again': [FinishesWhatIsOver, OVER],
    'finishing is not locked': [UnlockedStorage, RESULT_RACE],
  }),
  ...brokenStorages(aDeliveryIsSentAgain, {
    'its attempts are counted on': [
      putting((record, before) => (isReopened(record, before) ? { ...record, attempts: before.attempts } : record)),
      ANEW,
    ],
    'it is dated anew': [
      putting((record, before) => (isReopened(record, before) ? { ...record, createdAt: record.updatedAt } : record)),
      ANEW,
    ],
    'its last answer stays': [
      putting((record, before) => (isReopened(record, before) ? { ...record, error: before.error } : record)),
      ANEW,
    ],
    'only what failed is sent again': [ResendsWhatFailed, ANEW, FIRST],
    'it goes to an unknown endpoint': [ResendsToTheUnknown, UNKNOWN],
    'an unknown one is an error': [FailsToResendTheUnknown, UNKNOWN],
  }),
  ...brokenStorages(deliveriesPageByTime, {
    'the oldest come first': [ListsTheOldestDeliveriesFirst, PAGES, CURSOR],
    'the deliveries of one event are taken for one': [ComparesEventsAlone, PAGES],
    'pages go by offset': [CountsAnOffsetOfDeliveries, CURSOR],
    'one that is sent again moves to the front': [
      putting((record, before) => (isReopened(record, before) ? { ...record, createdAt: record.updatedAt } : record)),
      CURSOR,
    ],
    'the endpoint is not looked at': [overlooking('endpointId'), FILTERS],
    'the status is not looked at': [overlooking('status'), FILTERS],
    'a filter shortens the page': [FiltersThePageOfDeliveries, FILTERS],
  }),
];
