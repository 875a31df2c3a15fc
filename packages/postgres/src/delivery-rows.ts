import type { BusinessId } from '@bursar/core/storage';
import type { DeliveryRecord, DeliveryStatus } from '@bursar/payouts/storage';
import { type Integer, integer, integerOrNull } from './integer.js';

/** A row of `bursar_deliveries`. */
export interface DeliveryRow {
  readonly business_id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly subject_id: string;
  readonly place: Integer;
  readonly status: string;
  readonly attempts: Integer;
  readonly due_at: Integer | null;
  readonly response_status: Integer | null;
  readonly error: string | null;
  readonly created_at: Integer;
  readonly updated_at: Integer;
}

export function deliveryRecord(row: DeliveryRow): DeliveryRecord {
  return {
    businessId: row.business_id as BusinessId,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    subjectId: row.subject_id,
    place: integer(row.place),
    status: row.status as DeliveryStatus,
    attempts: integer(row.attempts),
    dueAt: integerOrNull(row.due_at),
    responseStatus: integerOrNull(row.response_status),
    error: row.error,
    createdAt: integer(row.created_at),
    updatedAt: integer(row.updated_at),
  };
}
