import { type BusinessId, pageLimit, type Timestamp } from '@bursar/core/storage';
import type { DeliveryListRequest, DeliveryRecord, DeliveryResult, DeliveryStorage } from '@bursar/payouts/storage';
import type { Connection, SqlValue, Statement } from './connection.js';
import { type DeliveryRow, deliveryRecord } from './delivery-rows.js';
import type { Endpoints } from './endpoints.js';

/** Deliveries in SQLite. */
export function sqliteDeliveries(
  { prepare, read, write }: Connection,
  now: () => Timestamp,
): Omit<DeliveryStorage, Endpoints> {
  const statements = prepareAll(prepare);
  const lists = deliveryLists(prepare);
  return {
    dispatchEvents: (dispatches) =>
      write(() => {
        const moment = now();
        for (const { businessId, id, endpointIds } of dispatches) {
          if (statements.dispatch.run(businessId, id) === 0) continue;
          for (const endpointId of endpointIds) statements.open.run(...opening(moment), businessId, id, endpointId);
        }
      }),
    takeDueDeliveries(limit, leaseSeconds, busy = []) {
      const size = pageLimit(limit);
      const spared = JSON.stringify(busy.map(({ businessId, endpointId }) => [businessId, endpointId]));
      return write(() => take(statements, [spared, size], now(), leaseSeconds));
    },
    finishDelivery: (result) => write(() => finish(statements, result, now())),
    resendDelivery: (businessId, endpointId, eventId) =>
      write(() => resend(statements, { businessId, endpointId, eventId }, now())),
    listDeliveries: (request) => read(() => lists(request).map(deliveryRecord)),
  };
}

type Statements = ReturnType<typeof prepareAll>;

function prepareAll(prepare: Connection['prepare']) {
  // An event or an endpoint that does not exist gives no row to insert.
  const open = `INSERT INTO bursar_deliveries (business_id, endpoint_id, event_id, subject_id, place, status, attempts,
      due_at, take_at, created_at, updated_at)
    SELECT event.business_id, endpoint.id, event.id, event.subject_id, event.place, 'pending', 0, ?,
      CASE WHEN endpoint.status = 'enabled' THEN ? END, ?, ?
    FROM bursar_events AS event CROSS JOIN bursar_webhook_endpoints AS endpoint USING (business_id)
    WHERE event.business_id = ? AND event.id = ? AND endpoint.id = ?`;
  const one = 'business_id = ? AND endpoint_id = ? AND event_id = ?';
  return {
    dispatch: prepare('UPDATE bursar_events SET dispatched = 1 WHERE business_id = ? AND id = ? AND dispatched = 0'),
    open: prepare(`${open} ON CONFLICT DO NOTHING`),
    reopen: prepare(
      `${open} ON CONFLICT (business_id, endpoint_id, event_id) DO UPDATE SET status = 'pending', attempts = 0,
       due_at = excluded.due_at, take_at = excluded.take_at, response_status = NULL, error = NULL, updated_at = excluded.updated_at`,
    ),
    due: prepare<DeliveryRow & { readonly rowid: number }>(
      `SELECT rowid, * FROM bursar_deliveries AS due WHERE take_at <= ?
       AND EXISTS (SELECT 1 FROM bursar_webhook_endpoints WHERE business_id = due.business_id AND id = due.endpoint_id
         AND status = 'enabled')
       AND NOT EXISTS (SELECT 1 FROM bursar_deliveries AS earlier WHERE earlier.business_id = due.business_id
         AND earlier.endpoint_id = due.endpoint_id AND earlier.subject_id = due.subject_id
         AND earlier.place < due.place AND earlier.status = 'pending')
       AND (business_id, endpoint_id) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?) AS ids)
       ORDER BY take_at LIMIT ?`,
    ),
    take: prepare('UPDATE bursar_deliveries SET attempts = ?, due_at = ?, take_at = ?, updated_at = ? WHERE rowid = ?'),
    finish: prepare(
      `UPDATE bursar_deliveries SET status = ?, due_at = ?, take_at = CASE WHEN take_at IS NOT NULL THEN ? END,
       response_status = ?, error = ?, updated_at = ?
       WHERE ${one} AND status = 'pending' AND attempts = ?`,
    ),
    // Those behind it wait for its next attempt, or, where there is none, no longer.
    holdBack: prepare(
      `UPDATE bursar_deliveries SET take_at = max(due_at, ?) WHERE business_id = ? AND endpoint_id = ? AND subject_id = ?
       AND place > ? AND status = 'pending' AND take_at IS NOT NULL`,
    ),
    select: prepare<DeliveryRow>(`SELECT * FROM bursar_deliveries WHERE ${one}`),
  };
}

