/**
 * Kills a process under load, as `kill -9` does, again and again, and looks after each time at what is left: what was
 * acknowledged is there, nothing is there twice, and the books are right.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { between, chance } from './chance.js';
import { type Child, withChildren } from './children.js';
import { KilledFile } from './killed-file.js';
import { LANES, type Users } from './load.js';
import { type FaultReport, Problems, secondsSince } from './report.js';

/** A file is used for so many kills: all that it holds is checked after each. */
const KILLS_A_FILE = 10;

/** What the kill test runs with. */
export interface KillOptions {
  readonly rounds: number;
  readonly seed: number;
  /** The bundle of `child.ts`. */
  readonly script: string;
}

/** What a process had told when it was killed. */
export interface Remains {
  readonly seed: number;
  /** By lane, in order: whether each operation had gone through, and the id that the answer named. */
  readonly told: readonly { readonly ok: boolean; readonly id: string | null }[][];
  /** Withdrawals that the provider paid; one may stand here more than once, with the same idempotency key. */
  readonly paid: readonly string[];
  readonly errors: readonly string[];
}

/** Runs the kills. */
export async function sqliteKill({ rounds, seed, script }: KillOptions): Promise<FaultReport> {
  const began = performance.now();
  const problems = new Problems();
  const folder = mkdtempSync(join(tmpdir(), 'bursar-kill-'));
  const sums = { lost: 0, doubled: 0, acknowledged: 0, unanswered: 0, committed: 0, unclean: 0 };
  try {
    for (let first = 0; first < rounds; first += KILLS_A_FILE) {
      const path = join(folder, `${first}.db`);
      const file = await KilledFile.open(path, problems);
      for (let round = first; round < Math.min(first + KILLS_A_FILE, rounds); round++) {
        const remains = await killOnce(path, script, seed * 1000 + round, file.users);
        await file.check(remains);
      }
      await file.finish();
      for (const name of ['acknowledged', 'unanswered', 'committed'] as const) sums[name] += file[name];
      for (const name of ['lost', 'doubled', 'unclean'] as const) sums[name] += file.witness[name];
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { lost, doubled, acknowledged, unanswered, committed, unclean } = sums;
  const books = unclean === 0 ? 'verifyLedger clean' : `verifyLedger NOT clean ${unclean} times`;
  const line = `${rounds} kills: ${lost} lost, ${doubled} doubled, ${books} (seed ${seed}; ${acknowledged} acknowledged, ${unanswered} unanswered of which ${committed} had been committed; ${secondsSince(began)})`;
  return { line, problems: problems.found };
}

function killOnce(path: string, script: string, seed: number, users: Users): Promise<Remains> {
  const random = chance(seed);
  return withChildren(script, 1, async ([child]) => {
    if (child === undefined) throw new Error('no child was started');
    return killAfter(child, { path, seed, users }, between(random, 1, 400), random() * 8);
  });
}

/** Lets it work until so many operations are acknowledged, and a moment of any length more. */
async function killAfter(
  child: Child,
  order: { readonly path: string; readonly seed: number; readonly users: Users },
  acknowledgements: number,
  delayMs: number,
): Promise<Remains> {
  const told: { ok: boolean; id: string | null }[][] = Array.from({ length: LANES }, () => []);
  const paid: string[] = [];
  const errors: string[] = [];
  let count = 0;
  const enough = new Promise<void>((resolve) => {
    child.onLine((line) => {
      const [what, first = '', second = '', ok, id = ''] = line.split(' ');
      if (what === 'paid') paid.push(first);
      else if (what !== 'did') errors.push(line);
      else {
        const lane = told[Number(first)];
        if (lane?.push({ ok: ok === 'true', id: id === 'null' ? null : id }) !== Number(second) + 1) errors.push(line);
        if (++count === acknowledgements) resolve();
      }
    });
  });
  // It never ends by itself: only a failure does.
  await Promise.race([enough, child.obey({ task: 'load', ...order }).then(() => undefined)]);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  await child.kill();
  return { seed: order.seed, told, paid, errors };
}
