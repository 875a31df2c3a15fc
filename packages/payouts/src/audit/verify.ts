import { type Digest, orUnavailable } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import { chainAuditEntry, FIRST_HASH } from './chain.js';
import type { AuditRecord, AuditStorage } from './record.js';

/** What {@link verifyAuditLog} found. */
export type AuditReport =
  /** Every entry follows the one before. `head` is the last one's hash; 64 zeros for an empty log. */
  | { readonly ok: true; readonly entries: number; readonly head: Digest }
  /** The first entry that is wrong, and why. `id` is `null` where none is there. */
  | {
      readonly ok: false;
      readonly sequence: number;
      readonly id: string | null;
      readonly fault: AuditFault;
      readonly problem: string;
    };

/**
 * - `gap`: the entry is not there, and later ones are.
 * - `wrong_previous`: the one before it is another than the one that it followed.
 * - `changed`: it is not what was written.
 * - `head_missing`: the log ends before the expected head, or was made anew.
 */
export type AuditFault = 'gap' | 'wrong_previous' | 'changed' | 'head_missing';

/** Options of {@link verifyAuditLog}. */
export interface VerifyAuditOptions {
  /**
   * A `head` that an earlier check answered with, kept where whoever can write to the database cannot: it must still be in
   * the log. Without one, entries that were removed from the end are not missed.
   *
   * @default none
   */
  readonly expectedHead?: Digest | undefined;
}

const PAGE = 1000;

/**
 * Checks the audit log of a business, on a live database: makes each entry's hash again, and that it holds on to the one
 * before. Entries that are added meanwhile are checked too.
 *
 * @throws {StorageUnavailableError} where storage cannot be asked.
 * @example
 * const report = await verifyAuditLog(storage, 'biz_1', { expectedHead: lastHead });
 * if (!report.ok) console.error(`entry ${report.sequence}: ${report.problem}`);
 */
export async function verifyAuditLog(
  storage: Pick<AuditStorage, 'listAudit'>,
  businessId: string,
  { expectedHead = FIRST_HASH }: VerifyAuditOptions = {},
): Promise<AuditReport> {
  let last: AuditRecord | null = null;
  let isHeadSeen = expectedHead === FIRST_HASH;
  for (;;) {
    const from: number = (last?.sequence ?? 0) + 1;
    const asked = { businessId: businessId as BusinessId, order: 'ascending', from, limit: PAGE } as const;
    const page: readonly AuditRecord[] = await orUnavailable(() => storage.listAudit(asked));
    for (const entry of page) {
      const wrong = faultOf(last, entry);
      if (wrong !== undefined) return wrong;
      isHeadSeen ||= entry.hash === expectedHead;
      last = entry;
    }
    if (page.length < PAGE) break;
  }
  const { sequence = 0, hash: head = FIRST_HASH } = last ?? {};
  if (isHeadSeen) return { ok: true, entries: sequence, head };
  const problem = 'the expected head is not in the log: its end was removed, or all of it was made anew';
  return { ok: false, sequence: sequence + 1, id: null, fault: 'head_missing', problem };
}

function faultOf(previous: AuditRecord | null, entry: AuditRecord): AuditReport | undefined {
  const due = chainAuditEntry(previous, entry, entry.createdAt);
  const { sequence } = due;
  const named = { ok: false, sequence, id: entry.id } as const;
  if (entry.sequence !== sequence) {
    return { ...named, id: null, fault: 'gap', problem: `it is not there; the next one is ${entry.sequence}` };
  }
  if (entry.previousHash !== due.previousHash) {
    return { ...named, fault: 'wrong_previous', problem: 'it follows another entry than the one before it' };
  }
  if (entry.hash === due.hash) return undefined;
  return { ...named, fault: 'changed', problem: 'its hash is not that of what it says' };
}
