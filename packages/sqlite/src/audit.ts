import { type BusinessId, type Digest, pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  type ActorType,
  type AuditEntry,
  type AuditRecord,
  type AuditStorage,
  chainAuditEntry,
} from '@bursar/payouts/storage';
import type { Connection, SqlValue } from './connection.js';
import { insertInto } from './rows.js';
import { nextTurn } from './turn.js';

/** A row of `bursar_audit_log`. */
interface AuditRow {
  readonly business_id: string;
  readonly sequence: number;
  readonly id: string;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly action: string;
  readonly target: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly outcome: string;
  readonly details: string | null;
  readonly created_at: number;
  readonly previous_hash: string;
  readonly hash: string;
}

const AUDIT_COLUMNS = [
  'business_id',
  'sequence',
  'id',
  'actor_type',
  'actor_id',
  'action',
  'target',
  'address',
  'request_id',
  'outcome',
  'details',
  'created_at',
  'previous_hash',
  'hash',
] as const satisfies readonly (keyof AuditRow)[];

/** The audit log in SQLite. */
export function sqliteAudit({ prepare, read, write }: Connection, now: () => Timestamp): AuditStorage {
  const log = (rest: string) => prepare<AuditRow>(`SELECT * FROM bursar_audit_log WHERE business_id = ? AND ${rest}`);
  const known = log('id = ?');
  const ascending = log('sequence >= ? ORDER BY sequence LIMIT ?');
  const descending = log('sequence <= ? ORDER BY sequence DESC LIMIT ?');
  const insert = prepare(insertInto('bursar_audit_log', AUDIT_COLUMNS));

  // The write lock covers the file, so the last entry stays the last one.
  function append(entries: readonly AuditEntry[], moment: Timestamp): AuditRecord[] {
    const heads = new Map<BusinessId, AuditRecord>();
    return entries.map((entry) => {
      const { businessId, id } = entry;
      const present = known.get(businessId, id);
      if (present !== undefined) return auditRecord(present);
      const record = chainAuditEntry(heads.get(businessId) ?? head(businessId), entry, moment);
      insert.run(...auditValues(record));
      heads.set(businessId, record);
      return record;
    });
  }

  function head(businessId: BusinessId): AuditRecord | null {
    const last = descending.get(businessId, Number.MAX_SAFE_INTEGER, 1);
    return last === undefined ? null : auditRecord(last);
  }

  return {
    async appendAudit(entries) {
      await nextTurn();
      return write(() => append(entries, now()));
    },
    listAudit({ businessId, order, from, limit }) {
      const size = pageLimit(limit);
      return read(() =>
        (order === 'ascending'
          ? ascending.all(businessId, from ?? 1, size)
          : descending.all(businessId, from ?? Number.MAX_SAFE_INTEGER, size)
        ).map(auditRecord),
      );
    },
  };
}

function auditRecord(row: AuditRow): AuditRecord {
  return {
    businessId: row.business_id as BusinessId,
    sequence: row.sequence,
    id: row.id,
    actorType: row.actor_type as ActorType,
    actorId: row.actor_id,
    action: row.action,
    target: row.target,
    address: row.address,
    requestId: row.request_id,
    outcome: row.outcome,
    details: row.details === null ? null : (JSON.parse(row.details) as Record<string, string>),
    createdAt: row.created_at,
    previousHash: row.previous_hash as Digest,
    hash: row.hash as Digest,
  };
}

/** In the order of {@link AUDIT_COLUMNS}. */
function auditValues(record: AuditRecord): SqlValue[] {
  const { businessId, sequence, id, actorType, actorId, action, target, address, requestId, outcome } = record;
  const { details, createdAt, previousHash, hash } = record;
  const written = details && JSON.stringify(details);
  const entry = [businessId, sequence, id, actorType, actorId, action, target, address, requestId, outcome, written];
  return [...entry, createdAt, previousHash, hash];
}
