import { type BusinessId, pageLimit } from '@bursar/core/storage';
import type { EventRecord, EventStorage, EventType } from '@bursar/payouts/storage';
import { type Column, columnArrays, columnNames, insertSent, REF_COLUMNS, rowsSent } from './columns.js';
import type { Connection, Session } from './connection.js';
import { type Integer, integer } from './integer.js';
import { atPlaces, type Placed } from './place.js';
import type { Tables } from './tables.js';

/** A row of `bursar_events`, but for the mark that only statements look at. */
interface EventRow {
  readonly business_id: string;
  readonly id: string;
  readonly type: string;
  readonly subject_id: string;
  readonly event_place: Integer;
  readonly transfer_id: string | null;
  readonly created_at: Integer;
}

const EVENT_COLUMNS: readonly Column<EventRecord>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'type', type: 'text', of: ({ type }) => type },
  { name: 'subject_id', type: 'text', of: ({ subjectId }) => subjectId },
  { name: 'place', type: 'bigint', of: ({ place }) => place },
  { name: 'transfer_id', type: 'text', of: ({ transferId }) => transferId },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
];

// What is asked for by an array has a `place` of its own.
const SELECTED = columnNames(EVENT_COLUMNS).replace(' place,', ' place AS event_place,');

/** Events in PostgreSQL. */
export function postgresEvents({ read }: Connection, { events }: Tables): EventStorage {
  const find = `SELECT asked.place, found.* FROM ${rowsSent(REF_COLUMNS, 'asked')} CROSS JOIN LATERAL (
    SELECT ${SELECTED} FROM ${events} WHERE business_id = asked.business_id AND id = asked.id LIMIT 1) found`;
  const list = `SELECT ${SELECTED} FROM ${events} WHERE business_id = $1 AND (created_at, id) < ($2, $3)
    ORDER BY created_at DESC, id DESC LIMIT $4`;
  // Where the clock went back, a later event of a subject seems older than an earlier one: it waits until that one is
  // dispatched. OFFSET keeps the condition what it is, a probe a row.
  const undispatched = `SELECT ${SELECTED} FROM ${events} e WHERE NOT dispatched AND NOT EXISTS (
      SELECT FROM ${events} earlier WHERE earlier.business_id = e.business_id AND earlier.subject_id = e.subject_id
        AND earlier.place < e.place AND NOT earlier.dispatched AND earlier.created_at > e.created_at OFFSET 0
    ) ORDER BY created_at, business_id, subject_id, e.place LIMIT $1`;
  return {
    async findEvents(refs) {
      if (refs.length === 0) return [];
      const rows = await read<EventRow & Placed>(find, columnArrays(REF_COLUMNS, refs));
      return atPlaces(rows, refs.length, eventRecord);
    },
    async listEvents({ businessId, before, limit }) {
      const { createdAt, id } = before ?? { createdAt: Number.MAX_SAFE_INTEGER, id: '' };
      return (await read<EventRow>(list, [businessId, createdAt, id, pageLimit(limit)])).map(eventRecord);
    },
    async listUndispatchedEvents(limit) {
      return (await read<EventRow>(undispatched, [pageLimit(limit)])).map(eventRecord);
    },
  };
}

/** Writes the events of a batch; in its transaction. */
export async function saveEvents({ query }: Session, tables: Tables, events: readonly EventRecord[]): Promise<void> {
  if (events.length === 0) return;
  await query(insertSent(tables.events, EVENT_COLUMNS), columnArrays(EVENT_COLUMNS, events));
}

function eventRecord(row: EventRow): EventRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    type: row.type as EventType,
    subjectId: row.subject_id,
    place: integer(row.event_place),
    transferId: row.transfer_id,
    createdAt: integer(row.created_at),
  };
}
