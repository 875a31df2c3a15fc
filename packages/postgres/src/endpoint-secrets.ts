import type { Timestamp } from '@bursar/core/storage';
import { neededSecrets, type WebhookEndpointRecord } from '@bursar/payouts/storage';
import { clockOr } from './clock.js';
import { type Column, columnArrays, insertSent } from './columns.js';
import type { Connection, Session } from './connection.js';
import type { Tables } from './tables.js';

interface SecretNeed {
  readonly businessId: string;
  readonly endpointId: string;
  readonly secretId: string;
  readonly until: Timestamp | null;
}

const NEED_COLUMNS: readonly Column<SecretNeed>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'endpoint_id', type: 'text', of: ({ endpointId }) => endpointId },
  { name: 'secret_id', type: 'text', of: ({ secretId }) => secretId },
  { name: 'needed_until', type: 'bigint', of: ({ until }) => until },
];

/** Which configured secrets the endpoints need: the rows of `bursar_webhook_secrets`, beside the endpoints'. */
export interface EndpointSecrets {
  /** In the transaction that writes the endpoint. */
  keep(session: Session, endpoint: WebhookEndpointRecord): Promise<void>;
  /** In the transaction that deletes the endpoint. */
  remove(session: Session, businessId: string, endpointId: string): Promise<void>;
  list(now: Timestamp | null): Promise<string[]>;
}

/** Makes the {@link EndpointSecrets} of a connection. */
export function endpointSecrets({ read }: Pick<Connection, 'read'>, { webhookSecrets }: Tables): EndpointSecrets {
  const insert = insertSent(webhookSecrets, NEED_COLUMNS);
  const remove = `DELETE FROM ${webhookSecrets} WHERE business_id = $1 AND endpoint_id = $2`;
  const needs = (until: string): string =>
    `EXISTS (SELECT FROM ${webhookSecrets} WHERE secret_id = s.secret_id AND needed_until ${until} OFFSET 0)`;
  // Jumps from one id to the next in the index: as many steps as secrets, not as endpoints. OFFSET keeps each condition
  // what it is, a probe.
  const next = `SELECT secret_id, CASE WHEN ${needs('IS NULL')} OR ${needs(`> ${clockOr('$2')}`)} THEN 1 END AS needed
    FROM ${webhookSecrets} s WHERE secret_id > $1 ORDER BY secret_id LIMIT 1`;
  return {
    async keep({ query }, { businessId, id: endpointId, secrets }) {
      await query(remove, [businessId, endpointId]);
      const needed = neededSecrets(secrets).map((need) => ({ businessId, endpointId, ...need }));
      if (needed.length > 0) await query(insert, columnArrays(NEED_COLUMNS, needed));
    },
    async remove({ query }, businessId, endpointId) {
      await query(remove, [businessId, endpointId]);
    },
    async list(now) {
      const ids: string[] = [];
      for (let last = ''; ; ) {
        const [row] = await read<{ readonly secret_id: string; readonly needed: string | null }>(next, [last, now]);
        if (row === undefined) return ids.sort();
        if (row.needed !== null) ids.push(row.secret_id);
        last = row.secret_id;
      }
    },
  };
}
