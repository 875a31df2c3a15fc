/** The reference has every command, every option and every exit code, and no other. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COMMON } from '../src/arguments.js';
import { COMMANDS } from '../src/commands.js';
import { EXIT } from '../src/exit.js';

const reference = readFileSync(new URL('../../../docs/reference/cli.md', import.meta.url), 'utf8');
const rows = reference.split('\n').filter((line) => line.startsWith('| `'));

it('the reference has every command with its options', () => {
  for (const { name, operands, options } of COMMANDS) {
    const words = [name, ...operands].join(' ').replaceAll('|', '\\|');
    const row = rows.find((line) => line.includes(`\`${words}\``));
    for (const option of Object.keys(options)) {
      if (option !== 'business') expect([words, row]).toEqual([words, expect.stringContaining(`\`--${option}`)]);
    }
    expect([words, row?.includes('no `--business`')]).toEqual([words, options.business === undefined]);
  }
});

it('the reference has no option that is none', () => {
  const known = new Set([...COMMANDS.flatMap(({ options }) => Object.keys(options)), ...Object.keys(COMMON)]);
  const named = [...reference.matchAll(/`--([a-z-]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

it('the reference has every exit code', () => {
  for (const code of Object.values(EXIT)) expect(reference).toContain(`\n| ${code} | `);
});
