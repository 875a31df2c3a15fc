/** Two processes that export the same queue at the same time: each withdrawal is in exactly one export. */
import { exportWithdrawals, type Payouts, verifyLedger } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { allWithdrawals } from './books.js';
import { type ExportOrder, type Tally, total } from './orders.js';
import { type FaultReport, Problems, secondsSince } from './report.js';
import { BUSINESS, DESTINATION, METHOD, openPayouts } from './scene.js';

const WITHDRAWALS = 64;

/** What the races run with. */
export interface ExportRaceOptions {
  readonly storage: BursarStorage;
  /** Each makes one export a round, at the same time: a process with its own connection. */
  readonly racers: readonly ((order: ExportOrder) => Promise<Tally>)[];
  readonly rounds: number;
  readonly seed: number;
  /** For the line. */
  readonly where: string;
}

/** Runs the rounds on the books that a race has left, then proves them. In every second round all ask for the same export. */
export async function exportRaces(options: ExportRaceOptions): Promise<FaultReport> {
  const { storage, racers, rounds, seed, where } = options;
  const began = performance.now();
  const problems = new Problems();
  const payouts = openPayouts(storage);
  // Whatever waits from before is no part of this.
  const before = await exportQueued(payouts, { task: 'export', exportId: `before-${seed}` });
  const exported = new Map(Object.keys(before).map(placeIn));
  let withBoth = 0;
  for (let round = 0; round < rounds; round++) {
    const ids = await withdraw(payouts, round);
    const isShared = round % 2 === 1;
    const nameOf = (turn: number): string => `${seed}-${round}-${isShared ? 'both' : turn}`;
    const answers = await Promise.all(racers.map((race, turn) => race({ task: 'export', exportId: nameOf(turn) })));
    if (!isShared && answers.every((answer) => Object.keys(answer).length > 0)) withBoth++;
    // What was claimed for nobody is there for the next.
    const rest = await exportQueued(payouts, { task: 'export', exportId: `${seed}-${round}-rest` });
    const [first = {}, ...others] = answers;
    const same = JSON.stringify(Object.keys(first));
    const distinct = isShared ? [first, rest] : [...answers, rest];
    problems.expect(
      !isShared || others.every((other) => JSON.stringify(Object.keys(other)) === same),
      `round ${round}: one export had two contents`,
    );
    const places = Object.keys(total(distinct)).map(placeIn);
    for (const [id, exportId] of places) exported.set(id, exportId);
    const found = places.map(([id]) => id).sort();
    problems.expect(
      JSON.stringify(found) === JSON.stringify(ids.sort()),
      `round ${round}: ${found.length} in the exports, ${new Set(found).size} of them different, where ${ids.length} were asked for`,
    );
  }
  await compare(storage, exported, problems);
  const report = await verifyLedger(storage);
  problems.expect(report.ok, `the books are wrong: ${JSON.stringify(report)}`);
  const outcome = problems.found.length === 0 ? 'each in exactly one export' : 'WRONG';
  const line = `${where}: ${rounds} rounds of ${WITHDRAWALS} withdrawals that ${racers.length} processes export at once, seed ${seed}: ${outcome} (${withBoth} rounds were shared between the exports); verifyLedger ${report.ok ? 'clean' : 'NOT clean'} (${secondsSince(began)})`;
  return { line, problems: problems.found };
}

const placeIn = (key: string): [id: string, exportId: string] => {
  const [exportId = '', id = ''] = key.split(' ');
  return [id, exportId];
};

/** What storage says is in an export is what was handed over with it. */
async function compare(
  storage: BursarStorage,
  exported: ReadonlyMap<string, string>,
  problems: Problems,
): Promise<void> {
  const records = await allWithdrawals(storage);
  problems.expect(records.length === exported.size, `${records.length} withdrawals, ${exported.size} exported`);
  for (const { id, exportId, status } of records) {
    problems.expect(
      exportId === exported.get(id) && status === 'processing',
      `${id} is ${status} in ${exportId}, and was handed over in ${exported.get(id)}`,
    );
  }
}

async function withdraw(payouts: Payouts, round: number): Promise<string[]> {
  const user = await payouts.create({
    businessId: BUSINESS,
    email: `exported-${round}@example.com`,
    amount: WITHDRAWALS,
  });
  if (!user.ok) throw new Error(`the payout user was not opened: ${JSON.stringify(user.error.body)}`);
  const order = {
    businessId: BUSINESS,
    payoutUserId: user.value.payoutUser.id,
    amount: 1,
    method: METHOD,
    destination: DESTINATION,
  };
  const outcomes = await Promise.all(Array.from({ length: WITHDRAWALS }, () => payouts.withdrawals.withdraw(order)));
  return outcomes.map((outcome) => {
    if (!outcome.ok) throw new Error(`a withdrawal was refused: ${JSON.stringify(outcome.error.body)}`);
    return outcome.value.id;
  });
}

/** One racer's export: a tally with each withdrawal of it by `<export> <withdrawal>`. */
export async function exportQueued(payouts: Payouts, { exportId }: ExportOrder): Promise<Tally> {
  const outcome = await exportWithdrawals(payouts, { businessId: BUSINESS, method: METHOD, exportId });
  if (!outcome.ok) throw new Error(`the export was refused: ${JSON.stringify(outcome.error.body)}`);
  return Object.fromEntries(outcome.value.withdrawals.map(({ id }) => [`${exportId} ${id}`, 1]));
}
