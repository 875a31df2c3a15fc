/**
 * Whether the time of an answer tells how much of a wrong credential is right, or what became of one that was right once:
 *
 *     node scripts/timing.mjs ["<case>"] [--samples 1000000] [--seed <any>]
 *
 * By Welch's t-test on so many samples of each sort, taken in an order of chance: |t| < 4.5 is no difference. A comparison
 * that leaks by intent is measured first, and has to be found. With a difference, or without that one, it ends with 1. For a
 * machine that does nothing else meanwhile.
 */
import './node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bursar-timing-'));
try {
  const { ensureInstalled } = await import('./install.mjs');
  await ensureInstalled();
  const { bundle } = await import('./bundle.mjs');
  const url = await bundle(`${root}/test/timing/program.ts`, join(folder, 'program.mjs'));
  const { run } = await import(url);
  process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
