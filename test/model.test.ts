/** Random commands against a model of a few lines, on every adapter; `node scripts/faults.mjs model` runs more of them. */
import { memoryStorage } from '@bursar/memory';
import type { BursarStorage, LedgerItem } from '@bursar/payouts/storage';
import { describe, expect, it } from 'vitest';
import { PROGRAMS } from './faults/programs.js';
import { modelRuns } from './model/model-runs.js';
import { root } from './tidy/tree.js';

it('the ledger says what the model says, on every adapter, in random runs', { timeout: 120_000 }, async () => {
  const { model } = PROGRAMS;
  const reports = await model?.run(model.short, { script: '', root });
  expect(reports?.flatMap(({ problems }) => problems)).toEqual([]);
  expect(reports?.map(({ line }) => line)).toEqual([
    expect.stringMatching(/^model \(memory\): 1500 runs/),
    expect.stringMatching(/^model \(SQLite\): 1500 runs/),
  ]);
});

describe('the model notices', { timeout: 120_000 }, () => {
  const run = (change: (item: LedgerItem) => LedgerItem, seed: number) => {
    const open = (now: () => number): BursarStorage => {
      const storage = memoryStorage({ now });
      return { ...storage, applyTransfers: (items) => storage.applyTransfers(items.map(change)) };
    };
    return modelRuns({ open, where: 'broken', runs: 500, seed });
  };

  it('a fee that goes back when a withdrawal is settled, and shows how in the fewest commands', async () => {
    const { problems } = await run((item) => {
      const transfers = item.transfers.map((transfer) =>
        transfer.code === 'fee' && transfer.phase === 'post' ? { ...transfer, phase: 'void' as const } : transfer,
      );
      return { ...item, transfers };
    }, 7);
    const [problem = ''] = problems;
    expect(problem).toMatch(/seed: 7/);
    expect(problem).toMatch(/Counterexample: \[true,withdraw 0 1,settle 0 /);
    expect(problem).toMatch(/the balance of fees is 0, and by the model 3/);
  });

  it('a time-out that is forgotten', async () => {
    const { problems } = await run(
      (item) => ({ ...item, transfers: item.transfers.map((one) => ({ ...one, timeoutSeconds: null })) }),
      8,
    );
    expect(problems[0]).toMatch(/the number of those that expired is 0, and by the model 1/);
  });
});
