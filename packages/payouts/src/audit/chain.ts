import { type Digest, digest } from '@bursar/core';
import type { Timestamp } from '@bursar/core/storage';
import type { AuditEntry, AuditRecord } from './record.js';

/** What the first entry of a log follows. */
export const FIRST_HASH = '0'.repeat(64) as Digest;

/**
 * Puts an entry in its place after `previous`, the last one of its business; `null` where it is the first. What an adapter
 * keeps, and what a check of the log makes again.
 */
export function chainAuditEntry(previous: AuditRecord | null, entry: AuditEntry, now: Timestamp): AuditRecord {
  const sequence = (previous?.sequence ?? 0) + 1;
  const createdAt = Math.max(now, previous?.createdAt ?? 0);
  const previousHash = previous?.hash ?? FIRST_HASH;
  const { businessId, id, actorType, target, address, requestId } = entry;
  const chained = {
    businessId,
    id,
    actorType,
    actorId: storable(entry.actorId),
    action: storable(entry.action),
    target: target && storable(target),
    address: address && storable(address),
    requestId: requestId && storable(requestId),
    outcome: storable(entry.outcome),
    details: entry.details && sorted(entry.details),
  };
  const content = JSON.stringify([sequence, createdAt, previousHash, ...Object.values(chained)]);
  return { ...chained, sequence, createdAt, previousHash, hash: digest(content) };
}

// No database keeps half of a surrogate pair, and PostgreSQL no U+0000: what came back would have another hash, and one
// such text from a request would keep the entries beside it out of the log.
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');
}

// The order of members is none of the content's, and a storage may not keep it.
function sorted(details: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(details).sort(([left], [right]) => (left < right ? -1 : 1)));
}
