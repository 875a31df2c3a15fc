/** Everything that these packages export, with their dependencies, minified and gzipped, stays within a limit. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { buildClient } from '../packages/dashboard/build-client.mjs';
import { bundleElement } from '../packages/wallet/bundle.mjs';
import { root } from './root.mjs';

/** What is reached may not be lost again. */
const LIMITS = [
  // The goal is 10,000: see docs/decisions/0005-size-of-core.md.
  { name: '@bursar/core', bytes: 14_000, why: 'It is loaded by everything that checks a credential.' },
  { name: '@bursar/client', bytes: 5000, why: 'It is loaded by pages on a phone.' },
  {
    name: '@bursar/wallet/element',
    bytes: 30_000,
    why: 'A payout user waits for it, on a phone: script, style and four languages.',
    bundle: bundleElement,
  },
  {
    name: '@bursar/dashboard',
    bytes: 40_000,
    why: 'Operators wait for it: script, style and charts, which may not grow into a framework.',
    bundle: async () => Buffer.concat((await buildClient()).map(({ content }) => content)),
  },
];

async function bundled(/** @type {string} */ name) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${name}';`, resolveDir: root },
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
  return bundle.contents;
}

for (const { name, bytes, why, bundle } of LIMITS) {
  const contents = await (bundle ?? bundled)(name);
  const size = gzipSync(contents, { level: 9 }).length;
  const numbers = `${size} of ${bytes} bytes (${contents.length} before gzip)`;
  if (size > bytes) {
    console.error(`${name} is too large: ${numbers}. ${why}`);
    process.exitCode = 1;
  } else {
    console.log(`${name}: ${numbers}`);
  }
}
