import type { BusinessId, PayoutUserRecord } from '@bursar/core/storage';
import type { Cents, LedgerItem, LedgerOutcome, LedgerRows, LedgerWrites } from '@bursar/payouts/storage';
import { conditionsAreCheckedUnderTheLock } from '../promises/conditions-are-checked-under-the-lock.js';
import { knownIdsComeBeforeConditions } from '../promises/known-ids-come-before-conditions.js';
import { openingAndCreditingIsOneStep } from '../promises/opening-and-crediting-is-one-step.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';

// Decides with other rows, or other items, than there are.
function deciding(
  change: (items: readonly LedgerItem[], rows: LedgerRows) => readonly [readonly LedgerItem[], LedgerRows],
): PlainStorageClass {
  return class extends PlainStorage {
    protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
      return super.decide(...change(items, rows));
    }
  };
}

/** An insert and an update of one row in one statement do not see each other. */
class LosesTheFirstMoney extends PlainStorage {
  protected override write(writes: LedgerWrites): void {
    const openedAccounts = writes.openedAccounts.map((account) =>
      account.kind === 'payout_user' ? { ...account, creditsPosted: 0 as Cents } : account,
    );
    super.write({ ...writes, openedAccounts });
  }
}

/** Reads only the accounts that a transfer names, and takes all others for new. */
const OpensWhatNoTransferNames = deciding((items, rows) => {
  const named = new Set(
    items.flatMap(({ transfers }) => transfers.flatMap((t) => [t.debitAccountId, t.creditAccountId])),
  );
  return [
    items,
    { ...rows, account: (b: BusinessId, id: string) => (named.has(id) ? rows.account(b, id) : undefined) },
  ];
});

class OverwritesUsers extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const users = items.flatMap(({ openPayoutUser }) => openPayoutUser ?? []);
    return writes.outcomes[0]?.status === 'applied' ? { ...writes, openedPayoutUsers: users } : writes;
  }
}

const IgnoresTheAddress = deciding((items, rows) => [items, { ...rows, payoutUserByEmail: () => undefined }]);

/** Opens in a transaction of its own, before the money moves. */
class OpensBeforeItDecides extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    for (const { businessId, openPayoutUser } of items)
      if (openPayoutUser && !rows.payoutUserByEmail(businessId, openPayoutUser.normalizedEmail))
        this.put(this.tables.payoutUsers, openPayoutUser);
    return writes;
  }
}

/** Sees the users as they were before the batch. */
class SeesNoUserOfItsBatch extends PlainStorage {
  override applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    return this.transact(async () => {
      const { payoutUser } = this.read(items);
      return items.map((item) => {
        const writes = this.decide([item], { ...this.read(items), payoutUser });
        this.write(writes);
        return writes.outcomes[0] as LedgerOutcome;
      });
    });
  }
}

// Answers what `early` finds before anything else is looked at.
function first(early: (item: LedgerItem, rows: LedgerRows) => LedgerOutcome | undefined): PlainStorageClass {
  return class extends PlainStorage {
    protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
      const answers = items.map((item) => early(item, rows));
      const writes = super.decide(
        items.filter((_, index) => answers[index] === undefined),
        rows,
      );
      const others = [...writes.outcomes];
      return { ...writes, outcomes: answers.map((answer) => answer ?? (others.shift() as LedgerOutcome)) };
    }
  };
}

const ChecksConditionsFirst = first(({ businessId, conditions }, rows) =>
  conditions.payoutsEnabled && !rows.business(businessId)?.payoutsEnabled
    ? { status: 'condition_failed', condition: 'payouts_enabled' }
    : undefined,
);

const ChecksClosingFirst = first(({ businessId, creditPayoutUserId, transfers }, rows) =>
  rows.payoutUser(businessId, creditPayoutUserId ?? '')?.status === 'closed'
    ? {
        status: 'refused',
        reason: 'payout_user_closed',
        transfers: transfers.flatMap((t) => rows.transfer(businessId, t.id) ?? []),
      }
    : undefined,
);

const ChecksTheAddressFirst = first(({ businessId, openPayoutUser }, rows) => {
  const holder = openPayoutUser && rows.payoutUserByEmail(businessId, openPayoutUser.normalizedEmail);
  return holder && holder.id !== openPayoutUser.id
    ? { status: 'payout_user_exists', payoutUserId: holder.id }
    : undefined;
});

const without = (...left: readonly string[]) =>
  deciding((items, rows) => [
    items.map((item) => ({
      ...item,
      conditions: Object.fromEntries(Object.entries(item.conditions).filter(([name]) => !left.includes(name))),
    })),
    rows,
  ]);

