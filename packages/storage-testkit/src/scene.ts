import type { BusinessRecord, PayoutUserRecord } from '@bursar/core/storage';
import type {
  AccountRecord,
  BursarStorage,
  LedgerItem,
  LedgerOutcome,
  TransferRecord,
  WithdrawalListRequest,
  WithdrawalRecord,
} from '@bursar/payouts/storage';
import { expectEqual, expectTrue, fail } from './expect.js';
import type { BehaviourContext } from './promise.js';
import { BUSINESS_ACCOUNTS, type WithdrawalSketch } from './samples.js';

/** A business with all its accounts, and `funds` set aside for payouts. */
export async function openBusiness(
  { storage, samples }: BehaviourContext,
  funds = 0,
  over: Partial<BusinessRecord> = {},
): Promise<BusinessRecord> {
  const business = samples.business(over);
  await storage.createBusiness(business);
  const opening = samples.move(
    business,
    { from: 'external', to: 'balance', amount: 1, code: 'deposit' },
    { openAccounts: BUSINESS_ACCOUNTS.map((kind) => samples.account(business, kind)) },
  );
  const items = [opening];
  if (funds > 0)
    items.push(samples.move(business, { from: 'external', to: 'payout_balance', amount: funds, code: 'deposit' }));
  for (const outcome of await apply(storage, items)) expectStatus(outcome, 'applied', 'opening a funded business');
  return business;
}

/** A payout user with an account and `funds` on it, taken from what the business set aside. */
export async function openPayee(
  { storage, samples }: BehaviourContext,
  business: BusinessRecord,
  funds: number,
  over: Partial<PayoutUserRecord> = {},
): Promise<PayoutUserRecord> {
  const user = samples.payoutUser(business, over);
  const outcome = await applyOne(storage, samples.allocation(business, user, funds));
  expectStatus(outcome, 'applied', 'opening a payout user and crediting it');
  return user;
}

/** Applies a batch; the answers are as many as the items. */
export async function apply(storage: BursarStorage, items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
  const outcomes = await storage.applyTransfers(items);
  expectEqual(outcomes.length, items.length, 'applyTransfers must answer each item of the batch');
  return outcomes;
}

/** Applies a batch of one. */
export async function applyOne(storage: BursarStorage, item: LedgerItem): Promise<LedgerOutcome> {
  return (await apply(storage, [item]))[0] as LedgerOutcome;
}

/** The answer's status as one word; of a refusal its reason. */
export function statusOf(outcome: LedgerOutcome): string {
  return outcome.status === 'refused' ? outcome.reason : outcome.status;
}

/** The answer as one word: of a refusal its reason, of a failed condition its name. */
export function wordOf(outcome: LedgerOutcome): string {
  return outcome.status === 'condition_failed' ? outcome.condition : statusOf(outcome);
}

/** Fails unless the answer has this status, or was refused for this reason. */
export function expectStatus(outcome: LedgerOutcome | undefined, status: string, what: string): void {
  expectEqual(outcome && statusOf(outcome), status, what);
}

/** The records of an answer that has some. */
export function recordsOf(outcome: LedgerOutcome): readonly TransferRecord[] {
  if (outcome.status === 'applied' || outcome.status === 'refused' || outcome.status === 'exists')
    return outcome.transfers;
  return fail(`an answer with transfers was expected, not "${outcome.status}"`);
}

/** An account that must be there. */
export async function account(storage: BursarStorage, business: BusinessRecord, id: string): Promise<AccountRecord> {
  const [found] = await storage.findAccounts([{ businessId: business.id, id }]);
  return found ?? fail(`findAccounts must find the account "${id}"`);
}

/** What may be spent of an account. */
export function available({ creditsPosted, debitsPosted, debitsPending }: AccountRecord): number {
  return creditsPosted - debitsPosted - debitsPending;
}

/** All accounts of a business, in one view. */
export async function accountsOf(
  storage: BursarStorage,
  business: BusinessRecord,
  users: readonly PayoutUserRecord[] = [],
): Promise<readonly (AccountRecord | undefined)[]> {
  const ids = [...BUSINESS_ACCOUNTS, ...users.map(({ id }) => id)];
  return storage.findAccounts(ids.map((id) => ({ businessId: business.id, id })));
}

/** The whole history of an account, newest first, page by page. */
export async function historyOf(
  storage: BursarStorage,
  business: BusinessRecord,
  id: string,
  limit = 100,
): Promise<readonly TransferRecord[]> {
  const history: TransferRecord[] = [];
  for (let before: number | null = null; ; ) {
    const page = await storage.listTransfers({ businessId: business.id, id, before, limit });
    history.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return history;
    const next = placeIn(last, id);
    // A cursor that repeats its row would never come to an end.
    expectTrue(before === null || next < before, `a page before place ${before} must end before it, not at ${next}`);
    before = next;
  }
}

/** A transfer's place in an account's history. */
export function placeIn(record: TransferRecord, accountId: string): number {
  const place = record.debitAccountId === accountId ? record.debitSequence : record.creditSequence;
  return place ?? fail(`the transfer "${record.id}" has no place in the history of "${accountId}"`);
}

/** Runs all at once; the answers in the order of the calls. */
export function atOnce<T, R>(list: readonly T[], call: (entry: T, index: number) => Promise<R>): Promise<R[]> {
  return Promise.all(list.map((entry, index) => call(entry, index)));
}

/** Opens a withdrawal of a payout user, which must succeed. */
export async function openWithdrawal(
  { storage, samples }: BehaviourContext,
  business: BusinessRecord,
  from: string,
  sketch: WithdrawalSketch,
): Promise<WithdrawalRecord> {
  const outcome = await applyOne(storage, samples.withdraw(business, from, sketch));
  expectStatus(outcome, 'applied', 'opening a withdrawal');
  return withdrawalIn(outcome);
}

/** The withdrawal of an answer that has one. */
export function withdrawalIn(outcome: LedgerOutcome): WithdrawalRecord {
  const found = outcome.status === 'applied' ? outcome.withdrawal : undefined;
  return found ?? fail(`an answer with a withdrawal was expected, not ${JSON.stringify(outcome)}`);
}

/** A withdrawal as it stands, if there is one. */
export async function findWithdrawal(
  storage: BursarStorage,
  business: BusinessRecord,
  id: string,
): Promise<WithdrawalRecord | undefined> {
  return (await storage.findWithdrawals([{ businessId: business.id, id }]))[0];
}

/** A question for a business's withdrawals: for the newest hundred of all, unless said otherwise. */
export function listRequest(
  business: BusinessRecord,
  over: Partial<WithdrawalListRequest> = {},
): WithdrawalListRequest {
  const all = { payoutUserId: null, status: null, method: null, exportId: null, before: null, limit: 100 };
  return { businessId: business.id, ...all, ...over };
}
