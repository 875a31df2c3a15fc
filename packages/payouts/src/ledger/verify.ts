/**
 * Proves the books on a live database, through the contract alone: nothing is locked, and whatever moves meanwhile, each
 * account is looked at as it was when it was read.
 *
 * @module
 */
import { orUnavailable } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import type { AccountRecord, AccountRef, LedgerStorage, TransferRecord } from '../storage.js';
import { AccountProof, type Fault } from './account-proof.js';
import { faultOfReservations, verifyWithdrawals, type WithdrawalBooks } from './verify-withdrawals.js';

/** What {@link verifyLedger} found. */
export type LedgerReport =
  /** Every balance is the sum of its transfers, no account is overdrawn, debits equal credits, and so do withdrawals. */
  | { readonly ok: true; readonly accounts: number; readonly transfers: number; readonly withdrawals: number }
  /** The first row that is wrong, and why. */
  | {
      readonly ok: false;
      readonly businessId: BusinessId;
      readonly accountId: string;
      readonly transferId?: string | undefined;
      /** Where the money of a withdrawal is not where its status says. */
      readonly withdrawalId?: string | undefined;
      readonly problem: string;
    };

type BookStorage = Pick<LedgerStorage, 'listAccounts' | 'findAccounts' | 'listTransfers'> & WithdrawalBooks;

const PAGE = 1000;

/**
 * Checks every account of every business: that its history has each place once, that its balance is the sum of its
 * transfers and was never overdrawn, and that each transfer stands in the histories of both its accounts. Its transfers are
 * counted once, by the account that pays. Then checks that the money of each withdrawal is where its status says: reserved,
 * paid out, given back. Holds the accounts of one business in memory at a time.
 *
 * @throws {StorageUnavailableError} where storage cannot be asked.
 */
export async function verifyLedger(storage: BookStorage): Promise<LedgerReport> {
  let accounts = 0;
  let transfers = 0;
  let withdrawals = 0;
  for await (const business of businesses(storage)) {
    const book = new Book(business);
    for (const account of business) {
      const fault = await proveAccount(storage, account, book);
      if (fault !== undefined) return report(account, fault);
    }
    if (!book.balances()) return findOneSided(storage, book);
    const found = await withdrawalsOf(storage, business);
    if (typeof found !== 'number') return found;
    accounts += business.length;
    transfers += book.debits;
    withdrawals += found;
  }
  return { ok: true, accounts, transfers, withdrawals };
}

