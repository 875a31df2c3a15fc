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
  const { businessId, id, actorType, actorId, action, target, address, requestId, outcome } = entry;
  const details = entry.details === null ? null : sorted(entry.details);
  const chained = { businessId, id, actorType, actorId, action, target, address, requestId, outcome, details };
  const content = JSON.stringify([sequence, createdAt, previousHash, ...Object.values(chained)]);
  return { ...chained, sequence, createdAt, previousHash, hash: digest(content) };
}

// The order of members is none of the content's, and a storage may not keep it.
function sorted(details: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(details).sort(([left], [right]) => (left < right ? -1 : 1)));
}
