/** Made-up records for the tests of the ledger, and books that keep them. */
import type { BusinessId, BusinessRecord, Digest, PayoutUserRecord } from '@bursar/core/storage';
import {
  type AccountKind,
  type AccountOpening,
  type AccountRecord,
  type Cents,
  decide,
  type LedgerItem,
  type LedgerOutcome,
  type LedgerRows,
  type LedgerWrites,
  type RowsNeeded,
  rowsNeeded,
  type Transfer,
  type TransferRecord,
  type WithdrawalRecord,
  type WithdrawalVersion,
} from '../src/storage.js';

export const BIZ = 'biz_1' as BusinessId;
export const OTHER_BIZ = 'biz_2' as BusinessId;

/** Storage's clock in a test, until the test moves it. */
export const NOW = 1_700_000_000_000;

/** The four sums and the sequence, as plain numbers. */
export type Sums = Partial<
  Record<'debitsPosted' | 'debitsPending' | 'creditsPosted' | 'creditsPending' | 'sequence', number>
>;

export function business(over: Partial<BusinessRecord> = {}): BusinessRecord {
  return { id: BIZ, name: 'Shop', mode: 'live', currency: 'USD', payoutsEnabled: true, createdAt: 1, ...over };
}

export function payoutUser(id: string, over: Partial<PayoutUserRecord> = {}): PayoutUserRecord {
  return {
    id,
    businessId: BIZ,
    email: `${id}@Example.com`,
    normalizedEmail: `${id}@example.com`,
    digest: 'd'.repeat(64) as Digest,
    generation: 0,
    secretId: 'secret_1',
    status: 'active',
    expiresAt: null,
    createdAt: 1,
    ...over,
  };
}

/** What an account is opened with. Only `external` may be overdrawn. */
export function opening(id: string, over: Partial<AccountOpening> = {}): AccountOpening {
  const kind: AccountKind = id === 'external' || id === 'balance' ? id : 'payout_user';
  return { businessId: BIZ, id, kind, currency: 'USD', debitsMustNotExceedCredits: id !== 'external', ...over };
}

export function account(id: string, sums: Sums = {}, over: Partial<AccountOpening> = {}): AccountRecord {
  const none = { debitsPosted: 0, debitsPending: 0, creditsPosted: 0, creditsPending: 0, sequence: 0 };
  return { ...opening(id, over), ...none, createdAt: 1, ...sums } as AccountRecord;
}

/** An order of 10 from `balance` to `ann`, unless said otherwise. */
export function transfer(
  id: string,
  { amount = 10, ...over }: Partial<Omit<Transfer, 'amount'>> & { readonly amount?: number } = {},
): Transfer {
  return {
    businessId: BIZ,
    id,
    debitAccountId: 'balance',
    creditAccountId: 'ann',
    amount: amount as Cents,
    code: 'allocation',
    phase: 'single',
    pendingId: null,
    timeoutSeconds: null,
    reference: null,
    metadata: null,
    requestDigest: 'e'.repeat(64) as Digest,
    ...over,
  };
}

/** The order that resolves a pending one. */
export function resolving(
  pending: Transfer,
  phase: 'post' | 'void',
  id: string,
  over: Partial<Transfer> = {},
): Transfer {
  return { ...pending, id, phase, pendingId: pending.id, timeoutSeconds: null, ...over };
}

export function record(order: Transfer, over: Partial<TransferRecord> = {}): TransferRecord {
  return { ...order, outcome: 'applied', debitSequence: 1, creditSequence: 1, createdAt: NOW, ...over };
}

export function item(transfers: Transfer | readonly Transfer[], over: Partial<LedgerItem> = {}): LedgerItem {
  return {
    businessId: BIZ,
    conditions: {},
    openAccounts: [],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: 'id' in transfers ? [transfers] : transfers,
    ...over,
  };
}

/** Freezes a value and all that it holds, so that whoever changes it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

/**
 * A ledger's rows in memory. As strict as an adapter can be: all that is decided on is frozen, a row that `rowsNeeded`
 * did not name may not be read, what is there may not be inserted, and what is not there may not be updated.
 */
export class Books {
  now = NOW;
  readonly #businesses = new Map<string, BusinessRecord>();
  readonly #payoutUsers = new Map<string, PayoutUserRecord>();
  readonly #accounts = new Map<string, AccountRecord>();
  readonly #transfers = new Map<string, TransferRecord>();
  readonly #withdrawals = new Map<string, WithdrawalRecord>();
  readonly #versions: WithdrawalVersion[] = [];

  constructor(accounts: readonly AccountRecord[] = [], transfers: readonly TransferRecord[] = []) {
    for (const row of accounts) this.#accounts.set(key(row.businessId, row.id), deepFreeze(row));
    for (const row of transfers) this.#transfers.set(key(row.businessId, row.id), deepFreeze(row));
  }

  setBusiness(row: BusinessRecord): void {
    this.#businesses.set(row.id, deepFreeze(row));
  }

  setPayoutUser(row: PayoutUserRecord): void {
    this.#payoutUsers.set(key(row.businessId, row.id), deepFreeze(row));
  }

  payoutUser(id: string): PayoutUserRecord | undefined {
    return this.#payoutUsers.get(key(BIZ, id));
  }

  account(id: string, businessId = BIZ): AccountRecord | undefined {
    return this.#accounts.get(key(businessId, id));
  }

