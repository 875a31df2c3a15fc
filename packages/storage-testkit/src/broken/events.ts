import type {
  EventDispatch,
  EventListRequest,
  EventRecord,
  EventRef,
  LedgerItem,
  LedgerRows,
  LedgerWrites,
} from '@bursar/payouts/storage';
import { eventsAreWrittenInTheSameStep } from '../promises/events-are-written-in-the-same-step.js';
import { eventsPageByTime } from '../promises/events-page-by-time.js';
import { undispatchedEventsComeOldestFirst } from '../promises/undispatched-events-come-oldest-first.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

// Writes other events than were decided.
function writing(
  written: (items: readonly LedgerItem[], writes: LedgerWrites, now: number) => readonly EventRecord[],
): PlainStorageClass {
  return class extends PlainStorage {
    protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
      const writes = super.decide(items, rows);
      return { ...writes, events: written(items, writes, this.now()) };
    }
  };
}

/** Tells of everything, asked to or not. */
class TellsUnasked extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    return super.decide(
      items.map((item) => ({ ...item, recordEvents: true })),
      rows,
    );
  }
}

// Tells of what was sent, under a name of its own, whatever became of it.
const tellingOfEach = (status: string): PlainStorageClass =>
  writing((items, { outcomes, events, transfers }, createdAt) => [
    ...events,
    ...items.flatMap(({ businessId, recordEvents, transfers: [sent] }, index) => {
      if (!recordEvents || sent === undefined || outcomes[index]?.status !== status) return [];
      const id = `evt_${sent.id}_${transfers.length}_${index}`;
      const names = { businessId, id, subjectId: sent.creditAccountId, transferId: sent.id };
      return [{ ...names, type: 'payout_user.funded' as const, place: 1, createdAt }];
    }),
  ]);

const TellsOfTheLastItem = writing((_, { events }) => events.slice(-1));

const TellsOfEachVersion = writing((_, { events, changedWithdrawals }, createdAt) => {
  const told = new Set(events.map(({ subjectId }) => subjectId));
  const untold = changedWithdrawals.filter(({ id }) => !told.has(id));
  return [
    ...events,
    ...untold.map(({ businessId, id, version }) => ({
      ...{ businessId, id: `evt_wd_${id}_${version}`, type: 'withdrawal.processing' as const, subjectId: id },
      ...{ place: version, transferId: null, createdAt },
    })),
  ];
});

const NumbersEventsByItself = writing((_, { events }) => events.map((event, place) => ({ ...event, place })));

/** A trigger that runs after the step, and for users alone. */
const TellsOfUsersAlone = writing((_, { events }) => events.filter(({ type }) => type.startsWith('payout_user')));

class FindsEventsAlone extends PlainStorage {
  override async findEvents(refs: readonly EventRef[]) {
    return (await super.findEvents(refs)).filter((event) => event !== undefined);
  }
}

class ListsTheOldestEventsFirst extends PlainStorage {
  protected override compareEvents(left: EventRecord, right: EventRecord): number {
    return super.compareEvents(right, left);
  }
}

/** Takes what was written in one moment for one. */
class ComparesTimesAlone extends PlainStorage {
  protected override compareEvents(left: EventRecord, right: EventRecord): number {
    return right.createdAt - left.createdAt;
  }
}

class SortsEventsByLanguage extends PlainStorage {
  protected override compareEvents(left: EventRecord, right: EventRecord): number {
    return right.createdAt - left.createdAt || new Intl.Collator('en').compare(right.id, left.id);
  }
}

/** By OFFSET: what lands meanwhile moves every page. */
class CountsAnOffsetOfEvents extends PlainStorage {
  #offset = 0;

