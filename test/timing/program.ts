import { parseArgs } from 'node:util';
import { chance } from '../faults/chance.js';
import { deadCases, plantedLeak, timedCases } from './cases.js';
import { measure, type TimedCase } from './measure.js';
import { THRESHOLD } from './welch.js';

/** Over a network, what is told apart by statistics is some microseconds at best (Crosby and others, 2009: 15 to 100). */
const FROM_AFAR_NS = 250;

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
  const isAsked = ({ name }: TimedCase): boolean => positionals.length === 0 || positionals.includes(name);
  for (const each of timedCases(chance(seed + 1)).filter(isAsked)) {
    const { line, t } = await measure(each, { samples, seed });
    say(line);
    if (Math.abs(t) >= THRESHOLD) isWell = false;
  }
  for (const each of deadCases(chance(seed + 2)).filter(isAsked)) {
    const { line, apart } = await measure(each, { samples, seed });
    say(`${line}: ${apart <= FROM_AFAR_NS ? 'too small to be seen from afar' : 'TOO LARGE'}`);
    if (apart > FROM_AFAR_NS) isWell = false;
  }
  return isWell;
}
