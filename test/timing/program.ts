import { parseArgs } from 'node:util';
import { chance } from '../faults/chance.js';
import { plantedLeak, timedCases } from './cases.js';
import { measure } from './measure.js';
import { THRESHOLD } from './welch.js';

/** What `scripts/timing.mjs` runs; whether nothing leaks, and what was to leak did. */
export async function run(words: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { samples: { type: 'string' }, seed: { type: 'string' } },
  });
  const samples = Number(values.samples ?? 1_000_000);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!Number.isSafeInteger(samples) || samples < 100 || !Number.isSafeInteger(seed)) {
    throw new TypeError('--samples must be a number from 100, and --seed a whole number');
  }
  // biome-ignore lint/suspicious/noConsole: a program's own lines, run by scripts/timing.mjs alone
  const say = (line: string): void => console.log(line);
  const leak = await measure(plantedLeak(chance(seed)), { samples, seed });
  say(leak.line);
  let isWell = Math.abs(leak.t) >= THRESHOLD;
  if (!isWell) say('The planted leak was not found: nothing that is said below counts.');
  const cases = await timedCases(chance(seed + 1));
  for (const each of cases.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const { line, t } = await measure(each, { samples, seed });
    say(line);
    if (Math.abs(t) >= THRESHOLD) isWell = false;
  }
  return isWell;
}
