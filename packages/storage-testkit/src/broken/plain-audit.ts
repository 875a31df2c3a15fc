import { pageLimit } from '@bursar/core/storage';
import {
  type AuditEntry,
  type AuditListRequest,
  type AuditRecord,
  type AuditStorage,
  chainAuditEntry,
} from '@bursar/payouts/storage';
import { PlainDeliveries } from './plain-deliveries.js';

/** The audit log's part of `PlainStorage`. */
export class PlainAudit extends PlainDeliveries implements AuditStorage {
  appendAudit(entries: readonly AuditEntry[]): Promise<readonly AuditRecord[]> {
    return this.transact(async () => {
      const log = [...this.tables.audit];
      const added: AuditRecord[] = [];
      const answers = entries.map((entry) => {
        const all = [...log, ...added];
        const known = all.find((row) => this.isSameEntry(row, entry));
        if (known !== undefined) return known;
        const record = this.own(this.chained(all.filter((row) => this.isOfLog(row, entry)).at(-1) ?? null, entry));
        added.push(record);
        return record;
      });
      await this.roundTrip();
      this.tables.audit.push(...added);
      return answers;
    });
  }

  async listAudit({ businessId, order, from, limit }: AuditListRequest): Promise<readonly AuditRecord[]> {
    const log = this.tables.audit.filter((row) => row.businessId === businessId);
    log.sort((left, right) => left.sequence - right.sequence);
    if (order === 'descending') log.reverse();
    const start = from ?? (order === 'ascending' ? 1 : Number.MAX_SAFE_INTEGER);
    const rest = log.filter(({ sequence }) => (order === 'ascending' ? sequence >= start : sequence <= start));
    return rest.slice(0, pageLimit(limit));
  }

  protected chained(previous: AuditRecord | null, entry: AuditEntry): AuditRecord {
    return chainAuditEntry(previous, entry, this.now());
  }

  protected isSameEntry(row: AuditRecord, entry: AuditEntry): boolean {
    return row.businessId === entry.businessId && row.id === entry.id;
  }

  protected isOfLog(row: AuditRecord, entry: AuditEntry): boolean {
    return row.businessId === entry.businessId;
  }
}
