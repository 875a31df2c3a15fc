/** A project of somebody who installs the packages from their tarballs, with npm, in an empty folder. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../../scripts/root.mjs';

/** The version that this repository itself uses. */
function catalogVersion(/** @type {string} */ name) {
  const text = readFileSync(`${root}/pnpm-workspace.yaml`, 'utf8');
  const [, version] = new RegExp(`^ {2}['"]?${name}['"]?: (.+)$`, 'm').exec(text) ?? [];
  if (version === undefined) throw new Error(`pnpm-workspace.yaml has no ${name} in its catalog`);
  return version;
}

/**
 * @typedef {object} Project
 * @property {string} folder
 * @property {(name: string, text: string) => void} write
 * @property {(...args: string[]) => void} node runs Node in the folder
 */

/**
 * Makes a project, lets it be used, and removes it.
 * @param {{ tarballs: Record<string, string>, beside: string[], files: string[] }} options `beside` are the names of what
 * else is installed, `files` what is copied into it from this folder
 * @param {(project: Project) => void | Promise<void>} use
 */
export async function inProject({ tarballs, beside, files }, use) {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-consumer-'));
  const write = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(join(folder, name), text);
  /** @param {string} command @param {string[]} args */
  const run = (command, args) => {
    const shell = process.platform === 'win32';
    execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], shell });
  };
  try {
    const dependencies = { ...tarballs, ...Object.fromEntries(beside.map((name) => [name, catalogVersion(name)])) };
    write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies }, null, 2));
    for (const file of files) cpSync(join(import.meta.dirname, file), join(folder, basename(file)));
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
    await use({ folder, write, node: (...args) => run(process.execPath, args) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Checks the types of a project in both ways of resolving, and says so. @param {Project} project @param {string} what */
export function checkTypes({ node }, what) {
  for (const resolution of ['node16', 'bundler']) {
    node('node_modules/typescript/bin/tsc', '-p', `tsconfig.${resolution}.json`);
    console.log(`${what}: types are right with moduleResolution ${resolution}`);
  }
}
