import type { BusinessId, Digest } from '@bursar/core/storage';
import type { LedgerItem, LedgerOutcome, LedgerRows, LedgerWrites, Transfer } from '@bursar/payouts/storage';
import { aDuplicateInABatchIsAppliedOnce } from '../promises/a-duplicate-in-a-batch-is-applied-once.js';
import { anIdHasOneOutcome } from '../promises/an-id-has-one-outcome.js';
import { contentIsComparedWhole } from '../promises/content-is-compared-whole.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';

class ForgetsRefusals extends PlainStorage {
  protected override write(writes: LedgerWrites): void {
    super.write({ ...writes, transfers: writes.transfers.filter(({ outcome }) => outcome === 'applied') });
  }
}

class KnowsNoTransfers extends PlainStorage {
  protected override read(items: readonly LedgerItem[]): LedgerRows {
    return { ...super.read(items), transfer: () => undefined };
  }
}

class FindsOnlyWhatApplied extends PlainStorage {
  override async findTransfers(refs: Parameters<PlainStorage['findTransfers']>[0]) {
    return (await super.findTransfers(refs)).map((record) => (record?.outcome === 'applied' ? record : undefined));
  }
}

// Takes a known transfer for the one that is sent, as far as `changed` says: that much is not compared.
function overlooking(changed: (known: Transfer, sent: Transfer) => Partial<Transfer>): PlainStorageClass {
  return class extends PlainStorage {
    protected override read(items: readonly LedgerItem[]): LedgerRows {
      const rows = super.read(items);
      const sent = new Map(items.flatMap(({ transfers }) => transfers.map((transfer) => [transfer.id, transfer])));
      const transfer = (businessId: BusinessId, id: string) => {
        const [known, other] = [rows.transfer(businessId, id), sent.get(id)];
        return known && other ? { ...known, ...changed(known, other) } : known;
      };
      return { ...rows, transfer };
    }
  };
}

const overlook = (field: keyof Transfer) => overlooking((_, sent) => ({ [field]: sent[field] }));

const OTHER_DIGEST = { requestDigest: '' as Digest };

/** Applies the unknown part of a group whose other part is known. */
class CompletesGroups extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const rest = items.map((item) => {
      const unknown = item.transfers.filter(({ id }) => rows.transfer(item.businessId, id) === undefined);
      return unknown.length === 0 ? item : { ...item, transfers: unknown };
    });
    return super.decide(rest, rows);
  }
}

/** Looks only at the first id of a group. */
class ComparesTheFirstOfAGroup extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const known = items.map((item) => {
      const transfers = item.transfers.map((transfer, index) =>
        index === 0 ? transfer : (rows.transfer(item.businessId, transfer.id) ?? transfer),
      );
      return { ...item, transfers };
    });
    return super.decide(known, rows);
  }
}

/** Asks for known ids before the batch, and not again for each item. */
class AsksForKnownIdsOnce extends PlainStorage {
  override applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    return this.transact(async () => {
      const before = this.read(items);
      return items.map((item) => {
        const writes = this.decide([item], { ...this.read(items), transfer: before.transfer });
        this.write(writes);
        return writes.outcomes[0] as LedgerOutcome;
      });
    });
  }
}

/** Faults about ids and their outcomes. */
export const brokenOutcomes = [
  ...brokenStorages(anIdHasOneOutcome, {
    'a refusal is not kept': [
      ForgetsRefusals,
      'a refused id stays refused after the account is funded',
      'an id refused for a missing account stays refused when it is opened',
      'findTransfers answers with the outcome, refusals too',
    ],
    'a known id is applied again': [KnowsNoTransfers, 'an applied id that is sent again exists, and moves nothing'],
    'a refused transfer cannot be found': [
      FindsOnlyWhatApplied,
      'findTransfers answers with the outcome, refusals too',
    ],
    'racing duplicates each decide': [
      UnlockedStorage,
      'those who send the same ids at the same time all hear the same outcomes',
      'those who send the same ids at the same time all hear the same outcomes, between two connections',
    ],
  }),
  ...brokenStorages(contentIsComparedWhole, {
    'the debit account is not compared': [overlook('debitAccountId'), 'each field alone, changed, is a conflict'],
    'the credit account is not compared': [overlook('creditAccountId'), 'each field alone, changed, is a conflict'],
    'the amount is not compared': [overlook('amount'), 'each field alone, changed, is a conflict'],
    'the code is not compared': [overlook('code'), 'each field alone, changed, is a conflict'],
    'the time-out is not compared': [overlook('timeoutSeconds'), 'each field alone, changed, is a conflict'],
    'the reference is not compared': [overlook('reference'), 'each field alone, changed, is a conflict'],
    'the metadata is not compared': [overlook('metadata'), 'each field alone, changed, is a conflict'],
    'the digest of the request is not compared': [
      overlook('requestDigest'),
      'each field alone, changed, is a conflict',
    ],
    'the phase is not compared': [overlook('phase'), 'phase and pendingId alone, changed, are a conflict'],
    'the pending id is not compared': [overlook('pendingId'), 'phase and pendingId alone, changed, are a conflict'],
    'metadata is compared as text': [
      overlooking((known, sent) =>
        JSON.stringify(known.metadata) === JSON.stringify(sent.metadata) ? {} : OTHER_DIGEST,
      ),
      'metadata in another order, and a fresh copy, are the same content',
    ],
    'a half-known group is completed': [CompletesGroups, 'a group of which only some ids are known is a conflict'],
    'only the first of a group is compared': [
      ComparesTheFirstOfAGroup,
      'a known group with one changed transfer is a conflict',
    ],
  }),
  ...brokenStorages(aDuplicateInABatchIsAppliedOnce, {
    'a duplicate in a batch is applied twice': [
      AsksForKnownIdsOnce,
      '[x, x, x with other content] is applied, exists, conflict',
      '[y, y] is refused, exists, also when y is covered in between',
      'a group, and then parts of it',
    ],
  }),
];
