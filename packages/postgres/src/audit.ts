import { type BusinessId, type Digest, pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  type ActorType,
  type AuditEntry,
  type AuditRecord,
  type AuditStorage,
  chainAuditEntry,
} from '@bursar/payouts/storage';
import { type Column, columnArrays, insertSent, REF_COLUMNS, rowsSent, textArray } from './columns.js';
import type { Connection, Session } from './connection.js';
import { type Integer, integer } from './integer.js';
import { allOf, parsedRows } from './json-rows.js';
import type { Tables } from './tables.js';

/** A row of `bursar_audit_log`. */
interface AuditRow {
  readonly business_id: string;
  readonly sequence: Integer;
  readonly id: string;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly action: string;
  readonly target: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly outcome: string;
  readonly details: string | null;
  readonly created_at: Integer;
  readonly previous_hash: string;
  readonly hash: string;
}

const AUDIT_COLUMNS: readonly Column<AuditRecord>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'sequence', type: 'bigint', of: ({ sequence }) => sequence },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'actor_type', type: 'text', of: ({ actorType }) => actorType },
  { name: 'actor_id', type: 'text', of: ({ actorId }) => actorId },
  { name: 'action', type: 'text', of: ({ action }) => action },
  { name: 'target', type: 'text', of: ({ target }) => target },
  { name: 'address', type: 'text', of: ({ address }) => address },
  { name: 'request_id', type: 'text', of: ({ requestId }) => requestId },
  { name: 'outcome', type: 'text', of: ({ outcome }) => outcome },
  { name: 'details', type: 'text', of: ({ details }) => details && JSON.stringify(details) },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
  { name: 'previous_hash', type: 'text', of: ({ previousHash }) => previousHash },
  { name: 'hash', type: 'text', of: ({ hash }) => hash },
];

/** The audit log in PostgreSQL. `now` is storage's clock, where it is not the database's. */
export function postgresAudit(
  { read, transaction }: Connection,
  tables: Tables,
  now: (() => Timestamp) | undefined,
): AuditStorage {
  const sql = statements(tables);
  return {
    async appendAudit(entries) {
      if (entries.length === 0) return [];
      return transaction((session) => append(session, sql, entries, now), { repeatable: true, rereads: true });
    },
    async listAudit({ businessId, order, from, limit }) {
      const first = from ?? (order === 'ascending' ? 1 : Number.MAX_SAFE_INTEGER);
      return (await read<AuditRow>(sql[order], [businessId, first, pageLimit(limit)])).map(auditRecord);
    },
  };
}

type Statements = ReturnType<typeof statements>;

function statements({ auditLog, auditLocks }: Tables) {
  const businesses = 'unnest($1::text[]) WITH ORDINALITY AS asked (business_id, place)';
  const list = (rest: string): string => `SELECT * FROM ${auditLog} WHERE business_id = $1 AND ${rest} LIMIT $3`;
  return {
    // Both in the order of the array. Once a row is there, nothing is written.
    open: `INSERT INTO ${auditLocks} (business_id) SELECT asked.business_id FROM ${businesses} ORDER BY asked.place
      ON CONFLICT DO NOTHING`,
    lock: `SELECT locked.* FROM ${businesses} CROSS JOIN LATERAL (
        SELECT business_id FROM ${auditLocks} WHERE business_id = asked.business_id LIMIT 1 FOR UPDATE
      ) locked`,
    read: `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
      (${allOf(`SELECT entry.* FROM ${businesses} CROSS JOIN LATERAL (
        SELECT * FROM ${auditLog} WHERE business_id = asked.business_id ORDER BY sequence DESC LIMIT 1) entry`)}
      ) AS heads,
      (${allOf(`SELECT entry.* FROM ${rowsSent(REF_COLUMNS, 'asked', 2)} CROSS JOIN LATERAL (
        SELECT * FROM ${auditLog} WHERE business_id = asked.business_id AND id = asked.id LIMIT 1) entry`)}
      ) AS known`,
    insert: insertSent(auditLog, AUDIT_COLUMNS),
    ascending: list('sequence >= $2 ORDER BY sequence'),
    descending: list('sequence <= $2 ORDER BY sequence DESC'),
  };
}

interface FoundRows {
  readonly now: Integer;
  readonly heads: string | null;
  readonly known: string | null;
}

/** Locks the logs in order, then reads their ends in a statement that sees all that was added before the locks were got. */
async function append(
  { query }: Session,
  sql: Statements,
  entries: readonly AuditEntry[],
  now: (() => Timestamp) | undefined,
): Promise<AuditRecord[]> {
  const businesses = textArray([...new Set(entries.map(({ businessId }) => businessId))].sort());
  await query(sql.open, [businesses]);
  await query(sql.lock, [businesses]);
  const [found] = await query<FoundRows>(sql.read, [businesses, ...columnArrays(REF_COLUMNS, entries)]);
  if (found === undefined) throw new Error('PostgreSQL answered a statement of one row with none');
  const moment = now?.() ?? integer(found.now);
  const heads = new Map(parsedRows<AuditRow>(found.heads).map((row) => [row.business_id, auditRecord(row)]));
  const known = new Map(
    parsedRows<AuditRow>(found.known).map((row) => [`${row.business_id}\0${row.id}`, auditRecord(row)]),
  );
  const added: AuditRecord[] = [];
  const kept = entries.map((entry) => {
    const key = `${entry.businessId}\0${entry.id}`;
    const present = known.get(key);
    if (present !== undefined) return present;
    const record = chainAuditEntry(heads.get(entry.businessId) ?? null, entry, moment);
    heads.set(entry.businessId, record);
    known.set(key, record);
    added.push(record);
    return record;
  });
  if (added.length > 0) await query(sql.insert, columnArrays(AUDIT_COLUMNS, added));
  return kept;
}

function auditRecord(row: AuditRow): AuditRecord {
  return {
    businessId: row.business_id as BusinessId,
    sequence: integer(row.sequence),
    id: row.id,
    actorType: row.actor_type as ActorType,
    actorId: row.actor_id,
    action: row.action,
    target: row.target,
    address: row.address,
    requestId: row.request_id,
    outcome: row.outcome,
    details: row.details === null ? null : (JSON.parse(row.details) as Record<string, string>),
    createdAt: integer(row.created_at),
    previousHash: row.previous_hash as Digest,
    hash: row.hash as Digest,
  };
}
