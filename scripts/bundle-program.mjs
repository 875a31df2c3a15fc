import { createRequire } from 'node:module';
import { bundle } from './bundle.mjs';
import { root } from './root.mjs';

/** Only the package that brings it can name it; a bundle lies elsewhere. */
const driver = createRequire(`${root}/packages/sqlite/package.json`).resolve('better-sqlite3');

/** @type {import('esbuild').Plugin} */
const driverFromAnywhere = {
  name: 'driver',
  setup({ onResolve }) {
    onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: driver, external: true }));
  },
};

/**
 * Builds a program, with all that it uses of this repository, into one file that runs from anywhere on this machine.
 * @param {string} entry its TypeScript, from the root of the repository
 * @param {string} outfile
 */
export async function bundleProgram(entry, outfile) {
  await bundle(`${root}/${entry}`, outfile, [driverFromAnywhere]);
}
