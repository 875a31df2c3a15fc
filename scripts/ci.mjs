/**
 * All checks, from a clean clone on. Every step runs, whatever became of the one before; the last line counts the tests,
 * as the sum of all reports of Vitest.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { root } from './root.mjs';
import { countReport, reportsFolder } from './test-reports.mjs';

/** The exit code of a step that could not be decided here; see audit.mjs. */
const NOT_CHECKED = 75;

const STEPS = [
  ['install', 'node scripts/install.mjs'],
  ['lint', 'npm run --silent lint'],
  ['typecheck', 'npm run --silent typecheck'],
  ['build', 'npm run --silent build'],
  ['knip', 'npm run --silent knip'],
  ['check-packages', 'npm run --silent check-packages'],
  ['consumer', 'npm run --silent consumer'],
  ['size', 'npm run --silent size'],
  ['licences', 'npm run --silent licences'],
  ['audit', 'npm run --silent audit'],
  ['pgbouncer', 'node scripts/install-pgbouncer.mjs'],
  ['chromium', 'node scripts/install-chromium.mjs'],
  // One small file: that mutation testing still runs. All of it takes an hour.
  ['mutation', 'npm run --silent mutation -- core page-limit.ts'],
  ['test', 'npm test --silent'],
  // After the tests, which begin with an empty folder of reports.
  ['runtimes', 'npm run --silent runtimes'],
];

/** @param {string} command @returns {'passed' | 'failed' | 'NOT CHECKED'} */
function run(command) {
  const { status } = spawnSync(command, { cwd: root, shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return 'passed';
  return status === NOT_CHECKED ? 'NOT CHECKED' : 'failed';
}

function countTests() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(reportsFolder)) return counts;
  for (const file of readdirSync(reportsFolder)) {
    const { passed, failed, skipped } = countReport(`${reportsFolder}/${file}`);
    counts.passed += passed;
    counts.failed += failed;
    counts.skipped += skipped;
  }
  return counts;
}

// A report of an earlier run must not be counted as one of this.
rmSync(reportsFolder, { recursive: true, force: true });

const results = STEPS.map(([name, command]) => {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const outcome = run(/** @type {string} */ (command));
  return { name, outcome, seconds: Math.round((Date.now() - started) / 1000) };
});

console.log('\n── summary');
for (const { name, outcome, seconds } of results) console.log(`${outcome.padEnd(12)} ${name} (${seconds} s)`);

const { passed, failed, skipped } = countTests();
if (failed > 0 || passed === 0 || results.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
