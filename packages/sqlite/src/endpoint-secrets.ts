import type { BusinessId, Timestamp } from '@bursar/core/storage';
import { neededSecrets, type WebhookEndpointRecord } from '@bursar/payouts/storage';
import type { Connection } from './connection.js';

/** Which configured secrets the endpoints need. All of it inside the caller's transaction. */
export interface EndpointSecrets {
  keep(endpoint: WebhookEndpointRecord): void;
  remove(businessId: BusinessId, endpointId: string): void;
  list(now: Timestamp): string[];
}

/** The rows of `bursar_webhook_secrets`, beside the endpoints'. */
export function endpointSecrets(prepare: Connection['prepare']): EndpointSecrets {
  const remove = prepare('DELETE FROM bursar_webhook_secrets WHERE business_id = ? AND endpoint_id = ?');
  const insert = prepare(
    'INSERT INTO bursar_webhook_secrets (business_id, endpoint_id, secret_id, needed_until) VALUES (?, ?, ?, ?)',
  );
  // Jumps from one id to the next in the index: as many steps as secrets, not as endpoints.
  const next = prepare<{ readonly secret_id: string; readonly is_needed: number }>(
    `SELECT secret_id,
       EXISTS (SELECT 1 FROM bursar_webhook_secrets WHERE secret_id = s.secret_id AND needed_until IS NULL)
         OR EXISTS (SELECT 1 FROM bursar_webhook_secrets WHERE secret_id = s.secret_id AND needed_until > ?) AS is_needed
     FROM bursar_webhook_secrets s WHERE secret_id > ? ORDER BY secret_id LIMIT 1`,
  );
  return {
    keep({ businessId, id, secrets }) {
      remove.run(businessId, id);
      for (const { secretId, until } of neededSecrets(secrets)) insert.run(businessId, id, secretId, until);
    },
    remove(businessId, endpointId) {
      remove.run(businessId, endpointId);
    },
    list(now) {
      const ids: string[] = [];
      for (let last = ''; ; ) {
        const row = next.get(now, last);
        if (row === undefined) return ids.sort();
        if (row.is_needed === 1) ids.push(row.secret_id);
        last = row.secret_id;
      }
    },
  };
}
