/** A clock that jumps back, and forward: leases, expiry, limits and history stay right. */
import type { Cents, Payouts } from '@bursar/payouts';
import { verifyLedger } from '@bursar/payouts';
import type { BursarStorage, LedgerItem, Transfer, TransferRecord } from '@bursar/payouts/storage';
import { between, chance } from './chance.js';
import { type FaultReport, Problems } from './report.js';
import { BUSINESS, DESTINATION, METHOD, openPayouts } from './scene.js';

/** What the runs are told. */
export interface ClockBackOptions {
  /** Makes an empty storage with this clock. */
  readonly open: (now: () => number) => Promise<BursarStorage> | BursarStorage;
  readonly runs: number;
  readonly seed: number;
  /** For the line. */
  readonly where: string;
}

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIMIT = 300;

const businessId = BUSINESS as Transfer['businessId'];

/** Runs the same story with jumps of other lengths. */
export async function clockBack({ open, runs, seed, where }: ClockBackOptions): Promise<FaultReport> {
  const problems = new Problems();
  for (let run = seed; run < seed + runs; run++) {
    const own = new Problems();
    await tell(own, chance(run), open);
    for (const problem of own.found) problems.add(`${where}, seed ${run}: ${problem}`);
  }
  const state = problems.found.length === 0 ? 'leases, expiry, limits and history are right' : 'WRONG';
  return { line: `clock back (${where}): ${runs} runs from seed ${seed}: ${state}`, problems: problems.found };
}

/** One business, one payout user, and a clock that somebody sets. */
interface Scene {
  readonly clock: { now: number };
  readonly storage: BursarStorage;
  readonly payouts: Payouts;
  readonly payoutUserId: string;
  readonly problems: Problems;
  /** A length of time, in milliseconds. */
  some(least: number, most: number): number;
}

async function tell(problems: Problems, random: () => number, open: ClockBackOptions['open']): Promise<void> {
  const clock = { now: START };
  const storage = await open(() => clock.now);
  const payouts = openPayouts(storage, { now: () => clock.now });
  await payouts.auth.businesses.create({ id: BUSINESS });
  await payouts.deposit({ businessId: BUSINESS, amount: 10_000 });
  await payouts.fund({ businessId: BUSINESS, amount: 5000 });
  const created = await payouts.create({ businessId: BUSINESS, email: 'ann@example.com', amount: 2000 });
  if (!created.ok) throw new Error('the payout user was not opened');
  const payoutUserId = created.value.payoutUser.id;
  const some = (least: number, most: number): number => between(random, least, most);
  const scene: Scene = { clock, storage, payouts, payoutUserId, problems, some };
  await keepsLeases(scene);
  await keepsExpiry(scene);
  await keepsLimits(scene);
  await keepsHistory(scene);
  const report = await verifyLedger(storage);
  problems.expect(report.ok, `the books are wrong: ${JSON.stringify(report)}`);
  await storage.close();
}

