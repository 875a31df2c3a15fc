/**
 * The bank test: several processes move money between eight accounts, each sends every id, and whoever reads all accounts
 * meanwhile finds all the money.
 */
import { type Cents, type Ledger, verifyLedger } from '@bursar/payouts';
import type {
  AccountOpening,
  AccountRef,
  BursarStorage,
  LedgerItem,
  LedgerOutcome,
  Transfer,
} from '@bursar/payouts/storage';
import { between, chance } from './chance.js';
import { type BankOrder, type Tally, total } from './orders.js';
import { type FaultReport, Problems, secondsSince } from './report.js';

const ACCOUNTS = 8;
const FUNDS = 20_000;
const AT_ONCE = 256;
/** At the same time: so many find room while the tellers are at it. */
const READS_AT_ONCE = 16;

const businessId = 'biz_bank' as AccountRef['businessId'];
const accountIds = Array.from({ length: ACCOUNTS }, (_, index) => `account_${index}`);
const refs: readonly AccountRef[] = accountIds.map((id) => ({ businessId, id }));

/** One who sends every transfer: a process with its own connection. */
type Teller = (order: BankOrder) => Promise<Tally>;

/** What the bank test runs with. */
export interface BankOptions {
  readonly storage: BursarStorage;
  /** Each sends every id. With two, each is sent twice. */
  readonly tellers: readonly Teller[];
  readonly transfers: number;
  /** At least so many reads of all accounts must find room while the tellers work. */
  readonly reads: number;
  readonly seed: number;
  /** For the line. */
  readonly where: string;
}

/** Runs the bank test, then proves the books. */
export async function bank({ storage, tellers, transfers, reads, seed, where }: BankOptions): Promise<FaultReport> {
  const began = performance.now();
  const problems = new Problems();
  await storage.applyTransfers(accountIds.map((id) => move(`fund_${id}`, 'external', id, FUNDS)));
  let working = true;
  const work = Promise.all(tellers.map((teller, turn) => teller({ task: 'bank', seed, transfers, turn }))).finally(
    () => {
      working = false;
    },
  );
  const reading = readAll(storage, () => working, problems);
  const tally = total(await work);
  const read = await reading;

  const [first = 0, again = 0] = [(tally.applied ?? 0) + (tally.refused ?? 0), tally.exists ?? 0];
  problems.expect(first === transfers, `${first} transfers were decided where ${transfers} were asked for`);
  problems.expect(again === transfers * (tellers.length - 1), `${again} were known already: ${JSON.stringify(tally)}`);
  problems.expect(read >= reads, `only ${read} reads found room, of ${reads}`);
  const report = await verifyLedger(storage);
  const count = (tally.applied ?? 0) + ACCOUNTS;
  problems.expect(report.ok, `the books are wrong: ${JSON.stringify(report)}`);
  problems.expect(
    !report.ok || report.transfers === count,
    `there are not ${count} transfers: ${JSON.stringify(report)}`,
  );
  const outcome = problems.found.length === 0 ? 'every read conserved' : 'WRONG';
  const line = `${where}: ${transfers} transfers, each id sent ${tellers.length} times (${tally.applied} applied, ${tally.refused ?? 0} refused, ${again} known), ${read} reads of ${ACCOUNTS} accounts meanwhile: ${outcome}; verifyLedger ${report.ok ? 'clean' : 'NOT clean'} (${secondsSince(began)})`;
  return { line, problems: problems.found };
}

/** Reads all accounts in one call, again and again, a few such calls at the same time. */
async function readAll(storage: BursarStorage, goesOn: () => boolean, problems: Problems): Promise<number> {
  let reads = 0;
  let last = 0;
  while (goesOn()) {
    const burst = await Promise.all(Array.from({ length: READS_AT_ONCE }, () => storage.findAccounts(refs)));
    const before = last;
    for (const accounts of burst) {
      reads++;
      let sum = 0;
      let places = 0;
      for (const account of accounts) {
        const balance = account === undefined ? Number.NaN : account.creditsPosted - account.debitsPosted;
        problems.expect(balance >= 0, `read ${reads}: a balance was ${balance}`);
        sum += balance;
        places += account?.sequence ?? 0;
      }
      problems.expect(sum === ACCOUNTS * FUNDS, `read ${reads}: ${sum} where ${ACCOUNTS * FUNDS} is all the money`);
      problems.expect(places >= before, `read ${reads}: ${places} transfers after ${before}`);
      last = Math.max(last, places);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return reads;
}

/** One teller's work: every transfer once, many at the same time. */
export async function sendTransfers(ledger: Ledger, { seed, transfers, turn }: BankOrder): Promise<Tally> {
  const tally: Record<string, number> = {};
  for (let start = 0; start < transfers; start += AT_ONCE) {
    // Each teller begins elsewhere in a window of its own, so that they meet in other orders.
    const window = Math.min(AT_ONCE, transfers - start);
    const order = Array.from({ length: window }, (_, index) => start + ((index + turn * 97) % window));
    if (turn % 2 === 1) order.reverse();
    const outcomes = await Promise.all(order.map((index) => ledger.transfer(numbered(seed, index))));
    for (const outcome of outcomes) tally[nameOf(outcome)] = (tally[nameOf(outcome)] ?? 0) + 1;
  }
  return tally;
}

const nameOf = ({ status }: LedgerOutcome): string => status;

function numbered(seed: number, index: number): LedgerItem {
  const random = chance(seed * 31 + index);
  const from = between(random, 0, ACCOUNTS - 1);
  const to = (from + between(random, 1, ACCOUNTS - 1)) % ACCOUNTS;
  // Now and then more than there is.
  const amount = between(random, 1, random() < 0.02 ? 2 * FUNDS : FUNDS / 40);
  return move(`t_${seed}_${index}`, `account_${from}`, `account_${to}`, amount);
}

function opening(id: string): AccountOpening {
  const isOutside = id === 'external';
  const kind = isOutside ? 'external' : 'payout_user';
  return { businessId, id, kind, currency: 'USD', debitsMustNotExceedCredits: !isOutside };
}

function move(id: string, debitAccountId: string, creditAccountId: string, amount: number): LedgerItem {
  const transfer: Transfer = {
    businessId,
    id,
    debitAccountId,
    creditAccountId,
    amount: amount as Cents,
    code: 'allocation',
    phase: 'single',
    pendingId: null,
    timeoutSeconds: null,
    reference: null,
    metadata: null,
    requestDigest: 'd'.repeat(64) as Transfer['requestDigest'],
  };
  return {
    businessId,
    conditions: {},
    openAccounts: [opening(debitAccountId), opening(creditAccountId)],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [transfer],
  };
}
