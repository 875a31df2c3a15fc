/** Many withdrawals of one balance at the same time, from one process or several: exactly those that it covers succeed. */
import { type Payouts, verifyLedger } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { between, chance } from './chance.js';
import { type RaceOrder, type Tally, total } from './orders.js';
import { type FaultReport, Problems, secondsSince } from './report.js';
import { BUSINESS, DESTINATION, METHOD, openPayouts } from './scene.js';

const RACERS = 64;
const AMOUNT = 100;

/** One of those that race: a process with its own connection, or an engine in this process. */
type Racer = (order: RaceOrder) => Promise<Tally>;

/** What the race runs with. */
export interface RaceOptions {
  readonly storage: BursarStorage;
  /** They share the 64 withdrawals of a round. */
  readonly racers: readonly Racer[];
  readonly rounds: number;
  readonly seed: number;
  /** For the line, for example `SQLite, two processes`. */
  readonly where: string;
}

/** Runs the rounds, then proves the books. */
export async function races({ storage, racers, rounds, seed, where }: RaceOptions): Promise<FaultReport> {
  const began = performance.now();
  const problems = new Problems();
  const random = chance(seed);
  const payouts = openPayouts(storage);
  await payouts.auth.businesses.create({ id: BUSINESS });
  await payouts.deposit({ businessId: BUSINESS, amount: 100_000_000 });
  await payouts.fund({ businessId: BUSINESS, amount: 100_000_000 });
  for (let round = 0; round < rounds; round++) {
    const covered = between(random, 1, RACERS - 1);
    const rest = between(random, 0, AMOUNT - 1);
    const payoutUserId = await fund(payouts, round, covered * AMOUNT + rest);
    const order: RaceOrder = { task: 'race', payoutUserId, amount: AMOUNT, times: RACERS / racers.length };
    const tally = total(await Promise.all(racers.map((race) => race(order))));
    const { balance, pending } = await payouts.payoutUserBalance({ businessId: BUSINESS, payoutUserId });
    const found = { succeeded: tally.succeeded ?? 0, refused: tally.insufficient_balance ?? 0, balance, pending };
    const expected = { succeeded: covered, refused: RACERS - covered, balance: rest, pending: covered * AMOUNT };
    problems.expect(
      JSON.stringify(found) === JSON.stringify(expected),
      `round ${round}: ${JSON.stringify(found)} where ${JSON.stringify(expected)} was right (${JSON.stringify(tally)})`,
    );
  }
  const report = await verifyLedger(storage);
  problems.expect(report.ok, `the books are wrong: ${JSON.stringify(report)}`);
  const outcome = problems.found.length === 0 ? 'exactly those that it covers succeeded' : 'WRONG';
  const line = `${where}: ${rounds} rounds of ${RACERS} racing withdrawals on one balance, seed ${seed}: ${outcome}; verifyLedger ${report.ok ? 'clean' : 'NOT clean'} (${secondsSince(began)})`;
  return { line, problems: problems.found };
}

async function fund(payouts: Payouts, round: number, amount: number): Promise<string> {
  const created = await payouts.create({ businessId: BUSINESS, email: `racer-${round}@example.com`, amount });
  if (!created.ok) throw new Error(`the payout user was not opened: ${JSON.stringify(created.error.body)}`);
  return created.value.payoutUser.id;
}

/** One racer's share: all its withdrawals at once, each a request of its own. */
export async function withdrawAtOnce(payouts: Payouts, { payoutUserId, amount, times }: RaceOrder): Promise<Tally> {
  const order = { businessId: BUSINESS, payoutUserId, amount, method: METHOD, destination: DESTINATION };
  const outcomes = await Promise.all(Array.from({ length: times }, () => payouts.withdrawals.withdraw(order)));
  return total(outcomes.map((outcome) => ({ [outcome.ok ? 'succeeded' : outcome.error.code]: 1 })));
}