  transfer(id: string, businessId = BIZ): TransferRecord | undefined {
    return this.#transfers.get(key(businessId, id));
  }

  withdrawal(id: string, businessId = BIZ): WithdrawalRecord | undefined {
    return this.#withdrawals.get(key(businessId, id));
  }

  versions(id: string): WithdrawalVersion[] {
    return this.#versions.filter(({ withdrawalId }) => withdrawalId === id);
  }

  accounts(): AccountRecord[] {
    return [...this.#accounts.values()];
  }

  transfers(): TransferRecord[] {
    return [...this.#transfers.values()];
  }

  /** Decides a batch and keeps what was decided. */
  apply(items: readonly LedgerItem[], decideBatch = decide): readonly LedgerOutcome[] {
    const writes = deepFreeze(decideBatch(deepFreeze(items), this.rows(items)));
    this.#keep(writes);
    return writes.outcomes;
  }

  /** Decides a batch of one and keeps what was decided. */
  applyOne(one: LedgerItem): LedgerOutcome {
    return this.apply([one])[0] as LedgerOutcome;
  }

  /** The rows that a batch needs, and no others. */
  rows(items: readonly LedgerItem[]): LedgerRows {
    const assertNamed = named(rowsNeeded(items));
    return {
      now: this.now,
      business: (id) => {
        assertNamed('businesses', id);
        return this.#businesses.get(id);
      },
      payoutUser: (businessId, id) => {
        assertNamed('payoutUsers', businessId, id);
        return this.#payoutUsers.get(key(businessId, id));
      },
      payoutUserByEmail: (businessId, email) => {
        assertNamed('payoutUserEmails', businessId, email);
        const users = [...this.#payoutUsers.values()];
        return users.find((user) => user.businessId === businessId && user.normalizedEmail === email);
      },
      account: (businessId, id) => {
        assertNamed('accounts', businessId, id);
        return this.#accounts.get(key(businessId, id));
      },
      transfer: (businessId, id) => {
        assertNamed('transfers', businessId, id);
        return this.#transfers.get(key(businessId, id));
      },
      resolution: (businessId, id) => {
        assertNamed('resolutions', businessId, id);
        const resolves = (row: TransferRecord): boolean => row.businessId === businessId && row.pendingId === id;
        return this.transfers().find((row) => resolves(row) && row.outcome === 'applied');
      },
      withdrawal: (businessId, id) => {
        assertNamed('withdrawals', businessId, id);
        return this.#withdrawals.get(key(businessId, id));
      },
      withdrawnSince: (businessId, payoutUserId, since) => {
        assertNamed('withdrawnSums', businessId, payoutUserId, (this.now - since) / 1000);
        return this.#withdrawnSince(businessId, payoutUserId, since);
      },
    };
  }

  #withdrawnSince(businessId: BusinessId, payoutUserId: string, since: number): Cents {
    const counted = [...this.#withdrawals.values()].filter(
      (row) =>
        row.businessId === businessId &&
        row.payoutUserId === payoutUserId &&
        row.createdAt > since &&
        !['failed', 'rejected', 'returned'].includes(row.status),
    );
    return counted.reduce((sum, { amount }) => sum + amount, 0) as Cents;
  }

  #keep({ openedPayoutUsers, openedAccounts, changedAccounts, transfers, ...writes }: LedgerWrites): void {
    for (const row of openedPayoutUsers) insert(this.#payoutUsers, row);
    for (const row of openedAccounts) insert(this.#accounts, row);
    for (const row of transfers) insert(this.#transfers, row);
    for (const row of changedAccounts) {
      const rowKey = key(row.businessId, row.id);
      if (!this.#accounts.has(rowKey)) throw new Error(`an account that does not exist was changed: ${row.id}`);
      this.#accounts.set(rowKey, row);
    }
    for (const row of writes.openedWithdrawals) insert(this.#withdrawals, row);
    for (const row of writes.changedWithdrawals) {
      if (!this.#withdrawals.has(key(row.businessId, row.id))) throw new Error(`no such withdrawal: ${row.id}`);
      this.#withdrawals.set(key(row.businessId, row.id), row);
    }
    this.#versions.push(...writes.withdrawalVersions);
  }
}

function key(businessId: BusinessId, id: string): string {
  return JSON.stringify([businessId, id]);
}

function insert<Row extends { readonly businessId: BusinessId; readonly id: string }>(
  rows: Map<string, Row>,
  row: Row,
): void {
  const rowKey = key(row.businessId, row.id);
  if (rows.has(rowKey)) throw new Error(`a row that exists was inserted: ${row.id}`);
  rows.set(rowKey, row);
}

/** Throws where a row is read that was not named. */
function named(needed: RowsNeeded): (kind: keyof RowsNeeded, ...names: (string | number)[]) => void {
  const all = new Set<string>();
  for (const [kind, refs] of Object.entries(needed) as [keyof RowsNeeded, readonly (string | object)[]][]) {
    for (const ref of refs) all.add(JSON.stringify([kind, ...(typeof ref === 'string' ? [ref] : Object.values(ref))]));
  }
  return (kind, ...names) => {
    const row = JSON.stringify([kind, ...names]);
    if (!all.has(row)) throw new Error(`a row was read that rowsNeeded does not name: ${row}`);
  };
}