function take(
  statements: Statements,
  which: readonly [busy: string, limit: number],
  now: Timestamp,
  leaseSeconds: number,
): DeliveryRecord[] {
  // All are read before one is changed: what is taken stays pending, and keeps those behind it back.
  return statements.due.all(now, ...which).map((row) => {
    const delivery = { ...deliveryRecord(row), attempts: row.attempts + 1, dueAt: now + leaseSeconds * 1000 };
    statements.take.run(delivery.attempts, delivery.dueAt, delivery.dueAt, now, row.rowid);
    return { ...delivery, updatedAt: now };
  });
}

function finish(statements: Statements, result: DeliveryResult, now: Timestamp): boolean {
  const { businessId, endpointId, eventId, expectedAttempts, status, dueInSeconds, responseStatus, error } = result;
  const dueAt = status === 'pending' ? now + (dueInSeconds ?? 0) * 1000 : null;
  const values = [status, dueAt, dueAt, responseStatus, error, now] as const;
  if (statements.finish.run(...values, businessId, endpointId, eventId, expectedAttempts) === 0) return false;
  const row = statements.select.get(businessId, endpointId, eventId);
  if (row !== undefined) statements.holdBack.run(dueAt ?? 0, businessId, endpointId, row.subject_id, row.place);
  return true;
}

/** The times of a delivery that is opened now. */
function opening(now: Timestamp): readonly [Timestamp, Timestamp, Timestamp, Timestamp] {
  return [now, now, now, now];
}

interface DeliveryRef {
  readonly businessId: BusinessId;
  readonly endpointId: string;
  readonly eventId: string;
}

function resend(
  statements: Statements,
  { businessId, endpointId, eventId }: DeliveryRef,
  now: Timestamp,
): DeliveryRecord | null {
  if (statements.reopen.run(...opening(now), businessId, eventId, endpointId) === 0) return null;
  const row = statements.select.get(businessId, endpointId, eventId);
  return row === undefined ? null : deliveryRecord(row);
}

// One statement for each set of filters that is asked for, so that each has the plan of its own index.
function deliveryLists(prepare: Connection['prepare']): (request: DeliveryListRequest) => DeliveryRow[] {
  const statements = new Map<string, Statement<DeliveryRow>>();
  return ({ businessId, endpointId, status, before, limit }) => {
    const size = pageLimit(limit);
    const filters = { business_id: businessId, endpoint_id: endpointId, status };
    const asked = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== null);
    const conditions = asked.map(([column]) => `${column} = ? AND `).join('');
    const statement =
      statements.get(conditions) ??
      prepare(
        `SELECT * FROM bursar_deliveries WHERE ${conditions}(created_at, event_id, endpoint_id) < (?, ?, ?)
         ORDER BY created_at DESC, event_id DESC, endpoint_id DESC LIMIT ?`,
      );
    statements.set(conditions, statement);
    const end = before ?? { createdAt: Number.MAX_SAFE_INTEGER, eventId: '', endpointId: '' };
    const values: SqlValue[] = asked.map(([, value]) => value);
    return statement.all(...values, end.createdAt, end.eventId, end.endpointId, size);
  };
}
