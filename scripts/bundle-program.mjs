import { createRequire } from 'node:module';
import { build, stop } from 'esbuild';
import { root } from './root.mjs';

/** Only the package that brings it can name it; a bundle lies elsewhere. */
const driver = createRequire(`${root}/packages/sqlite/package.json`).resolve('better-sqlite3');

/**
 * Builds a program, with all that it uses of this repository, into one file that runs from anywhere on this machine.
 * @param {string} entry its TypeScript, from the root of the repository
 * @param {string} outfile
 */
export async function bundleProgram(entry, outfile) {
  await build({
    entryPoints: [`${root}/${entry}`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
    conditions: ['@bursar/source'],
    loader: { '.sql': 'text' },
    // CommonJS inside an ES module still calls `require` for Node's own modules.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module';const require = makeRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'driver',
        setup({ onResolve }) {
          onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: driver, external: true }));
        },
      },
    ],
  });
  // esbuild is a process of its own, and would stay as long as the program runs.
  await stop();
}
