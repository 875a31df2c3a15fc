import type { BusinessId, Timestamp } from '@bursar/core/storage';
import {
  changedEndpoint,
  type DeliveryStorage,
  type EndpointStatus,
  type WebhookEndpointChange,
  type WebhookEndpointChangeOutcome,
  type WebhookEndpointRecord,
} from '@bursar/payouts/storage';
import { clockOr } from './clock.js';
import { type Column, columnArrays, columnNames, rowsSent } from './columns.js';
import type { Connection, Session } from './connection.js';
import type { DeliveryRow } from './delivery-rows.js';
import { type EndpointSecrets, endpointSecrets } from './endpoint-secrets.js';
import { type Integer, integer, integerOrNull } from './integer.js';
import type { Tables } from './tables.js';

// A second's work on a slow machine.
const MOST_CANCELLED = 5000;

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
  readonly failing_since: Integer | null;
  readonly version: Integer;
  readonly created_at: Integer;
}

const CHANGE_COLUMNS: readonly Column<WebhookEndpointRecord>[] = [
  { name: 'url', type: 'text', of: ({ url }) => url },
  { name: 'description', type: 'text', of: ({ description }) => description },
  { name: 'types', type: 'text', of: ({ types }) => types && JSON.stringify(types) },
  { name: 'secrets', type: 'text', of: ({ secrets }) => JSON.stringify(secrets) },
  { name: 'status', type: 'text', of: ({ status }) => status },
  { name: 'disabled_reason', type: 'text', of: ({ disabledReason }) => disabledReason },
  { name: 'failing_since', type: 'bigint', of: ({ failingSince }) => failingSince },
  { name: 'version', type: 'bigint', of: ({ version }) => version },
];

const ENDPOINT_COLUMNS: readonly Column<WebhookEndpointRecord>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
  ...CHANGE_COLUMNS,
];

/** Webhook endpoints in PostgreSQL. `now` is storage's clock, where it is not the database's. */
export function postgresEndpoints(
  { read, transaction }: Connection,
  tables: Tables,
  now: (() => Timestamp) | undefined,
): Pick<DeliveryStorage, Endpoints> {
  const sql = statements(tables);
  const secrets = endpointSecrets({ read }, tables);
  return {
    insertWebhookEndpoint: (record) =>
      transaction(
        async (session) => {
          const inserted = await session.query(sql.insert, columnArrays(ENDPOINT_COLUMNS, [record]));
          if (inserted.length > 0) await secrets.keep(session, record);
          return inserted.length > 0;
        },
        { repeatable: false },
      ),
    async findWebhookEndpoint(businessId, id) {
      const [row] = await read<EndpointRow>(sql.select, [businessId, id]);
      return row === undefined ? null : endpointRecord(row);
    },
    async listWebhookEndpoints(businessId) {
      return (await read<EndpointRow>(sql.list, [businessId])).map(endpointRecord);
    },
    changeWebhookEndpoint: (change) =>
      transaction((session) => changeEndpoint(session, sql, secrets, change), { repeatable: false }),
    deleteWebhookEndpoint: (businessId, id) =>
      transaction(
        async (session) => {
          // The endpoint first: who opens a delivery to it holds it, and is done before or comes too late.
          if ((await session.query(sql.remove, [businessId, id])).length === 0) return false;
          await secrets.remove(session, businessId, id);
          await cancelPending(session, sql, [businessId, id], now?.() ?? null);
          return true;
        },
        { repeatable: false },
      ),
    listWebhookSecretIds: () => secrets.list(now?.() ?? null),
  };
}

type Statements = ReturnType<typeof statements>;

function statements({ businesses, webhookEndpoints, deliveries }: Tables) {
  const changes = CHANGE_COLUMNS.map(({ name }) => `${name} = sent.${name}`).join(', ');
  const pending = `business_id = $1 AND endpoint_id = $2 AND status = 'pending' AND (subject_id, place) >= ($3, $4)`;
  const cancel = `UPDATE ${deliveries} SET status = 'cancelled', due_at = NULL, take_at = NULL,
    updated_at = ${clockOr('$5')} WHERE ${pending}`;
  return {
    // A business that does not exist gives no row to insert, instead of a failed foreign key.
    insert: `INSERT INTO ${webhookEndpoints} (${columnNames(ENDPOINT_COLUMNS)})
      SELECT ${columnNames(ENDPOINT_COLUMNS, 'sent')} FROM ${rowsSent(ENDPOINT_COLUMNS, 'sent')}
      WHERE EXISTS (SELECT FROM ${businesses} WHERE id = sent.business_id) ON CONFLICT DO NOTHING RETURNING 1`,
    select: `SELECT * FROM ${webhookEndpoints} WHERE business_id = $1 AND id = $2`,
    lock: `SELECT * FROM ${webhookEndpoints} WHERE business_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    list: `SELECT * FROM ${webhookEndpoints} WHERE business_id = $1 ORDER BY id`,
    change: `UPDATE ${webhookEndpoints} SET ${changes} FROM ${rowsSent(CHANGE_COLUMNS, 'sent', 3)}
      WHERE business_id = $1 AND id = $2`,
    remove: `DELETE FROM ${webhookEndpoints} WHERE business_id = $1 AND id = $2 RETURNING 1`,
    ahead: `SELECT subject_id, place FROM ${deliveries} WHERE ${pending}
      ORDER BY subject_id, place OFFSET ${MOST_CANCELLED} LIMIT 1`,
    cancel,
    cancelSome: `${cancel} AND (subject_id, place) < ($6, $7)`,
  };
}

type Place = Pick<DeliveryRow, 'subject_id' | 'place'>;

/** In as many statements as it takes, so that none of them comes near the limit of its time. Nobody can add to them. */
async function cancelPending(
  { query }: Session,
  sql: Statements,
  endpoint: readonly [businessId: string, id: string],
  now: Timestamp | null,
): Promise<void> {
  for (let from: readonly [subjectId: string, place: number] = ['', -1]; ; ) {
    const [ahead] = await query<Place>(sql.ahead, [...endpoint, ...from]);
    if (ahead === undefined) {
      await query(sql.cancel, [...endpoint, ...from, now]);
      return;
    }
    const to = [ahead.subject_id, integer(ahead.place)] as const;
    await query(sql.cancelSome, [...endpoint, ...from, now, ...to]);
    from = to;
  }
}

async function changeEndpoint(
  session: Session,
  sql: Statements,
  needed: EndpointSecrets,
  change: WebhookEndpointChange,
): Promise<WebhookEndpointChangeOutcome> {
  const { query } = session;
  const { businessId, id } = change;
  const [row] = await query<EndpointRow>(sql.lock, [businessId, id]);
  const outcome = changedEndpoint(row === undefined ? null : endpointRecord(row), change);
  if (outcome.status !== 'changed') return outcome;
  await query(sql.change, [businessId, id, ...columnArrays(CHANGE_COLUMNS, [outcome.endpoint])]);
  if (change.secrets !== undefined) await needed.keep(session, outcome.endpoint);
  return outcome;
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
    failingSince: integerOrNull(row.failing_since),
    version: integer(row.version),
    createdAt: integer(row.created_at),
  };
}
