import { type BusinessId, pageLimit, type Timestamp } from '@bursar/core/storage';
import type {
  DeliveryListRequest,
  DeliveryResult,
  DeliveryStorage,
  EndpointRef,
  EventDispatch,
  EventRef,
} from '@bursar/payouts/storage';
import { clockOr } from './clock.js';
import { type Column, columnArrays, REF_COLUMNS, rowsSent } from './columns.js';
import type { Connection, Session, SqlValue } from './connection.js';
import { type DeliveryRow, deliveryRecord } from './delivery-rows.js';
import type { Endpoints } from './endpoints.js';
import { type Integer, integer, integerOrNull } from './integer.js';
import type { Tables } from './tables.js';

/**
 * Deliveries in PostgreSQL. `now` is storage's clock, where it is not the database's. Each change is a transaction that
 * says its isolation: callers meet here all the time, and at READ COMMITTED none of them has to begin anew.
 */
export function postgresDeliveries(
  { read, transaction }: Connection,
  tables: Tables,
  now: (() => Timestamp) | undefined,
): Omit<DeliveryStorage, Endpoints> {
  const sql = statements(tables);
  const clock = (): Timestamp | null => now?.() ?? null;
  return {
    dispatchEvents: (dispatches) =>
      transaction((session) => dispatch(session, sql, dispatches, clock()), { repeatable: true }),
    takeDueDeliveries: async (limit, leaseSeconds, busy = []) => {
      const values = [pageLimit(limit), leaseSeconds * 1000, clock(), ...columnArrays(ENDPOINT_COLUMNS, busy)];
      const rows = await transaction(({ query }) => query<TakenRow>(sql.take, values), {
        // What was taken without an answer is due again at the end of the lease.
        repeatable: true,
      });
      return rows.sort((left, right) => integer(left.was_due_at) - integer(right.was_due_at)).map(deliveryRecord);
    },
    finishDelivery: (result) => transaction((session) => finish(session, sql, result, clock()), { repeatable: false }),
    resendDelivery: (businessId, endpointId, eventId) =>
      transaction(
        async ({ query }) => {
          const values = columnArrays(OPENING_COLUMNS, [{ businessId, id: eventId, endpointId }]);
          const [row] = await query<DeliveryRow>(sql.reopen, [...values, clock()]);
          return row === undefined ? null : deliveryRecord(row);
        },
        { repeatable: true },
      ),
    async listDeliveries(request) {
      const { text, values } = listStatement(tables.deliveries, request);
      return (await read<DeliveryRow>(text, values)).map(deliveryRecord);
    },
  };
}

interface TakenRow extends DeliveryRow {
  readonly was_due_at: Integer;
}

/** An event on its way to an endpoint. */
interface Opening extends EventRef {
  readonly endpointId: string;
}

const OPENING_COLUMNS: readonly Column<Opening>[] = [
  ...REF_COLUMNS,
  { name: 'endpoint_id', type: 'text', of: ({ endpointId }) => endpointId },
];

const ENDPOINT_COLUMNS: readonly Column<EndpointRef>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'endpoint_id', type: 'text', of: ({ endpointId }) => endpointId },
];

type Statements = ReturnType<typeof statements>;

