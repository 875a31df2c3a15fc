import { type AuditEntry, type AuditListRequest, type AuditRecord, chainAuditEntry } from '@bursar/payouts/storage';
import { theAuditLogIsAChain } from '../promises/the-audit-log-is-a-chain.js';
import { theAuditLogPagesBySequence } from '../promises/the-audit-log-pages-by-sequence.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, UnlockedStorage } from './plain-storage.js';

class ChainsAllBusinesses extends PlainStorage {
  protected override isOfLog(): boolean {
    return true;
  }
}

class KnowsAnIdOfAllBusinesses extends PlainStorage {
  protected override isSameEntry(row: AuditRecord, entry: AuditEntry): boolean {
    return row.id === entry.id;
  }
}

class KeepsAnIdTwice extends PlainStorage {
  protected override isSameEntry(): boolean {
    return false;
  }
}

/** Looks for the last entry once a call. */
class ChainsACallToOneEntry extends PlainStorage {
  override appendAudit(entries: readonly AuditEntry[]) {
    return this.transact(async () => {
      const log = [...this.tables.audit];
      return entries.map((entry) => {
        const known = this.tables.audit.find((row) => this.isSameEntry(row, entry));
        const last = log.filter((row) => this.isOfLog(row, entry)).at(-1) ?? null;
        const record = known ?? this.own(this.chained(last, entry));
        if (known === undefined) this.tables.audit.push(record);
        return record;
      });
    });
  }
}

class AnswersByBusiness extends PlainStorage {
  override async appendAudit(entries: readonly AuditEntry[]) {
    const records = [...(await super.appendAudit(entries))];
    return records.sort((left, right) => (left.businessId < right.businessId ? -1 : 1));
  }
}

/** Gives what is sent again for what is kept. */
class AnswersWithWhatWasSent extends PlainStorage {
  override async appendAudit(entries: readonly AuditEntry[]) {
    return (await super.appendAudit(entries)).map((record, index) => ({ ...record, ...entries[index] }));
  }
}

class FollowsTheClock extends PlainStorage {
  protected override chained(previous: AuditRecord | null, entry: AuditEntry): AuditRecord {
    return chainAuditEntry(previous && { ...previous, createdAt: 0 }, entry, this.now());
  }
}

/** Loses a sequence where an entry is known, as a database's own counter does. */
class CountsWhatIsKnown extends PlainStorage {
  protected override chained(previous: AuditRecord | null, entry: AuditEntry): AuditRecord {
    const record = super.chained(previous, entry);
    return { ...record, sequence: record.sequence * 2 - 1 };
  }
}

class ListsInOneOrder extends PlainStorage {
  override async listAudit(request: AuditListRequest) {
    return super.listAudit({ ...request, order: 'ascending' });
  }
}

class ListsAfterTheFirst extends PlainStorage {
  override async listAudit({ from, ...request }: AuditListRequest) {
    const next = from === null ? null : request.order === 'ascending' ? from + 1 : from - 1;
    return super.listAudit({ ...request, from: next });
  }
}

class ListsAllLogs extends PlainStorage {
  override async listAudit({ limit }: AuditListRequest) {
    return this.tables.audit.slice(0, limit);
  }
}

const CHAINED = 'entries of several businesses in one call, each in its own log';
const KNOWN = 'a known entry stays as it is, and breaks no chain';
const CLOCK = 'a clock that goes back';
const RACE = '32 callers, some with entries that others send too';
const PAGES = 'in both orders, in pages of any length';
const ENDS = 'from either end, from the middle, and past the end';

/** Faults about the audit log. */
export const brokenAudit = [
  ...brokenStorages(theAuditLogIsAChain, {
    'one chain holds all businesses': [ChainsAllBusinesses, CHAINED, RACE],
    'an id is known in all businesses': [KnowsAnIdOfAllBusinesses, CHAINED],
    'an entry is kept twice': [KeepsAnIdTwice, KNOWN, RACE],
    'entries of one call follow one entry': [ChainsACallToOneEntry, CHAINED, RACE],
    'answers come by business': [AnswersByBusiness, CHAINED],
    'the answer is what was sent': [AnswersWithWhatWasSent, KNOWN],
    'the clock decides': [FollowsTheClock, CLOCK],
    'the sequence has gaps': [CountsWhatIsKnown, CHAINED, RACE],
    'adding is not locked': [UnlockedStorage, RACE, `${RACE}, between two connections`],
  }),
  ...brokenStorages(theAuditLogPagesBySequence, {
    'it is read in one order': [ListsInOneOrder, PAGES, ENDS],
    'the first one of a page is left out': [ListsAfterTheFirst, PAGES, ENDS],
    'every log is read': [ListsAllLogs, PAGES, ENDS],
  }),
];