/** A withdrawal that one engine is sending is not taken by another because the clock went back, and is paid once. */
async function keepsLeases({ clock, storage, payoutUserId, problems, some }: Scene): Promise<void> {
  const sends: string[] = [];
  let answer = (): void => undefined;
  const slow = openPayouts(storage, {
    now: () => clock.now,
    send: (_withdrawal, { idempotencyKey }) => {
      sends.push(idempotencyKey);
      return new Promise((resolve) => {
        answer = () => resolve({ status: 'sent' });
      });
    },
  });
  const other = openPayouts(storage, {
    now: () => clock.now,
    send: async (_withdrawal, { idempotencyKey }) => {
      sends.push(idempotencyKey);
      return { status: 'sent' };
    },
  });
  const id = await withdraw(slow, payoutUserId, 100);
  const working = slow.withdrawals.runDue();
  while (sends.length === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.now -= some(1, DAY);
  const taken = await other.withdrawals.runDue();
  problems.expect(
    taken === 0 && sends.length === 1,
    `the lease was taken over after a jump back (${sends.length} sends)`,
  );
  // Long after its end, by the clock that gave it.
  clock.now = START + some(HOUR, DAY);
  await other.withdrawals.runDue();
  answer();
  await working;
  const versions = await storage.listWithdrawalVersions({ businessId, id });
  problems.expect(
    sends.every((key) => key === id),
    `it was sent under ${[...new Set(sends)].length} keys`,
  );
  problems.expect(versions.at(-1)?.status === 'succeeded', `it ended ${versions.at(-1)?.status}`);
  problems.expect(
    versions.every(({ version }, index) => version === index),
    'its versions are not in order',
  );
  const [paidOut] = await storage.findAccounts([{ businessId, id: 'paid_out' }]);
  problems.expect(paidOut?.creditsPosted === 100, `${paidOut?.creditsPosted} were paid out where 100 were`);
}

/** What has expired and was refused stays refused; what is resolved is resolved once, whatever the clock says by then. */
async function keepsExpiry({ clock, storage, payouts, problems, some }: Scene): Promise<void> {
  const apply = async (item: LedgerItem) => (await storage.applyTransfers([item]))[0];
  await apply(reserve('reserved', 60));
  const reservedAt = clock.now;
  clock.now += some(60_000, DAY);
  problems.expect((await storage.listExpiredTransfers(10)).length === 1, 'what has expired is not listed');
  await apply(resolution('post-late', 'reserved', 'post'));
  clock.now = reservedAt - some(1, DAY);
  const [late] = await storage.findTransfers([{ businessId, id: 'post-late' }]);
  problems.expect(late?.outcome === 'pending_transfer_expired', `the late post is ${late?.outcome}`);
  const again = await apply(resolution('post-late', 'reserved', 'post'));
  problems.expect(again?.status === 'exists', `the late post, sent again after a jump back, is ${again?.status}`);
  problems.expect((await payouts.expireTransfers()) === 0, 'it was swept before its time');
  clock.now = reservedAt + 2 * DAY;
  const swept = (await payouts.expireTransfers()) + (await payouts.expireTransfers());
  problems.expect(swept === 1, `it was swept ${swept} times`);
  clock.now = reservedAt;
  const third = await apply(resolution('post-third', 'reserved', 'post'));
  const reason = third?.status === 'refused' ? third.reason : third?.status;
  problems.expect(reason === 'pending_transfer_already_voided', `after the sweep a post is ${reason}`);
  clock.now = START + 3 * DAY;
}

/** Going back does not make room in a limit. */
async function keepsLimits({ clock, storage, payoutUserId, problems, some }: Scene): Promise<void> {
  const limited = openPayouts(storage, { now: () => clock.now, limit: { seconds: 86_400, amount: LIMIT } });
  const before = clock.now;
  await withdraw(limited, payoutUserId, LIMIT);
  clock.now -= some(1, 2 * DAY);
  const order = { businessId: BUSINESS, payoutUserId, method: METHOD, destination: DESTINATION };
  const outcome = await limited.withdrawals.withdraw({ ...order, amount: 1 });
  problems.expect(!outcome.ok, 'a jump back made room in the limit');
  clock.now = before + DAY + 1;
  const later = await limited.withdrawals.withdraw({ ...order, amount: 1 });
  problems.expect(later.ok, 'the limit did not end');
}

/** History has its places in order, pages skip nothing, and no row is there twice, whenever it says that it was made. */
async function keepsHistory({ clock, storage, payouts, payoutUserId, problems, some }: Scene): Promise<void> {
  for (let index = 0; index < 20; index++) {
    clock.now += some(-HOUR, HOUR);
    await payouts.create({ businessId: BUSINESS, email: 'ann@example.com', amount: 1, reference: `payout-${index}` });
  }
  const seen: TransferRecord[] = [];
  for (let before: number | null = null; ; ) {
    const page = await storage.listTransfers({ businessId, id: payoutUserId, before, limit: 7 });
    seen.push(...page);
    const last = page.at(-1);
    if (last === undefined) break;
    before = placeIn(last, payoutUserId);
  }
  const places = seen.map((transfer) => placeIn(transfer, payoutUserId));
  problems.expect(
    places.every((place, index) => place === places.length - index),
    `the places of the history are ${places.join()}`,
  );
  const references = seen.flatMap(({ reference }) => reference ?? []);
  const expected = Array.from({ length: 20 }, (_, index) => `payout-${19 - index}`);
  problems.expect(references.join() === expected.join(), `the history is ${references.join()}`);
}

function placeIn(transfer: TransferRecord, id: string): number | null {
  return transfer.debitAccountId === id ? transfer.debitSequence : transfer.creditSequence;
}

async function withdraw(payouts: Payouts, payoutUserId: string, amount: number): Promise<string> {
  const order = { businessId: BUSINESS, payoutUserId, amount, method: METHOD, destination: DESTINATION };
  const outcome = await payouts.withdrawals.withdraw(order);
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.error.body)}`);
  return outcome.value.id;
}

function reserve(id: string, timeoutSeconds: number): LedgerItem {
  return itemOf({ id, phase: 'pending', pendingId: null, timeoutSeconds });
}

function resolution(id: string, pendingId: string, phase: 'post' | 'void'): LedgerItem {
  return itemOf({ id, phase, pendingId, timeoutSeconds: null });
}

function itemOf(own: Pick<Transfer, 'id' | 'phase' | 'pendingId' | 'timeoutSeconds'>): LedgerItem {
  const transfer: Transfer = {
    ...own,
    businessId,
    debitAccountId: 'payout_balance',
    creditAccountId: 'balance',
    amount: 10 as Cents,
    code: 'fund',
    reference: null,
    metadata: null,
    requestDigest: 'e'.repeat(64) as Transfer['requestDigest'],
  };
  const none = { conditions: {}, openAccounts: [], openPayoutUser: null, creditPayoutUserId: null };
  return { businessId, ...none, transfers: [transfer] };
}
