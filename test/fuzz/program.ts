import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.js';
import { PARSERS } from './parsers.js';

/** What `scripts/fuzz.mjs` runs; whether all went well. */
export async function run(words: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { inputs: { type: 'string' }, seed: { type: 'string' }, first: { type: 'string' } },
  });
  const number = (name: keyof typeof values, fallback: number): number => {
    const value = Number(values[name] ?? fallback);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new TypeError(`--${name} must be a whole number`);
  };
  const numbers = { inputs: number('inputs', 1_000_000), seed: number('seed', 1), first: number('first', 0) };
  const chosen = PARSERS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (chosen.length === 0) {
    throw new TypeError(`there is no such parser; there are: ${PARSERS.map(({ name }) => `"${name}"`).join(', ')}`);
  }
  let isWell = true;
  for (const parser of chosen) {
    const { line, problems } = await fuzz(parser, numbers);
    // biome-ignore lint/suspicious/noConsole: a program's own lines, run by scripts/fuzz.mjs alone
    console.log([line, ...problems].join('\n'));
    if (problems.length > 0) isWell = false;
  }
  return isWell;
}
