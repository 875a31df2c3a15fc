/** The generated requests in their short form; `node scripts/faults.mjs generated` runs them in full. */
import { expect, it } from 'vitest';
import { generatedInProcess } from './generated/programs.js';

it('x', { timeout: 300_000 }, async () => {
  const reports = await generatedInProcess({ requests: 2000, seed: 1 });
  const fs = await import('node:fs');
  fs.writeFileSync('/tmp/team3-o-gen.log', reports.map((r) => `${r.line}\n${r.problems.join('\n')}`).join('\n\n'));
  expect(reports.flatMap(({ problems }) => problems)).toEqual([]);
});
