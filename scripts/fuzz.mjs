/**
 * Has every parser read inputs that are nearly right, and long, deep, and hostile ones:
 *
 *     node scripts/fuzz.mjs ["<parser>"] [--inputs 1000000] [--seed 1] [--first 0]
 *
 * Without a name it is all of them. One line each says how many inputs threw, were taken wrongly, or took longer than 10 ms;
 * with one such it ends with 1. `--seed` and `--first` repeat one that it names. CI runs a short form, as a test.
 */
import './node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bursar-fuzz-'));
try {
  const { ensureInstalled } = await import('./install.mjs');
  await ensureInstalled();
  const { bundle } = await import('./bundle.mjs');
  const url = await bundle(`${root}/test/fuzz/program.ts`, join(folder, 'program.mjs'));
  const { run } = await import(url);
  process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
