/**
 * Tests that no mutant is shown to. Thousands of random runs, each through all of the ledger: nearly every mutant would wait
 * for them. And what measures time: a busy machine would kill mutants that no test notices. Without them the score can only be
 * lower.
 */
export const LEFT_OUT = [
  'src/redact.cost.test.ts',
  'src/repeated-members.cost.test.ts',
  'src/request.cost.test.ts',
  'test/fault-runs.test.ts',
  'test/ledger-model.test.ts',
  'test/withdrawals.races.test.ts',
];
