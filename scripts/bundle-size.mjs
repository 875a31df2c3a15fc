/** Everything that @bursar/core exports, with its dependencies, minified and gzipped, stays within a limit. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from './root.mjs';

// The goal is 10,000: see docs/decisions/0005-size-of-core.md. What is reached may not be lost again.
const LIMIT_BYTES = 14_000;

const { outputFiles } = await build({
  stdin: { contents: "export * from '@bursar/core';", resolveDir: root },
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  conditions: ['@bursar/source'],
  write: false,
});
const [bundle] = outputFiles;
if (bundle === undefined) throw new Error('esbuild wrote nothing');

const size = gzipSync(bundle.contents, { level: 9 }).length;
const numbers = `${size} of ${LIMIT_BYTES} bytes (${bundle.contents.length} before gzip)`;
if (size > LIMIT_BYTES) {
  console.error(`@bursar/core is too large: ${numbers}. It is loaded by everything that checks a credential.`);
  process.exit(1);
}
console.log(`@bursar/core: ${numbers}`);
