/** Two processes that export the same queue at the same time: each withdrawal is in exactly one export. */
import { exportWithdrawals, type Payouts, verifyLedger } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { allWithdrawals } from './books.js';
import { chance } from './chance.js';
import { type ExportOrder, type Tally, total } from './orders.js';
import { type FaultReport, Problems, secondsSince } from './report.js';
import { BUSINESS, DESTINATION, METHOD, openPayouts } from './scene.js';

const WITHDRAWALS = 64;
/** Fewer than there are, so that two exports can have a part each. */
const LIMIT = 40;
/** Reads before an export, 512 at most and mostly few: so they meet at other places in each round. */
const readsBefore = (random: () => number): number => Math.floor(2 ** (9 * random()));

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
  const before = await exportQueued(payouts, { task: 'export', exportId: `before-${seed}`, limit: 100_000, reads: 0 });
  const exported = new Map(Object.keys(before).map(placeIn));
  const random = chance(seed);
  let divided = 0;
  for (let round = 0; round < rounds; round++) {
    const isShared = round % 2 === 1;
    const withdrawing = await beginWithdrawing(payouts, round);
    // In the other half they come while the exports are made.
    if (round % 4 < 2) await withdrawing.all;
    const nameOf = (turn: number): string => `${seed}-${round}-${isShared ? 'both' : turn}`;
    const orders = racers.map((_, turn): ExportOrder => {
      return { task: 'export', exportId: nameOf(turn), limit: LIMIT, reads: readsBefore(random) };
    });
    const answers = await Promise.all(racers.map((race, turn) => race(orders[turn] as ExportOrder)));
    const ids = await withdrawing.all;
    // What nobody has claimed is there for the next.
    const rest = await exportQueued(payouts, {
      task: 'export',
      exportId: `${seed}-${round}-rest`,
      limit: WITHDRAWALS,
      reads: 0,
    });
    // Whoever asked before anything was queued has made no export.
    const made = answers.filter((answer) => Object.keys(answer).length > 0);
    const contents = new Set(made.map((answer) => JSON.stringify(answer)));
    problems.expect(!isShared || contents.size <= 1, `round ${round}: one export had ${contents.size} contents`);
    if (!isShared && made.length > 1) divided++;
    const distinct = [...(isShared ? made.slice(0, 1) : made), rest];
    const places = Object.keys(total(distinct)).map(placeIn);
    for (const [id, exportId] of places) exported.set(id, exportId);
    const found = places.map(([id]) => id).sort();
    const expected = ids.length;
    problems.expect(
      found.join() === ids.sort().join(),
      `round ${round}: ${found.length} places in exports, for ${new Set(found).size} withdrawals of ${expected}`,
    );
  }
  await compare(storage, exported, problems);
  const report = await verifyLedger(storage);
  problems.expect(report.ok, `the books are wrong: ${JSON.stringify(report)}`);
  const outcome = problems.found.length === 0 ? 'each in exactly one export' : 'WRONG';
  const line = `${where}: ${rounds} rounds of ${WITHDRAWALS} withdrawals that ${racers.length} processes export at once, seed ${seed}: ${outcome} (in ${divided} rounds both got a part); verifyLedger ${report.ok ? 'clean' : 'NOT clean'} (${secondsSince(began)})`;
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

/** `all` resolves to the ids, when all of them are queued. */
async function beginWithdrawing(payouts: Payouts, round: number): Promise<{ readonly all: Promise<string[]> }> {
  const email = `exported-${round}@example.com`;
  const user = await payouts.create({ businessId: BUSINESS, email, amount: WITHDRAWALS });
  if (!user.ok) throw new Error(`the payout user was not opened: ${JSON.stringify(user.error.body)}`);
  const payoutUserId = user.value.payoutUser.id;
  const order = { businessId: BUSINESS, payoutUserId, amount: 1, method: METHOD, destination: DESTINATION };
  const one = async (): Promise<string> => {
    const outcome = await payouts.withdrawals.withdraw(order);
    if (!outcome.ok) throw new Error(`a withdrawal was refused: ${JSON.stringify(outcome.error.body)}`);
    return outcome.value.id;
  };
  return { all: Promise.all(Array.from({ length: WITHDRAWALS }, one)) };
}

/** One racer's export: a tally with each withdrawal of it by `<export> <withdrawal>`. */
export async function exportQueued(payouts: Payouts, { exportId, limit, reads }: ExportOrder): Promise<Tally> {
  for (let read = 0; read < reads; read++) await payouts.balance({ businessId: BUSINESS });
  const outcome = await exportWithdrawals(payouts, { businessId: BUSINESS, method: METHOD, exportId, limit });
  if (!outcome.ok) throw new Error(`the export was refused: ${JSON.stringify(outcome.error.body)}`);
  return Object.fromEntries(outcome.value.withdrawals.map(({ id }) => [`${exportId} ${id}`, 1]));
}
