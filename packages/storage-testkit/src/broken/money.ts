import type { BusinessId } from '@bursar/core/storage';
import type {
  AccountRecord,
  AccountRef,
  Cents,
  LedgerItem,
  LedgerOutcome,
  LedgerRows,
  LedgerWrites,
} from '@bursar/payouts/storage';
import { currencyIsOne } from '../promises/currency-is-one.js';
import { noAccountIsOverdrawn } from '../promises/no-account-is-overdrawn.js';
import { readsConserve } from '../promises/reads-conserve.js';
import { sumsAreBounded } from '../promises/sums-are-bounded.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

// Decides with accounts that are seen otherwise than they are, and writes them as they are.
export function seeing(
  seen: (account: AccountRecord) => Partial<AccountRecord>,
  written: (decided: AccountRecord, before: AccountRecord) => Partial<AccountRecord>,
): PlainStorageClass {
  return class extends PlainStorage {
    protected override read(items: readonly LedgerItem[]): LedgerRows {
      const rows = super.read(items);
      const account = (businessId: BusinessId, id: string) => {
        const found = rows.account(businessId, id);
        return found && { ...found, ...seen(found) };
      };
      return { ...rows, account };
    }

    protected override write(writes: LedgerWrites): void {
      const changedAccounts = writes.changedAccounts.map((decided) => {
        const before = this.tables.accounts.get(keyOf(decided));
        return before ? { ...decided, ...written(decided, before) } : decided;
      });
      super.write({ ...writes, changedAccounts });
    }
  };
}

const ChecksNoBalance = seeing(
  () => ({ debitsMustNotExceedCredits: false }),
  (_, { debitsMustNotExceedCredits }) => ({ debitsMustNotExceedCredits }),
);

const LetsNobodyGoNegative = seeing(
  () => ({ debitsMustNotExceedCredits: true }),
  (_, { debitsMustNotExceedCredits }) => ({ debitsMustNotExceedCredits }),
);

const MixesCurrencies = seeing(
  () => ({ currency: 'USD' }),
  (_, { currency }) => ({ currency }),
);

const KeepsSumsAsFloats = seeing(
  () => ({}),
  ({ debitsPosted, creditsPosted }) => ({
    debitsPosted: roughly(debitsPosted),
    creditsPosted: roughly(creditsPosted),
  }),
);

const SLACK = 2 ** 40;

/** Counts on, past what a number can hold. */
const PassesTheBound = seeing(
  ({ debitsPosted, creditsPosted }) => ({
    debitsPosted: (debitsPosted > 2 ** 50 ? debitsPosted - SLACK : debitsPosted) as Cents,
    creditsPosted: (creditsPosted > 2 ** 50 ? creditsPosted - SLACK : creditsPosted) as Cents,
  }),
  ({ debitsPosted, creditsPosted }, before) => ({
    debitsPosted: (before.debitsPosted > 2 ** 50 ? debitsPosted + SLACK : debitsPosted) as Cents,
    creditsPosted: (before.creditsPosted > 2 ** 50 ? creditsPosted + SLACK : creditsPosted) as Cents,
  }),
);

/** Reads, and only then waits for the lock. */
class ReadsBeforeItLocks extends PlainStorage {
  override async applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    const rows = this.read(items);
    return this.transact(async () => {
      await this.roundTrip();
      const writes = this.decide(items, rows);
      this.write(writes);
      return this.own(writes.outcomes);
    });
  }
}

/** An update whose row another one has changed since does nothing, as one arm of a `UPDATE … FROM (… UNION ALL …)`. */
class SkipsContendedRows extends UnlockedStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const changedAccounts = writes.changedAccounts.filter((account) => {
      const present = this.tables.accounts.get(keyOf(account));
      return present?.sequence === rows.account(account.businessId, account.id)?.sequence;
    });
    return { ...writes, changedAccounts };
  }
}

/** Asks for each account by itself, while others write. */
class ReadsAccountsOneByOne extends PlainStorage {
  override async findAccounts(refs: readonly AccountRef[]) {
    const found: (AccountRecord | undefined)[] = [];
    for (const ref of refs) {
      found.push(this.tables.accounts.get(keyOf(ref)));
      await this.roundTrip();
    }
    return found;
  }
}

/** Writes the debits, lets others read, and writes the credits. */
class WritesInTwoSteps extends PlainStorage {
  override applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    return this.transact(async () => {
      const writes = this.decide(items, this.read(items));
      const [first, ...others] = writes.changedAccounts;
      this.write({ ...writes, changedAccounts: first ? [first] : [] });
      await this.roundTrip();
      this.write({ ...writes, openedPayoutUsers: [], openedAccounts: [], changedAccounts: others, transfers: [] });
      return this.own(writes.outcomes);
    });
  }
}

/** Faults about balances and sums. */
export const brokenMoney = [
  ...brokenStorages(noAccountIsOverdrawn, {
    'the balance is not checked': [ChecksNoBalance, 'the last cent can be spent, and not one more'],
    'no account may go negative': [LetsNobodyGoNegative, 'the world outside may go negative'],
    'the balance is read before the lock': [
      ReadsBeforeItLocks,
      '64 withdrawals race for a balance that covers 32',
      '64 withdrawals race for a balance that covers 32, between two connections',
      'batches race for twice what there is',
      'batches race for twice what there is, between two connections',
      'money that comes in while it goes out',
    ],
    'a contended row is skipped': [
      SkipsContendedRows,
      'money that comes in while it goes out',
      'money that comes in while it goes out, between two connections',
    ],
  }),
  ...brokenStorages(currencyIsOne, {
    'currencies are mixed': [MixesCurrencies, 'a transfer between two currencies is refused, and moves nothing'],
  }),
  ...brokenStorages(sumsAreBounded, {
    'sums are kept as floats': [KeepsSumsAsFloats, 'a sum of 2^53 - 1 is kept to the cent'],
    'the bound is passed': [PassesTheBound, 'one cent more than 2^53 - 1 is refused by name, and kept'],
    'what is pending is not counted': [
      seeing(
        () => ({ debitsPending: 0 as Cents, creditsPending: 0 as Cents }),
        ({ debitsPending, creditsPending }, before) => ({
          debitsPending: (before.debitsPending + debitsPending) as Cents,
          creditsPending: (before.creditsPending + creditsPending) as Cents,
        }),
      ),
      'what is pending counts, so that it can be posted',
    ],
  }),
  ...brokenStorages(readsConserve, {
    'accounts are read one by one': [
      ReadsAccountsOneByOne,
      'each read during the load balances',
      'each read during the load balances, between two connections',
    ],
    'debits and credits are written apart': [WritesInTwoSteps, 'each read during the load balances'],
    'a contended row is skipped': [
      SkipsContendedRows,
      'each account is the sum of its transfers',
      'each account is the sum of its transfers, between two connections',
    ],
  }),
];

// 32 bits of a float's 53, as a column of another type would keep them.
function roughly(sum: number): Cents {
  return (sum > 2 ** 40 ? Math.round(sum / 2 ** 21) * 2 ** 21 : sum) as Cents;
}
