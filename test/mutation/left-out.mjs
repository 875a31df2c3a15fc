/**
 * Thousands of random runs, each through all of the ledger: nearly every mutant would wait for them. Without them the score
 * can only be lower.
 */
export const LEFT_OUT = ['test/fault-runs.test.ts', 'test/ledger-model.test.ts', 'test/withdrawals.races.test.ts'];
