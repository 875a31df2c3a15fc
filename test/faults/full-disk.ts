/**
 * A disk that is full: what does not fit is refused whole, with a clear error and 503; reading goes on; and as soon as there
 * is room, so does writing.
 */
import type { Payouts } from '@bursar/payouts';
import { LANES, type Operation, openBooks, operation, perform } from './load.js';
import { apiKeyOf, expectClear, expectUnavailable } from './refused.js';
import { type FaultReport, Problems } from './report.js';
import { BUSINESS, openPayouts } from './scene.js';
import type { SmallDisk } from './small-disk.js';
import { Witness } from './witness.js';

const WORDS =
  /the disk is full, or the SQLite database has reached its size limit: free some space \((nothing was changed|whether it was done is not known)/;
const OPERATIONS_A_LANE = 20;
// A lane that never meets the end of the disk would go on for ever.
const MOST_A_LANE = 5000;

/** Fills the disk under load, makes room, and compares. */
export async function fullDisk(disk: SmallDisk, seed: number): Promise<FaultReport> {
  const problems = new Problems();
  const payouts = openPayouts(disk.storage, {
    onError: (error) => problems.expect(WORDS.test(String(error)), `an operator is told: ${error}`),
  });
  const users = await openBooks(payouts);
  const apiKey = await apiKeyOf(payouts);
  const witness = new Witness(users, problems);
  const refused: Operation[] = [];

  /** Each lane goes on to its end, or until it is refused. */
  async function work(from: number, to: number): Promise<void> {
    const lanes = Array.from({ length: LANES }, async (_, lane) => {
      for (let index = from; index < to; index++) {
        const asked = operation(seed, lane, index);
        try {
          const { ok, id } = await perform(payouts, users, asked);
          witness.answered.push({ operation: asked, ok, id });
        } catch (error) {
          expectClear(problems, error, WORDS);
          refused.push(asked);
          return;
        }
      }
    });
    await Promise.all(lanes);
  }

  await work(0, OPERATIONS_A_LANE);
  disk.fill();
  await work(OPERATIONS_A_LANE, MOST_A_LANE);
  problems.expect(refused.length === LANES, `only ${refused.length} of ${LANES} lanes came to the end of the disk`);
  witness.others += await expectUnavailable(problems, payouts, apiKey);
  // Nothing of what was refused is there, not even in part, and all else can be read.
  await witness.compare(disk.storage, true);

  disk.makeRoom();
  await sendAll(payouts, witness, refused);
  await witness.compare(disk.storage, true);
  await witness.sendAgain(payouts, witness.answered);
  await expectReady(payouts, problems);
  const { lost, doubled } = witness;
  const state = problems.found.length === 0 ? 'nothing half-written, 503, works again' : 'WRONG';
  const line = `full disk (${disk.kind}): ${witness.answered.length} answered, ${refused.length} refused and sent again: ${lost} lost, ${doubled} doubled; ${state}`;
  return { line, problems: problems.found };
}

async function sendAll(payouts: Payouts, witness: Witness, refused: readonly Operation[]): Promise<void> {
  for (const asked of refused) {
    const { ok, replayed, id } = await perform(payouts, witness.users, asked);
    witness.problems.expect(!replayed, `${asked.key} had been done, though it was refused`);
    witness.answered.push({ operation: asked, ok, id });
  }
}

async function expectReady(payouts: Payouts, problems: Problems): Promise<void> {
  const { ready, problems: found } = await payouts.auth.checkReadiness();
  problems.expect(ready, `it is not ready again: ${found.join()}`);
  const funded = await payouts.fund({ businessId: BUSINESS, amount: 1 });
  problems.expect(funded.ok, 'money cannot be moved again');
}