/** Keeps a failed condition as the outcome of the id. */
class KeepsFailedConditions extends PlainStorage {
  readonly #failed = new Map<string, LedgerOutcome>();

  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const outcomes = writes.outcomes.map((outcome, index) => {
      const id = items[index]?.transfers[0]?.id ?? '';
      if (outcome.status === 'condition_failed') this.#failed.set(id, outcome);
      return this.#failed.get(id) ?? outcome;
    });
    return { ...writes, outcomes };
  }
}

const seeingUsers = (seen: (user: PayoutUserRecord) => PayoutUserRecord) =>
  deciding((items, rows) => {
    const payoutUser = (businessId: BusinessId, id: string) => {
      const user = rows.payoutUser(businessId, id);
      return user && seen(user);
    };
    return [items, { ...rows, payoutUser }];
  });

/** Looks at the switch and the users, and only then waits for the lock. */
class ChecksBeforeItLocks extends PlainStorage {
  override async applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    const { business, payoutUser } = this.read(items);
    return this.transact(async () => {
      await this.roundTrip();
      const writes = this.decide(items, { ...this.read(items), business, payoutUser });
      this.write(writes);
      return this.own(writes.outcomes);
    });
  }
}

const OFF = 'nothing is paid once payouts are known to be off';
const INACTIVE = 'nothing is paid once the user is known to be inactive';
const CLOSED = 'nothing is credited once the user is known to be closed';

/** Faults about what is opened, and what must hold. */
export const brokenOpening = [
  ...brokenStorages(openingAndCreditingIsOneStep, {
    'the first money of an opened account is lost': [LosesTheFirstMoney, 'a user that is opened has the money at once'],
    'an account that no transfer names is opened again': [
      OpensWhatNoTransferNames,
      'an account that exists stays as it is, named by a transfer or not',
    ],
    'a user that exists is overwritten': [OverwritesUsers, 'a user that exists under the same id stays as it is'],
    'the holder of an address is not looked for': [
      IgnoresTheAddress,
      'an address that another id holds stops the item',
      '32 allocations to one new address, with different ids',
    ],
    'a user is opened before the item is decided': [OpensBeforeItDecides, 'a refused item opens nothing'],
    'a user opened by the same batch is not seen': [
      SeesNoUserOfItsBatch,
      'users opened one after the other in a batch',
    ],
    'opening is not locked': [
      UnlockedStorage,
      '32 allocations to one new address, with different ids',
      '32 allocations to one new address, with different ids, between two connections',
      '32 allocations to one new user, with the same id',
      '32 allocations to one new user, with the same id, between two connections',
    ],
  }),
  ...brokenStorages(knownIdsComeBeforeConditions, {
    'conditions come before known ids': [
      ChecksConditionsFirst,
      'a known id is answered when payouts are off and the user is closed',
    ],
    'a closed user comes before known ids': [
      ChecksClosingFirst,
      'a known allocation is answered when the user is closed',
    ],
    'the address comes before known ids': [ChecksTheAddressFirst, 'a known id comes before an address that is taken'],
  }),
  ...brokenStorages(conditionsAreCheckedUnderTheLock, {
    'the switch is ignored': [
      without('payoutsEnabled'),
      'payouts switched off: nothing is kept, and the same ids apply later',
      OFF,
    ],
    'a failed condition is kept': [
      KeepsFailedConditions,
      'payouts switched off: nothing is kept, and the same ids apply later',
      'a payout user who is not active, or unknown',
    ],
    'the user is ignored': [without('activePayoutUserId'), 'a payout user who is not active, or unknown', INACTIVE],
    'the expiry of a user is ignored': [
      seeingUsers((user) => ({ ...user, expiresAt: null })),
      "a payout user expires at the millisecond, by storage's clock",
    ],
    'a user expires a millisecond late': [
      seeingUsers((user) => ({ ...user, expiresAt: user.expiresAt && user.expiresAt + 1 })),
      "a payout user expires at the millisecond, by storage's clock",
    ],
    'a closed user is credited': [
      deciding((items, rows) => [items.map((item) => ({ ...item, creditPayoutUserId: null })), rows]),
      'a closed user gets no more money, and that is kept',
      CLOSED,
    ],
    'conditions are checked before the lock': [
      ChecksBeforeItLocks,
      OFF,
      `${OFF}, between two connections`,
      INACTIVE,
      `${INACTIVE}, between two connections`,
      CLOSED,
      `${CLOSED}, between two connections`,
    ],
  }),
];
