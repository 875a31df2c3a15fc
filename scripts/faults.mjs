/**
 * Fault programs, in full; CI runs each in a short form, as a test:
 *
 *     node scripts/faults.mjs <name> [--<option> <number> …]
 *
 * | name | options |
 * | --- | --- |
 * | `memory` | `--seeds 20000 --from 1`: seeded fault runs around the memory storage; `--seed 17` for one run with its trace |
 * | `sqlite-kill` | `--rounds 200 --seed 1`: `kill -9` of a process under load |
 * | `races`, `races postgres` | `--rounds 500 --seed 1`: 64 racing withdrawals on one balance, and exports of one queue, from two processes |
 * | `bank`, `bank postgres` | `--transfers 100000 --reads 10000 --seed 1`: two processes, each id twice, all accounts read meanwhile |
 * | `webhooks` | `--events 10000 --kills 3`: to an endpoint that fails one in three, while whoever delivers them is killed |
 * | `backup`, `backup postgres` | `--operations 5000 --seed 1`: a back-up under load, restored |
 * | `full-disk`, `read-only` | `--seed 1`; as root also on a file system of its own |
 * | `fsync` | `--transfers 1000`: counted by strace |
 * | `clock-back` | `--runs 500 --seed 1` |
 * | `model` | `--runs 10000 --seed <any>`: random commands against a model, on every adapter but PostgreSQL |
 * | `model postgres` | `--runs 2000 --seed <any>`: the same there |
 * | `generated`, `generated postgres` | `--requests 100000 --seed 1`: requests made from the OpenAPI document, to each framework on each storage |
 * | `postgres-kill` | `--rounds 40 --seed 1`: the server killed under load, by SIGQUIT and by `kill -9` of all its processes |
 * | `client-kill` | `--rounds 40 --seed 1`: a process killed when the server has committed and nobody was told |
 * | `standby` | `--rounds 5 --seed 1`: the primary killed, its synchronous standby promoted |
 * | `away` | `--seconds 10 --seed 1`: the server stopped for a while |
 * | `slow` | `--operations 15000 --delayMs 200 --maxWaiting 1000 --seed 1`: answers that take their time |
 *
 * The same seed is the same run, as far as one process decides it. The first problem is printed whole, and ends this with 1.
 */
import './node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('--'));
const end = firstOption < 0 ? words.length : firstOption;
const name = words.slice(0, end).join(' ');
const options = words.slice(end);
const folder = mkdtempSync(join(tmpdir(), 'bursar-faults-'));
try {
  const { ensureInstalled } = await import('./install.mjs');
  await ensureInstalled();
  if (name === 'memory') await memory();
  else await program();
} catch (error) {
  console.error(error instanceof Error && error.message.startsWith('There is no') ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// What a failure has left open would keep this process.
if (process.exitCode === 1) process.exit();

/**
 * The numbers that the command was given.
 * @param {readonly string[]} known
 * @returns {Record<string, number>}
 */
function numbers(known) {
  /** @type {Record<string, number>} */
  const given = {};
  for (let at = 0; at < options.length; at += 2) {
    const option = options[at]?.replace(/^--/, '') ?? '';
    if (!known.includes(option)) {
      throw new Error(`There is no option "${options[at]}" of ${name}. There are: ${known.join(', ')}.`);
    }
    const value = Number(options[at + 1] ?? Number.NaN);
    if (!Number.isSafeInteger(value)) throw new Error(`There is no number after --${option}.`);
    given[option] = value;
  }
  return given;
}

/** @param {string} entry @param {string} file */
async function bundled(entry, file) {
  const { bundleProgram } = await import('./bundle-program.mjs');
  await bundleProgram(entry, join(folder, file));
  return join(folder, file);
}

async function program() {
  const { PROGRAMS } = await import(pathToFileURL(await bundled('test/faults/programs.ts', 'programs.mjs')).href);
  const chosen = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  if (chosen === undefined) {
    throw new Error(`There is no fault program "${name}". There are: memory, ${Object.keys(PROGRAMS).join(', ')}.`);
  }
  const given = numbers(Object.keys(chosen.full));
  const script = await bundled('test/faults/child.ts', 'child.mjs');
  const reports = await chosen.run({ ...chosen.full, ...given }, { script, root });
  for (const { line, problems } of reports) {
    console.log(line);
    for (const problem of problems) console.log(problem);
    if (problems.length > 0) process.exitCode = 1;
  }
}

async function memory() {
  const { seed: only = 0, from: first = 1, seeds: many = 20_000 } = numbers(['seeds', 'from', 'seed']);
  const [from, seeds] = only > 0 ? [only, 1] : [first, many];
  const { faultRun } = await import(
    pathToFileURL(await bundled('packages/payouts/test/fault-runs.ts', 'fault-runs.mjs')).href
  );
  const began = performance.now();
  let steps = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const { trace, problems } = await faultRun(seed);
    steps += trace.length;
    if (only > 0 || problems.length > 0) console.log([`seed ${seed}`, ...trace].join('\n'));
    if (problems.length === 0) continue;
    console.log(`seed ${seed} is bad:\n${problems.join('\n')}`);
    process.exitCode = 1;
    return;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `${seeds} seeded fault runs from seed ${from} (${steps} events) in ${seconds} s: nothing lost, nothing doubled.`,
  );
}