  override async listEvents(request: EventListRequest) {
    if (request.before === null) this.#offset = 0;
    const all = await super.listEvents({ ...request, before: null, limit: 1000 });
    const page = all.slice(this.#offset, this.#offset + request.limit);
    this.#offset += page.length;
    return page;
  }
}

class ListsEventsOfAll extends PlainStorage {
  override async listEvents({ limit }: EventListRequest) {
    const all = [...this.tables.events.values()].sort((left, right) => this.compareEvents(left, right));
    return all.slice(0, limit);
  }
}

// Finds what is not dispatched yet in another order.
const ordering = (order: (left: EventRecord, right: EventRecord) => number): PlainStorageClass =>
  class extends PlainStorage {
    override async listUndispatchedEvents(limit: number) {
      return [...(await super.listUndispatchedEvents(1000))].sort(order).slice(0, limit);
    }
  };

class LooksAtOneBusiness extends PlainStorage {
  override async listUndispatchedEvents(limit: number) {
    const events = await super.listUndispatchedEvents(1000);
    return events.filter(({ businessId }) => businessId === events[0]?.businessId).slice(0, limit);
  }
}

/** Knows what was dispatched by its deliveries. */
class NeedsADelivery extends PlainStorage {
  protected override async dispatch(dispatch: EventDispatch): Promise<void> {
    if (dispatch.endpointIds.length > 0) await super.dispatch(dispatch);
  }
}

class ResendingDispatches extends PlainStorage {
  override async resendDelivery(...[businessId, endpointId, id]: Parameters<PlainStorage['resendDelivery']>) {
    this.tables.undispatched.delete(keyOf({ businessId, id }));
    return super.resendDelivery(businessId, endpointId, id);
  }
}

const OPENED = 'a payout user that is opened and credited';
const STATUS = 'a withdrawal, where its status changes';
const BATCH = 'several in one batch, each with those of its own';
const NONE = 'none of what did not happen, or is not to be told';
const RACE = '32 who send the same item tell of it once';
const PAGES = 'the newest first, in pages of any length';
const CURSOR = 'a page goes on after its cursor, whatever was written';
const OLDEST = 'of all businesses, at most so many';
const PLACES = 'those of one subject and moment by place';
const SEEN = 'what is dispatched is not among them, even to nobody';

/** Faults about events. */
export const brokenEvents = [
  ...brokenStorages(eventsAreWrittenInTheSameStep, {
    'everything is told': [TellsUnasked, BATCH, NONE],
    'what is refused is told': [tellingOfEach('refused'), NONE],
    'what does not meet a condition is told': [tellingOfEach('condition_failed'), NONE],
    'what is sent again is told again': [tellingOfEach('exists'), NONE, RACE, `${RACE}, between two connections`],
    'only the last item is told': [TellsOfTheLastItem, OPENED, BATCH],
    'every version is told': [TellsOfEachVersion, STATUS],
    'only users are told of': [TellsOfUsersAlone, STATUS, BATCH],
    'events are numbered by the batch': [NumbersEventsByItself, STATUS],
    'unknown events are left out': [FindsEventsAlone, OPENED],
  }),
  ...brokenStorages(eventsPageByTime, {
    'the oldest come first': [ListsTheOldestEventsFirst, PAGES, CURSOR],
    'events of one moment are taken for one': [ComparesTimesAlone, PAGES, CURSOR],
    'ids are in the order of a language': [SortsEventsByLanguage, PAGES],
    'pages go by offset': [CountsAnOffsetOfEvents, CURSOR],
    'every business is listed': [ListsEventsOfAll, PAGES],
  }),
  ...brokenStorages(undispatchedEventsComeOldestFirst, {
    'the newest come first': [ordering((left, right) => right.createdAt - left.createdAt), OLDEST],
    'places are sorted as text': [
      ordering(
        (left, right) => left.createdAt - right.createdAt || (String(left.place) < String(right.place) ? -1 : 1),
      ),
      PLACES,
    ],
    'ids decide within a moment': [
      ordering((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1)),
      PLACES,
    ],
    'only one business is looked at': [LooksAtOneBusiness, OLDEST],
    'an event without an endpoint is never dispatched': [NeedsADelivery, SEEN],
    'sending by hand dispatches': [ResendingDispatches, SEEN],
  }),
];
