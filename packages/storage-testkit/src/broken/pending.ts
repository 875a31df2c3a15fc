import type { BusinessId } from '@bursar/core/storage';
import type {
  Cents,
  LedgerItem,
  LedgerOutcome,
  LedgerRows,
  LedgerWrites,
  TransferRecord,
} from '@bursar/payouts/storage';
import { aPendingTransferIsResolvedOnce } from '../promises/a-pending-transfer-is-resolved-once.js';
import { anExpiredPendingTransferCannotBePosted } from '../promises/an-expired-pending-transfer-cannot-be-posted.js';
import { linkedGroupsApplyWholly } from '../promises/linked-groups-apply-wholly.js';
import { pendingMoneyIsNotAvailable } from '../promises/pending-money-is-not-available.js';
import { brokenStorages } from './broken-storage.js';
import { seeing } from './money.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';

const SpendsWhatIsPending = seeing(
  ({ debitsPending }) => ({ debitsPosted: 0 as Cents, debitsPending: 0 as Cents, creditsPending: debitsPending }),
  (decided, before) => ({
    debitsPosted: (before.debitsPosted + decided.debitsPosted) as Cents,
    debitsPending: (before.debitsPending + decided.debitsPending) as Cents,
    creditsPending: (before.creditsPending + decided.creditsPending - before.debitsPending) as Cents,
  }),
);

/** A pending credit is the other side's at once. */
const CreditsWhatIsPending = seeing(
  ({ creditsPosted, creditsPending }) => ({ creditsPosted: (creditsPosted + creditsPending) as Cents }),
  ({ creditsPosted }, before) => ({ creditsPosted: (creditsPosted - before.creditsPending) as Cents }),
);

/** A void gives nothing back. */
class KeepsWhatIsVoided extends PlainStorage {
  protected override write(writes: LedgerWrites): void {
    const isVoid = writes.transfers.some(({ phase }) => phase === 'void');
    super.write(isVoid ? { ...writes, changedAccounts: [] } : writes);
  }
}

/** Marks the pending transfer as resolved, in its own row. */
class ChangesWhatWasPending extends PlainStorage {
  protected override write(writes: LedgerWrites): void {
    super.write(writes);
    for (const { businessId, pendingId, phase, outcome } of writes.transfers) {
      const pending = outcome === 'applied' && this.tables.transfers.get(`${businessId}\0${pendingId}`);
      if (pending) this.put(this.tables.transfers, { ...pending, phase });
    }
  }
}

// Sees a pending transfer otherwise than it is, when it is to be resolved.
function seeingPending(
  seen: (pending: TransferRecord | undefined, rows: LedgerRows, id: string) => TransferRecord | undefined,
): PlainStorageClass {
  return class extends PlainStorage {
    protected override read(items: readonly LedgerItem[]): LedgerRows {
      const rows = super.read(items);
      const resolved = new Set(items.flatMap(({ transfers }) => transfers.map(({ pendingId }) => pendingId)));
      const transfer = (businessId: BusinessId, id: string) => {
        const found = rows.transfer(businessId, id);
        return resolved.has(id) ? seen(found, rows, id) : found;
      };
      return { ...rows, transfer };
    }
  };
}

class ResolvesAgain extends PlainStorage {
  protected override read(items: readonly LedgerItem[]): LedgerRows {
    return { ...super.read(items), resolution: () => undefined };
  }
}

/** Looks for resolutions before the batch, and not at those within it. */
class SeesNoResolutionOfItsBatch extends PlainStorage {
  override applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    return this.transact(async () => {
      const { resolution } = this.read(items);
      return items.map((item) => {
        const writes = this.decide([item], { ...this.read(items), resolution });
        this.write(writes);
        return writes.outcomes[0] as LedgerOutcome;
      });
    });
  }
}

class TakesAnyTransferForPending extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const sent = new Map(items.flatMap(({ transfers }) => transfers.map((entry) => [entry.pendingId, entry])));
    const transfer = (businessId: BusinessId, id: string): TransferRecord | undefined => {
      const [found, resolution] = [rows.transfer(businessId, id), sent.get(id)];
      if (!found || !resolution) return found;
      const { debitAccountId, creditAccountId, amount } = resolution;
      return { ...found, phase: 'pending', debitAccountId, creditAccountId, amount };
    };
    return super.decide(items, { ...rows, transfer });
  }
}

class ResolvesForStrangers extends PlainStorage {
  protected override read(items: readonly LedgerItem[]): LedgerRows {
    const rows = super.read(items);
    const anyOf = (id: string) => [...this.tables.transfers.values()].find((record) => record.id === id);
    return { ...rows, transfer: (businessId, id) => rows.transfer(businessId, id) ?? anyOf(id) };
  }
}