/** All accounts, one business after the other, as they stood when their page was read. */
async function* businesses(storage: BookStorage): AsyncGenerator<readonly AccountRecord[]> {
  let after: AccountRef | null = null;
  let business: AccountRecord[] = [];
  for (;;) {
    const from: AccountRef | null = after;
    const page: readonly AccountRecord[] = await orUnavailable(() => storage.listAccounts(from, PAGE));
    for (const account of page) {
      if (business[0] !== undefined && business[0].businessId !== account.businessId) {
        yield business;
        business = [];
      }
      business.push(account);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = { businessId: last.businessId, id: last.id };
  }
  if (business.length > 0) yield business;
}

/** The history of an account as it stood when its page was read, newest first, in pages. */
async function* pagesOf(storage: BookStorage, account: AccountRecord): AsyncGenerator<readonly TransferRecord[]> {
  const { businessId, id } = account;
  for (let before = account.sequence + 1; before > 1; ) {
    const from = before;
    const page = await orUnavailable(() => storage.listTransfers({ businessId, id, before: from, limit: PAGE }));
    if (page.length === 0) return;
    yield page;
    before -= page.length;
  }
}

async function* historyOf(storage: BookStorage, account: AccountRecord): AsyncGenerator<TransferRecord> {
  for await (const page of pagesOf(storage, account)) yield* page;
}

/** The number of a business's withdrawals, or what is wrong with one. */
async function withdrawalsOf(storage: BookStorage, business: readonly AccountRecord[]): Promise<number | LedgerReport> {
  const [first] = business;
  if (first === undefined) return 0;
  const { businessId } = first;
  const paidOut = business.find(({ id }) => id === 'paid_out');
  for await (const page of paidOut === undefined ? [] : pagesOf(storage, paidOut)) {
    const fault = await faultOfReservations(storage, page);
    if (fault !== undefined) return { ok: false, businessId, ...fault };
  }
  const found = await verifyWithdrawals(storage, businessId);
  return typeof found === 'number' ? found : { ok: false, businessId, ...found };
}

async function proveAccount(storage: BookStorage, account: AccountRecord, book: Book): Promise<Fault | undefined> {
  const proof = new AccountProof(account);
  for await (const transfer of historyOf(storage, account)) {
    const fault = proof.step(transfer) ?? (await book.note(storage, account.id, transfer));
    if (fault !== undefined) return fault;
  }
  return proof.end();
}

/** Both sides of one business's transfers, as far as both accounts were read far enough to have them. */
class Book {
  readonly #cuts: Map<string, number>;
  #difference = 0n;
  debits = 0;

  constructor(readonly accounts: readonly AccountRecord[]) {
    this.#cuts = new Map(accounts.map(({ id, sequence }) => [id, sequence]));
  }

  /** Adds what one side says, or takes away what the other does: what both say comes to nothing. */
  async note(storage: BookStorage, accountId: string, transfer: TransferRecord): Promise<Fault | undefined> {
    const isDebit = transfer.debitAccountId === accountId;
    if (isDebit) this.debits++;
    const otherId = isDebit ? transfer.creditAccountId : transfer.debitAccountId;
    const cut = this.#cuts.get(otherId) ?? (await this.#openedSince(storage, transfer, otherId));
    if (cut === undefined) return { transferId: transfer.id, problem: `its other account, ${otherId}, does not exist` };
    const place = isDebit ? transfer.creditSequence : transfer.debitSequence;
    if (place === null || place > cut) return undefined;
    const share = fingerprint(transfer);
    this.#difference = BigInt.asUintN(64, isDebit ? this.#difference + share : this.#difference - share);
    return undefined;
  }

  balances(): boolean {
    return this.#difference === 0n;
  }

  /** Whether the account with this id was read up to this place. */
  reaches(id: string, place: number): boolean {
    return place <= (this.#cuts.get(id) ?? 0);
  }

  // Opened after its page was read: nothing of it was read, and nothing is asked of it.
  async #openedSince(storage: BookStorage, { businessId }: TransferRecord, id: string): Promise<number | undefined> {
    const [found] = await orUnavailable(() => storage.findAccounts([{ businessId, id }]));
    if (found === undefined) return undefined;
    this.#cuts.set(id, 0);
    return 0;
  }
}

/** The transfer that one side has and the other has not: looked for only once it is known that there is one. */
async function findOneSided(storage: BookStorage, book: Book): Promise<LedgerReport> {
  for (const account of book.accounts) {
    const { businessId, id } = account;
    for await (const transfer of historyOf(storage, account)) {
      const isDebit = transfer.debitAccountId === id;
      const otherId = isDebit ? transfer.creditAccountId : transfer.debitAccountId;
      const place = (isDebit ? transfer.creditSequence : transfer.debitSequence) ?? 0;
      if (!book.reaches(otherId, place)) continue;
      const asked = { businessId, id: otherId, before: place + 1, limit: 1 };
      const [other] = await orUnavailable(() => storage.listTransfers(asked));
      if (other !== undefined && fingerprint(other) === fingerprint(transfer)) continue;
      return report(account, { transferId: transfer.id, problem: `${otherId} does not have it at place ${place}` });
    }
  }
  const [first] = book.accounts;
  if (first === undefined) throw new Error('a business without accounts cannot be out of balance');
  return report(first, { problem: 'the debits and the credits of its business are not the same' });
}

const encoder = new TextEncoder();

// FNV-1a in 64 bits. An honest mistake is found; books that were forged with a collision in mind are not its task.
function fingerprint({ businessId, id, amount, phase }: TransferRecord): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of encoder.encode(JSON.stringify([businessId, id, amount, phase]))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

function report({ businessId, id }: AccountRecord, { transferId, problem }: Fault): LedgerReport {
  return { ok: false, businessId, accountId: id, ...(transferId === undefined ? {} : { transferId }), problem };
}
