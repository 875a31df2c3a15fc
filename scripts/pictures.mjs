/**
 * Takes the pictures of the dashboard and the wallet that the guides show, into `docs/pictures`:
 *
 *     npm run pictures [-- <beginning of a name>]   all of them, or some: dashboard-keys
 *
 * The business in them, its clock and its chance are the same in each run; the fonts are those of the machine.
 */
import './node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const { ensureInstalled } = await import('./install.mjs');
await ensureInstalled();
const { chromium } = await import('playwright-core');
const { bundleProgram } = await import('./bundle-program.mjs');
const folder = mkdtempSync(join(tmpdir(), 'bursar-pictures-'));
try {
  const program = join(folder, 'take.mjs');
  await bundleProgram('test/pictures/take.ts', program);
  const { takePictures } = await import(pathToFileURL(program).href);
  for (const line of await takePictures(chromium, join(root, 'docs/pictures'), process.argv[2])) console.log(line);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
