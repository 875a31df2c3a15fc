import type { BusinessId } from '@bursar/core/storage';
import type { DeliveryRecord, DeliveryStatus } from '@bursar/payouts/storage';

/** A row of `bursar_deliveries`. */
export interface DeliveryRow {
  readonly business_id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly subject_id: string;
  readonly place: number;
  readonly status: string;
  readonly attempts: number;
  readonly due_at: number | null;
  readonly response_status: number | null;
  readonly error: string | null;
  readonly created_at: number;
  readonly updated_at: number;
}

export function deliveryRecord(row: DeliveryRow): DeliveryRecord {
  return {
    businessId: row.business_id as BusinessId,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    subjectId: row.subject_id,
    place: row.place,
    status: row.status as DeliveryStatus,
    attempts: row.attempts,
    dueAt: row.due_at,
    responseStatus: row.response_status,
    error: row.error,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
