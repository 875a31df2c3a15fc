import { pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  type AuditEntry,
  type AuditListRequest,
  type AuditRecord,
  type AuditStorage,
  chainAuditEntry,
} from '@bursar/payouts/storage';
import { type Book, bookOf, type Tables } from './tables.js';

/** The audit log in memory. */
export function memoryAudit(tables: Tables, now: () => Timestamp, assertOpen: () => void): AuditStorage {
  return {
    appendAudit(entries) {
      assertOpen();
      const moment = now();
      return entries.map((entry) => append(bookOf(tables, entry.businessId), entry, moment));
    },
    listAudit(request) {
      assertOpen();
      const size = pageLimit(request.limit);
      const log = tables.books.get(request.businessId)?.auditLog ?? [];
      return page(log, request, size);
    },
  };
}

function append({ auditLog, auditEntries }: Book, entry: AuditEntry, now: Timestamp): AuditRecord {
  const known = auditEntries.get(entry.id);
  if (known !== undefined) return known;
  const record = Object.freeze(chainAuditEntry(auditLog.at(-1) ?? null, entry, now));
  if (record.details !== null) Object.freeze(record.details);
  auditLog.push(record);
  auditEntries.set(record.id, record);
  return record;
}

function page<Entry>(log: readonly Entry[], { order, from }: AuditListRequest, size: number): Entry[] {
  if (order === 'ascending') {
    const start = Math.max(0, (from ?? 1) - 1);
    return log.slice(start, start + size);
  }
  const end = Math.max(0, Math.min(from ?? log.length, log.length));
  return log.slice(Math.max(0, end - size), end).reverse();
}
