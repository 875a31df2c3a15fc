/**
 * Runs the tests of the packages on every runtime:
 *
 *     npm run runtimes                       Node's newest version, Bun, Deno and workerd
 *     npm run runtimes -- bun deno           these alone
 *     npm run runtimes -- --all              also the tests that take long
 *
 * Vitest itself runs on the first three, and leaves a report that CI adds to its sum; workerd gets the same files bundled
 * with Vitest's runner. What is not run is listed with its reason.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { installRuntimes, programOf } from '../test/runtimes/programs.mjs';
import { RUNTIMES, selectFor } from '../test/runtimes/selection.mjs';
import { runOnWorkerd } from '../test/runtimes/workerd/run.mjs';
import { ensureInstalled } from './install.mjs';
import { root } from './root.mjs';
import { countReport, reportsFolder } from './test-reports.mjs';

/** @typedef {import('../test/runtimes/selection.mjs').RuntimeName} RuntimeName */
/** @typedef {import('./test-reports.mjs').Counts} Counts */

/** How a runtime is told to run Vitest itself, and not to find a Node for it. */
const BEFORE = { node: [], bun: ['--bun'], deno: ['run', '--allow-all'] };

const args = process.argv.slice(2);
const all = args.includes('--all');
const named = args.filter((arg) => arg !== '--all');
const unknown = named.filter((name) => !RUNTIMES.includes(/** @type {RuntimeName} */ (name)));
if (unknown.length > 0)
  throw new Error(`There is no runtime ${unknown.join(', ')}. There are: ${RUNTIMES.join(', ')}.`);

/** @param {Exclude<RuntimeName, 'workerd'>} runtime @returns {Counts} */
function runOnVitest(runtime) {
  const { program, version } = programOf(runtime);
  const report = `${reportsFolder}/runtime-${runtime}.json`;
  const vitest = [
    `${root}/node_modules/vitest/vitest.mjs`,
    'run',
    '--config',
    `${root}/test/runtimes/vitest.config.ts`,
  ];
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  rmSync(report, { force: true });
  const { status } = spawnSync(program, [...BEFORE[runtime], ...vitest, ...reporters], {
    cwd: root,
    env: {
      ...process.env,
      BURSAR_RUNTIME: `${runtime} ${version}`,
      BURSAR_RUNTIME_TESTS: all ? 'all' : 'quick',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const counts = countReport(report);
  // A fault outside of a test, such as a file that cannot be loaded, is one more that failed.
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {ReturnType<typeof selectFor>} selection @returns {Promise<Counts>} */
async function runInWorkers(selection) {
  const { outcomes, workers, left } = await runOnWorkerd(programOf('workerd').program, selection.packages);
  selection.left.push(...left);
  for (const { name, files, flags } of workers) {
    console.log(`  worker ${name}: ${files.length} files, ${flags.length > 0 ? `with ${flags}` : 'nothing of Node'}`);
  }
  for (const { name, messages } of outcomes.filter(({ state }) => state === 'fail')) {
    console.error(`\nFAILED ${name}\n${messages.join('\n')}`);
  }
  const count = (/** @type {string} */ wanted) => outcomes.filter(({ state }) => state === wanted).length;
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') };
}

/** @param {{ file: string, why: string }[]} left */
function printLeft(left) {
  for (const why of new Set(left.map((one) => one.why))) {
    const files = left.filter((one) => one.why === why).map(({ file }) => file);
    console.log(`  not run, because ${why} (${files.length} files):`);
    for (const file of files) console.log(`    ${file}`);
  }
}

await ensureInstalled();
await installRuntimes();
mkdirSync(reportsFolder, { recursive: true });
const lines = [];
for (const runtime of RUNTIMES.filter((name) => named.length === 0 || named.includes(name))) {
  const { version } = programOf(runtime);
  console.log(`\n${runtime} ${version}`);
  const selection = selectFor(runtime, all);
  const started = Date.now();
  const { passed, failed, skipped } = await (runtime === 'workerd' ? runInWorkers(selection) : runOnVitest(runtime));
  printLeft(selection.left);
  const seconds = Math.round((Date.now() - started) / 1000);
  const names = selection.packages.map(({ name }) => name).join(' ');
  lines.push(`${runtime} ${version}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s; ${names})`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}
console.log(`\n${lines.join('\n')}`);
