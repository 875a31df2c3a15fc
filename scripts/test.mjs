import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { credentialPattern } from './credential-pattern.mjs';
import { root } from './root.mjs';
import { reportsFolder } from './test-reports.mjs';

/** A test in an endless loop cannot time out by itself: no timer runs. It shows as silence. */
const SILENCE_MINUTES = 5;

const windows = process.platform === 'win32';

/**
 * Runs Vitest on the whole repository, or on what the arguments say, and resolves to its exit code. The output is
 * passed on line by line and must hold no credential: the second net, under the one inside the tests.
 * @param {string[]} args for Vitest, for example `--project`, `core`
 * @returns {Promise<number>}
 */
export function runTests(args) {
  rmSync(reportsFolder, { recursive: true, force: true });
  mkdirSync(reportsFolder, { recursive: true });
  const child = spawn(process.execPath, vitestArguments(args), {
    cwd: root,
    env: process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that its workers end with it.
    detached: !windows,
  });
  const { pid } = child;
  if (pid === undefined) return Promise.reject(new Error('Vitest could not be started.'));
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => process.kill(windows ? pid : -pid, signal);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => end(signal));

  const silence = setTimeout(() => {
    console.error(`\nNo output for ${SILENCE_MINUTES} minutes: a test of a file not named above does not end.`);
    end('SIGKILL');
  }, SILENCE_MINUTES * 60_000);

  let leaks = 0;
  for (const stream of /** @type {const} */ (['stdout', 'stderr'])) {
    child[stream].on('data', () => silence.refresh());
    passOn(child[stream], process[stream], () => leaks++);
  }

  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(silence);
      if (leaks > 0) console.error(`\nThe tests printed ${leaks} line(s) that look like a credential (hidden above).`);
      resolve(leaks > 0 ? 1 : (code ?? 1));
    });
  });
}

/** @param {string[]} args */
function vitestArguments(args) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportsFolder}/vitest.json`];
  const vitest = `${root}/node_modules/vitest/vitest.mjs`;
  return [vitest, 'run', '--config', `${root}/vitest.workspace.ts`, ...reporters, ...args];
}

/**
 * @param {import('node:stream').Readable} from
 * @param {NodeJS.WriteStream} to
 * @param {() => void} onLeak
 */
function passOn(from, to, onLeak) {
  /** @param {string} line */
  const write = (line) => {
    if (!credentialPattern.test(line)) return to.write(line);
    onLeak();
    return to.write(line.replace(new RegExp(credentialPattern, 'g'), '[a credential]'));
  };
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (/** @type {string} */ chunk) => {
    const lines = (rest + chunk).split(/(?<=\n)/);
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    for (const line of lines) write(line);
  });
  from.on('end', () => rest !== '' && write(rest));
}
