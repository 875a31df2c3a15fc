import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { build } from 'esbuild';
import { root } from '../../../scripts/root.mjs';

/** What a test may use of Node that an import does not show. */
const GLOBALS = /\b(?:Buffer(?=\.)|setImmediate)\b/g;

/** What of Node workerd has where a worker asks for it. The rest is of files, sockets and processes. */
const IN_WORKERD = new Set(['node:util', 'node:crypto', 'Buffer', 'setImmediate']);

/** @param {string[]} files @returns {import('esbuild').Plugin} the module that `run-file.ts` imports */
const testFiles = (files) => ({
  name: 'test-files',
  setup({ onResolve, onLoad }) {
    const imports = files.map((file) => `${JSON.stringify(file)}: () => import('./${file}')`);
    onResolve({ filter: /^virtual:test-files$/ }, ({ path }) => ({ path, namespace: 'virtual' }));
    onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({
      contents: `export const testFiles = { ${imports.join(', ')} };`,
      resolveDir: root,
    }));
  },
});

/**
 * Bundles a worker that runs these test files.
 * @param {string[]} files from the root of the repository
 * @param {string} outfile
 */
export function bundleWorker(files, outfile) {
  return build({
    entryPoints: [`${import.meta.dirname}/worker.ts`],
    absWorkingDir: root,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    conditions: ['@bursar/source', 'workerd', 'worker', 'browser'],
    external: ['node:*', ...builtinModules],
    loader: { '.sql': 'text' },
    metafile: true,
    logLevel: 'warning',
    plugins: [testFiles(files)],
  });
}

/**
 * Which of these files a worker can run.
 * @param {string[]} files from the root of the repository
 * @returns {Promise<{ plain: string[], node: string[], left: { file: string, why: string }[] }>} `plain` needs nothing
 * of Node, `node` some of what workerd has of it
 */
export async function sortForWorkerd(files) {
  const { metafile } = await bundleWorker(files, `${root}/.cache/workerd/all.js`);
  /** @type {{ plain: string[], node: string[], left: { file: string, why: string }[] }} */
  const sorted = { plain: [], node: [], left: [] };
  for (const file of files) {
    const needs = needsOfNode(file, metafile.inputs);
    const missing = needs.filter((name) => !IN_WORKERD.has(name));
    if (missing.length > 0) sorted.left.push({ file, why: `workerd has no ${missing.join(', ')}` });
    else if (/\bvi\.(resetModules|mock)\(/.test(readFileSync(`${root}/${file}`, 'utf8'))) {
      sorted.left.push({ file, why: 'it loads modules anew, which a bundle cannot' });
    } else sorted[needs.length > 0 ? 'node' : 'plain'].push(file);
  }
  return sorted;
}

/**
 * @param {string} entry
 * @param {import('esbuild').Metafile['inputs']} inputs
 * @returns {string[]} what of Node the file and all that it imports asks for
 */
function needsOfNode(entry, inputs) {
  const files = new Set([entry]);
  const needs = new Set();
  for (const file of files) {
    for (const { path, external } of inputs[file]?.imports ?? []) {
      if (external) needs.add(path);
      else files.add(path);
    }
    // What is not a test looks whether there is one, and does without.
    if (!/^packages\/.*(\.test\.ts$|\/test\/)/.test(file)) continue;
    for (const [name] of readFileSync(`${root}/${file}`, 'utf8').matchAll(GLOBALS)) needs.add(name);
  }
  return [...needs].sort();
}
