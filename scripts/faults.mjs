import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, stop } from 'esbuild';
import { root } from './root.mjs';

/**
 * Seeded fault runs: `node scripts/faults.mjs memory --seeds 20000 [--from 1]`, or `--seed 17` for one run with its trace.
 * The same seed is the same run; the first bad one is printed whole, and ends this with 1.
 */
const [storage = 'memory', ...options] = process.argv.slice(2);
if (storage !== 'memory') throw new Error(`There are fault runs for memory, and none for "${storage}".`);

/** @param {string} name @param {number} otherwise */
function option(name, otherwise) {
  const at = options.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(options[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} must be followed by a number.`);
  return value;
}

const only = option('seed', 0);
const from = only > 0 ? only : option('from', 1);
const seeds = only > 0 ? 1 : option('seeds', 20_000);

const folder = mkdtempSync(join(tmpdir(), 'bursar-faults-'));
try {
  const outfile = join(folder, 'fault-runs.mjs');
  await build({
    entryPoints: [`${root}/packages/payouts/test/fault-runs.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    conditions: ['@bursar/source'],
  });
  await stop();
  const { faultRun } = await import(pathToFileURL(outfile).href);
  const began = performance.now();
  let steps = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const { trace, problems } = await faultRun(seed);
    steps += trace.length;
    if (only > 0 || problems.length > 0) console.log([`seed ${seed}`, ...trace].join('\n'));
    if (problems.length > 0) {
      console.log(`seed ${seed} is bad:\n${problems.join('\n')}`);
      process.exitCode = 1;
      break;
    }
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (process.exitCode !== 1) {
    console.log(
      `${seeds} seeded fault runs from seed ${from} (${steps} events) in ${seconds} s: nothing lost, nothing doubled.`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
