/** Installs the runtimes, which are packages of their own workspace, and says where their programs are. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pnpm } from '../../scripts/pnpm.mjs';

const here = import.meta.dirname;

/** Where the program lies in the package of a platform. */
const FILES = {
  node: ['bin/node'],
  bun: ['bin/bun', 'bin/bun.exe'],
  deno: ['deno', 'deno.exe'],
  workerd: ['bin/workerd', 'bin/workerd.exe'],
};

export async function installRuntimes() {
  await pnpm(['install', '--frozen-lockfile'], { quiet: true, cwd: here });
}

/**
 * The packages of the platforms are looked for, and not the command of the package that asks for them: that one is put
 * in its place by an install script, and none runs here.
 * @param {import('./selection.mjs').RuntimeName} runtime
 * @returns {{ program: string, version: string }}
 */
export function programOf(runtime) {
  const require = createRequire(`${here}/package.json`);
  const asking = runtime === 'node' ? `${here}/package.json` : require.resolve(`${runtime}/package.json`);
  const { optionalDependencies } = JSON.parse(readFileSync(asking, 'utf8'));
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const folder = folderOf(name, asking);
    const file = FILES[runtime].find((path) => folder !== undefined && existsSync(`${folder}/${path}`));
    if (file !== undefined) return { program: `${folder}/${file}`, version };
  }
  throw new Error(`${runtime} has no program for this platform (${process.platform}, ${process.arch})`);
}

/** @param {string} name @param {string} from @returns {string | undefined} */
function folderOf(name, from) {
  try {
    return dirname(createRequire(from).resolve(`${name}/package.json`));
  } catch {
    // A package for another platform, which is not installed.
    return undefined;
  }
}