function statements({ events, webhookEndpoints, deliveries }: Tables) {
  // An event or an endpoint that does not exist gives no row. The endpoint is held, so that it is not deleted meanwhile.
  const open = `INSERT INTO ${deliveries} AS d (business_id, endpoint_id, event_id, subject_id, place, status, attempts,
      due_at, take_at, created_at, updated_at)
    SELECT event.business_id, sent.endpoint_id, event.id, event.subject_id, event.place, 'pending', 0, moment.now,
      moment.now, moment.now, moment.now
    FROM (SELECT ${clockOr('$4')} AS now) moment CROSS JOIN ${rowsSent(OPENING_COLUMNS, 'sent')} CROSS JOIN LATERAL (
      SELECT FROM ${webhookEndpoints} WHERE business_id = sent.business_id AND id = sent.endpoint_id
      LIMIT 1 FOR KEY SHARE
    ) endpoint CROSS JOIN LATERAL (
      SELECT * FROM ${events} WHERE business_id = sent.business_id AND id = sent.id LIMIT 1
    ) event ORDER BY sent.place`;
  return {
    // Locked in the order of the array, so that two processes never wait for each other.
    dispatch: `WITH fresh AS MATERIALIZED (
        SELECT sent.* FROM ${rowsSent(REF_COLUMNS, 'sent')} CROSS JOIN LATERAL (
          SELECT FROM ${events} WHERE business_id = sent.business_id AND id = sent.id AND NOT dispatched
          LIMIT 1 FOR NO KEY UPDATE
        ) locked
      )
      UPDATE ${events} e SET dispatched = true FROM fresh
      WHERE e.business_id = fresh.business_id AND e.id = fresh.id RETURNING e.business_id, e.id`,
    open: `${open} ON CONFLICT DO NOTHING`,
    reopen: `${open} ON CONFLICT (business_id, endpoint_id, event_id) DO UPDATE SET status = 'pending', attempts = 0,
      due_at = EXCLUDED.due_at, take_at = EXCLUDED.take_at, response_status = NULL, error = NULL,
      updated_at = EXCLUDED.updated_at RETURNING d.*`,
    // Along the index of what is worth a look; OFFSET keeps both conditions what they are, a probe a row.
    take: `WITH due AS MATERIALIZED (
        SELECT business_id, endpoint_id, event_id, due_at FROM ${deliveries} d
        WHERE take_at IS NOT NULL AND take_at <= ${clockOr('$3')} AND EXISTS (
          SELECT FROM ${webhookEndpoints} e
          WHERE e.business_id = d.business_id AND e.id = d.endpoint_id AND e.status = 'enabled' OFFSET 0
        ) AND NOT EXISTS (
          SELECT FROM ${deliveries} earlier WHERE earlier.business_id = d.business_id
            AND earlier.endpoint_id = d.endpoint_id AND earlier.subject_id = d.subject_id
            AND earlier.place < d.place AND earlier.status = 'pending' OFFSET 0
        ) AND NOT EXISTS (
          SELECT FROM ${rowsSent(ENDPOINT_COLUMNS, 'busy', 4)}
          WHERE busy.business_id = d.business_id AND busy.endpoint_id = d.endpoint_id
        ) ORDER BY take_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE ${deliveries} d SET attempts = attempts + 1, due_at = moment.now + $2::bigint,
        take_at = moment.now + $2::bigint, updated_at = moment.now
      FROM (SELECT ${clockOr('$3')} AS now) moment, due
      WHERE d.business_id = due.business_id AND d.endpoint_id = due.endpoint_id AND d.event_id = due.event_id
      RETURNING d.*, due.due_at AS was_due_at`,
    finish: `UPDATE ${deliveries} SET status = $5, due_at = ${clockOr('$9')} + $6::bigint,
        take_at = ${clockOr('$9')} + $6::bigint, response_status = $7, error = $8, updated_at = ${clockOr('$9')}
      WHERE business_id = $1 AND endpoint_id = $2 AND event_id = $3 AND status = 'pending' AND attempts = $4
      RETURNING subject_id, place, due_at`,
    // Those behind it wait for its next attempt, or, where there is none, no longer.
    holdBack: `UPDATE ${deliveries} SET take_at = greatest(due_at, coalesce($5::bigint, 0))
      WHERE business_id = $1 AND endpoint_id = $2 AND subject_id = $3 AND place > $4 AND status = 'pending'
        AND take_at <> greatest(due_at, coalesce($5::bigint, 0))`,
  };
}

type FinishedRow = Pick<DeliveryRow, 'subject_id' | 'place' | 'due_at'>;

async function finish(
  { query }: Session,
  sql: Statements,
  result: DeliveryResult,
  now: Timestamp | null,
): Promise<boolean> {
  const { businessId, endpointId, eventId, expectedAttempts, status, dueInSeconds, responseStatus, error } = result;
  const dueIn = status === 'pending' ? (dueInSeconds ?? 0) * 1000 : null;
  const values = [businessId, endpointId, eventId, expectedAttempts, status, dueIn, responseStatus, error, now];
  const [row] = await query<FinishedRow>(sql.finish, values);
  if (row === undefined) return false;
  const dueAt = integerOrNull(row.due_at);
  await query(sql.holdBack, [businessId, endpointId, row.subject_id, integer(row.place), dueAt]);
  return true;
}

async function dispatch(
  { query }: Session,
  sql: Statements,
  dispatches: readonly EventDispatch[],
  now: Timestamp | null,
): Promise<void> {
  const first = new Map<string, EventDispatch>();
  for (const event of dispatches) if (!first.has(keyOf(event))) first.set(keyOf(event), event);
  const asked = [...first.keys()].sort().map((key) => first.get(key) as EventDispatch);
  const fresh = await query<{ readonly business_id: string; readonly id: string }>(
    sql.dispatch,
    columnArrays(REF_COLUMNS, asked),
  );
  const mine = new Set(fresh.map(({ business_id, id }) => keyOf({ businessId: business_id as BusinessId, id })));
  const openings = asked
    .filter((event) => mine.has(keyOf(event)))
    .flatMap(({ businessId, id, endpointIds }) => endpointIds.map((endpointId) => ({ businessId, id, endpointId })));
  if (openings.length > 0) await query(sql.open, [...columnArrays(OPENING_COLUMNS, openings), now]);
}

function keyOf({ businessId, id }: EventRef): string {
  return `${businessId}\0${id}`;
}

// Only the filters that are asked for, so that each set of them has the plan of its own index.
function listStatement(table: string, request: DeliveryListRequest): { text: string; values: SqlValue[] } {
  const { businessId, endpointId, status, before, limit } = request;
  const end = before ?? { createdAt: Number.MAX_SAFE_INTEGER, eventId: '', endpointId: '' };
  const filters = { business_id: businessId, endpoint_id: endpointId, status };
  const asked = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== null);
  const conditions = asked.map(([column], index) => `${column} = $${index + 5}`).join(' AND ');
  return {
    text: `SELECT * FROM ${table} WHERE ${conditions} AND (created_at, event_id, endpoint_id) < ($1, $2, $3)
      ORDER BY created_at DESC, event_id DESC, endpoint_id DESC LIMIT $4`,
    values: [end.createdAt, end.eventId, end.endpointId, pageLimit(limit), ...asked.map(([, value]) => value)],
  };
}
