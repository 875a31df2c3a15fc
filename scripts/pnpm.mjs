/** Runs the pnpm that package.json pins, wherever npm is: no pnpm has to be installed, and any that is does not matter. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { root } from './root.mjs';

const { packageManager } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

/**
 * @param {string[]} args
 * @param {{ quiet?: boolean, cwd?: string }} [options] `quiet` keeps the output back, and prints it only on failure
 * @returns {Promise<string>} the output, where it was kept back
 */
export function pnpm(args, { quiet = false, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn('npx', ['--yes', packageManager, ...args], {
      cwd,
      // With CI set, pnpm asks no questions.
      env: { ...process.env, CI: 'true' },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      // npx is a batch file on Windows.
      shell: process.platform === 'win32',
    });
    let output = '';
    let errors = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve(output);
      reject(new Error(`${output}${errors}\n\`pnpm ${args.join(' ')}\` ended with ${code}.`));
    });
  });
}
