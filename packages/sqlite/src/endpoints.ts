import type { BusinessId, Timestamp } from '@bursar/core/storage';
import {
  changedEndpoint,
  type DeliveryStorage,
  type EndpointStatus,
  type WebhookEndpointRecord,
} from '@bursar/payouts/storage';
import type { Connection, SqlValue } from './connection.js';
import { endpointSecrets } from './endpoint-secrets.js';
import { placeholders } from './rows.js';

/** The methods of a storage that are about webhook endpoints. */
export type Endpoints =
  | 'insertWebhookEndpoint'
  | 'findWebhookEndpoint'
  | 'listWebhookEndpoints'
  | 'changeWebhookEndpoint'
  | 'deleteWebhookEndpoint'
  | 'listWebhookSecretIds';

/** A row of `bursar_webhook_endpoints`. */
interface EndpointRow {
  readonly business_id: string;
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly types: string | null;
  readonly secrets: string;
  readonly status: string;
  readonly disabled_reason: string | null;
  readonly failing_since: number | null;
  readonly version: number;
  readonly created_at: number;
}

const ENDPOINT_COLUMNS = [
  'business_id',
  'id',
  'created_at',
  'url',
  'description',
  'types',
  'secrets',
  'status',
  'disabled_reason',
  'failing_since',
  'version',
] as const satisfies readonly (keyof EndpointRow)[];

// All but the first three.
const CHANGES = ENDPOINT_COLUMNS.slice(3);

/** Webhook endpoints in SQLite. */
export function sqliteEndpoints(
  { prepare, read, write }: Connection,
  now: () => Timestamp,
): Pick<DeliveryStorage, Endpoints> {
  const statements = prepareAll(prepare);
  const secrets = endpointSecrets(prepare);
  const find = (businessId: BusinessId, id: string): WebhookEndpointRecord | null => {
    const row = statements.select.get(businessId, id);
    return row === undefined ? null : endpointRecord(row);
  };
  return {
    insertWebhookEndpoint: (record) =>
      write(() => {
        if (statements.insert.run(...endpointValues(record), record.businessId) === 0) return false;
        secrets.keep(record);
        return true;
      }),
    findWebhookEndpoint: (businessId, id) => read(() => find(businessId, id)),
    listWebhookEndpoints: (businessId) => read(() => statements.list.all(businessId).map(endpointRecord)),
    changeWebhookEndpoint: (change) =>
      write(() => {
        const present = find(change.businessId, change.id);
        const outcome = changedEndpoint(present, change);
        if (outcome.status !== 'changed') return outcome;
        const [businessId, id, , ...values] = endpointValues(outcome.endpoint);
        statements.change.run(...values, businessId as string, id as string);
        if (change.secrets !== undefined) secrets.keep(outcome.endpoint);
        const { status } = outcome.endpoint;
        if (status !== present?.status) statements[status].run(change.businessId, change.id);
        return outcome;
      }),
    deleteWebhookEndpoint: (businessId, id) =>
      write(() => {
        if (statements.remove.run(businessId, id) === 0) return false;
        secrets.remove(businessId, id);
        statements.cancel.run(now(), businessId, id);
        return true;
      }),
    listWebhookSecretIds: () => read(() => secrets.list(now())),
  };
}

function prepareAll(prepare: Connection['prepare']) {
  return {
    // A business that does not exist gives no row to insert, instead of a failed foreign key.
    insert: prepare(
      `INSERT INTO bursar_webhook_endpoints (${ENDPOINT_COLUMNS.join(', ')}) SELECT ${placeholders(ENDPOINT_COLUMNS)}
       WHERE EXISTS (SELECT 1 FROM bursar_businesses WHERE id = ?) ON CONFLICT DO NOTHING`,
    ),
    select: prepare<EndpointRow>('SELECT * FROM bursar_webhook_endpoints WHERE business_id = ? AND id = ?'),
    list: prepare<EndpointRow>('SELECT * FROM bursar_webhook_endpoints WHERE business_id = ? ORDER BY id'),
    change: prepare(
      `UPDATE bursar_webhook_endpoints SET ${CHANGES.map((column) => `${column} = ?`).join(', ')}
       WHERE business_id = ? AND id = ?`,
    ),
    remove: prepare('DELETE FROM bursar_webhook_endpoints WHERE business_id = ? AND id = ?'),
    cancel: prepare(
      `UPDATE bursar_deliveries SET status = 'cancelled', due_at = NULL, take_at = NULL, updated_at = ?
       WHERE business_id = ? AND endpoint_id = ? AND status = 'pending'`,
    ),
    // Once for each change of the status, so that no worker steps over them while the endpoint is disabled.
    disabled: prepare(
      `UPDATE bursar_deliveries SET take_at = NULL WHERE business_id = ? AND endpoint_id = ? AND status = 'pending'`,
    ),
    enabled: prepare(
      `UPDATE bursar_deliveries SET take_at = due_at WHERE business_id = ? AND endpoint_id = ? AND status = 'pending'`,
    ),
  };
}

function endpointRecord(row: EndpointRow): WebhookEndpointRecord {
  return {
    businessId: row.business_id as BusinessId,
    id: row.id,
    url: row.url,
    description: row.description,
    types: row.types === null ? null : (JSON.parse(row.types) as NonNullable<WebhookEndpointRecord['types']>),
    secrets: JSON.parse(row.secrets) as WebhookEndpointRecord['secrets'],
    status: row.status as EndpointStatus,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
    version: row.version,
    createdAt: row.created_at,
  };
}

/** In the order of {@link ENDPOINT_COLUMNS}. */
function endpointValues(record: WebhookEndpointRecord): SqlValue[] {
  const { businessId, id, createdAt, url, description, types, secrets } = record;
  const { status, disabledReason, failingSince, version } = record;
  const lists = [types && JSON.stringify(types), JSON.stringify(secrets)];
  return [businessId, id, createdAt, url, description, ...lists, status, disabledReason, failingSince, version];
}