class RefusesLateVoids extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const posts = items.map((item) => ({
      ...item,
      transfers: item.transfers.map((entry) => ({ ...entry, phase: entry.phase === 'void' ? 'post' : entry.phase })),
    }));
    const late = super.decide(posts as LedgerItem[], rows);
    const isLate = late.outcomes.some((o) => o.status === 'refused' && o.reason === 'pending_transfer_expired');
    return isLate ? late : super.decide(items, rows);
  }
}

/** Gives what has expired back by itself, and a void of it once more. */
class FreesWhatExpired extends PlainStorage {
  override async findAccounts(refs: Parameters<PlainStorage['findAccounts']>[0]) {
    const open = [...this.tables.transfers.values()].filter(
      ({ timeoutSeconds, createdAt }) => timeoutSeconds !== null && createdAt + timeoutSeconds * 1000 <= this.now(),
    );
    const accounts = await super.findAccounts(refs);
    return accounts.map((account) =>
      account && open.some(({ debitAccountId }) => debitAccountId === account.id)
        ? { ...account, debitsPending: 0 as Cents }
        : account,
    );
  }
}

/** Applies each transfer of a group by itself. */
class AppliesGroupsInParts extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const parts = items.flatMap((item) => item.transfers.map((transfer) => ({ ...item, transfers: [transfer] })));
    const writes = super.decide(parts, rows);
    const { outcomes } = super.decide(items, rows);
    return { ...writes, outcomes };
  }
}

class BlamesAll extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const outcomes = writes.outcomes.map((outcome) => {
      if (outcome.status !== 'refused') return outcome;
      return { ...outcome, transfers: outcome.transfers.map((entry) => ({ ...entry, outcome: outcome.reason })) };
    });
    return { ...writes, outcomes };
  }
}

class TurnsGroupsAround extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    return super.decide(
      items.map((item) => ({ ...item, transfers: [...item.transfers].reverse() })),
      rows,
    );
  }
}

/** Faults about two-phase transfers and groups. */
export const brokenPending = [
  ...brokenStorages(pendingMoneyIsNotAvailable, {
    'what is pending can be spent': [SpendsWhatIsPending, 'what is pending cannot be spent or reserved again'],
    'what is pending is already credited': [CreditsWhatIsPending, 'what is pending cannot be spent or reserved again'],
    'a void gives nothing back': [KeepsWhatIsVoided, 'pending, post and void move the four sums'],
    'a pending transfer is changed': [ChangesWhatWasPending, 'the pending transfer stays as it was'],
  }),
  ...brokenStorages(aPendingTransferIsResolvedOnce, {
    'post and void both apply': [
      ResolvesAgain,
      'after a post or a void, both are refused by name',
      '64 posts and voids race for each of 8 pending transfers',
    ],
    'post and void of one batch both apply': [
      SeesNoResolutionOfItsBatch,
      'post and void of one pending transfer in one batch',
    ],
    'a resolution is looked for without a lock': [
      UnlockedStorage,
      '64 posts and voids race for each of 8 pending transfers',
      '64 posts and voids race for each of 8 pending transfers, between two connections',
    ],
    'accounts, amount and phase are not compared': [
      TakesAnyTransferForPending,
      'what is not a pending transfer cannot be resolved',
    ],
    "another business's pending transfer is found": [
      ResolvesForStrangers,
      'a pending transfer of another business is not found',
    ],
  }),
  ...brokenStorages(anExpiredPendingTransferCannotBePosted, {
    'expiry is ignored': [
      seeingPending((pending) => pending && { ...pending, timeoutSeconds: null }),
      'it can be posted until its last millisecond, and not after',
    ],
    'expiry comes a second early': [
      seeingPending((pending) => pending && { ...pending, createdAt: pending.createdAt - 1000 }),
      'it can be posted until its last millisecond, and not after',
    ],
    'what has expired cannot be voided': [RefusesLateVoids, 'expired money stays reserved until it is voided'],
    'what has expired is shown as free': [FreesWhatExpired, 'expired money stays reserved until it is voided'],
    'without a time it expires after a year': [
      seeingPending((pending) => pending && { ...pending, timeoutSeconds: pending.timeoutSeconds ?? 31_536_000 }),
      'without a time it never expires',
    ],
  }),
  ...brokenStorages(linkedGroupsApplyWholly, {
    'a group is applied in part': [AppliesGroupsInParts, 'whichever transfer is refused, none moves'],
    'all of a group have the reason of one': [
      BlamesAll,
      'the refused one has its reason, the others that they were linked',
    ],
    'a group is applied backwards': [
      TurnsGroupsAround,
      'an amount and its fee: both',
      'a later transfer sees what an earlier one did',
    ],
  }),
];
