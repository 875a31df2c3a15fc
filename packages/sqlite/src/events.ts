import { type BusinessId, pageLimit } from '@bursar/core/storage';
import type { EventRecord, EventStorage, EventType } from '@bursar/payouts/storage';
import type { Connection, SqlValue } from './connection.js';
import { insertInto } from './rows.js';

/** A row of `bursar_events`, but for the mark that only statements look at. */
interface EventRow {
  readonly business_id: string;
  readonly id: string;
  readonly type: string;
  readonly subject_id: string;
  readonly place: number;
  readonly transfer_id: string | null;
  readonly created_at: number;
}

const EVENT_COLUMNS = [
  'business_id',
  'id',
  'type',
  'subject_id',
  'place',
  'transfer_id',
  'created_at',
] as const satisfies readonly (keyof EventRow)[];

/** How one connection reads and writes events. */
export interface Events extends EventStorage {
  /** Under the write lock, after the transfers. */
  save(events: readonly EventRecord[]): void;
}

/** Events in SQLite. */
export function sqliteEvents({ prepare, read }: Connection): Events {
  const columns = EVENT_COLUMNS.join(', ');
  const find = prepare<EventRow>(`SELECT ${columns} FROM bursar_events WHERE business_id = ? AND id = ?`);
  const list = prepare<EventRow>(
    `SELECT ${columns} FROM bursar_events WHERE business_id = ? AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
  );
  const undispatched = prepare<EventRow>(
    `SELECT ${columns} FROM bursar_events WHERE dispatched = 0 ORDER BY rowid LIMIT ?`,
  );
  const insert = prepare(insertInto('bursar_events', EVENT_COLUMNS));
  return {
    save(events) {
      for (const event of events) insert.run(...eventValues(event));
    },
    findEvents: (refs) =>
      read(() =>
        refs.map(({ businessId, id }) => {
          const row = find.get(businessId, id);
          return row && eventRecord(row);
        }),
      ),
    listEvents({ businessId, before, limit }) {
      const size = pageLimit(limit);
      const { createdAt, id } = before ?? { createdAt: Number.MAX_SAFE_INTEGER, id: '' };
      return read(() => list.all(businessId, createdAt, id, size).map(eventRecord));
    },
    listUndispatchedEvents(limit) {
      const size = pageLimit(limit);
      return read(() => undispatched.all(size).map(eventRecord));
    },
  };
}

function eventRecord(row: EventRow): EventRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    type: row.type as EventType,
    subjectId: row.subject_id,
    place: row.place,
    transferId: row.transfer_id,
    createdAt: row.created_at,
  };
}

/** In the order of {@link EVENT_COLUMNS}. */
function eventValues({ businessId, id, type, subjectId, place, transferId, createdAt }: EventRecord): SqlValue[] {
  return [businessId, id, type, subjectId, place, transferId, createdAt];
}
