/** Runs test files in workerd, the runtime of Cloudflare Workers: one worker a package, or two. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { root } from '../../../scripts/root.mjs';
import { bundleWorker, sortForWorkerd } from './bundle.mjs';

const folder = `${root}/.cache/workerd`;

/** workerd is asked to behave as on this day. */
const COMPATIBILITY_DATE = '2026-08-01';

/** A worker that does not end cannot be told from one that takes long. */
const LIMIT_MS = 300_000;

/** @typedef {{ name: string, files: string[], flags: string[] }} Worker */

/** @param {Worker[]} workers */
function configuration(workers) {
  const services = workers.map(
    ({ name, flags }) =>
      `(name = "${name}", worker = (modules = [(name = "worker", esModule = embed "${name}.js")], ` +
      `compatibilityDate = "${COMPATIBILITY_DATE}", compatibilityFlags = ${JSON.stringify(flags)}))`,
  );
  const sockets = workers.map(
    ({ name }) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`,
  );
  return (
    'using Workerd = import "/workerd/workerd.capnp";\n' +
    `const config :Workerd.Config = (\n  services = [${services.join(', ')}],\n  sockets = [${sockets.join(', ')}]\n);\n`
  );
}

/**
 * @param {import('../selection.mjs').Selection['packages']} packages
 * @returns {Promise<{ workers: Worker[], left: { file: string, why: string }[] }>}
 */
async function workersFor(packages) {
  const sorted = await sortForWorkerd(packages.flatMap(({ files }) => files));
  const workers = packages.flatMap(({ name, files }) => [
    { name, files: files.filter((file) => sorted.plain.includes(file)), flags: [] },
    { name: `${name}-node`, files: files.filter((file) => sorted.node.includes(file)), flags: ['nodejs_compat'] },
  ]);
  return { workers: workers.filter(({ files }) => files.length > 0), left: sorted.left };
}

/**
 * Resolves to the address of each worker, once workerd listens for all of them.
 * @param {import('node:stream').Readable} control one JSON a line
 * @param {number} count
 * @returns {Promise<Map<string, string>>}
 */
async function addresses(control, count) {
  /** @type {Map<string, string>} */
  const found = new Map();
  let text = '';
  for await (const chunk of control) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const { event, socket, port } = JSON.parse(line);
      if (event === 'listen') found.set(socket, `http://127.0.0.1:${port}/`);
    }
    if (found.size === count) return found;
  }
  throw new Error('workerd ended before it listened');
}

/** @param {string} url @param {string} file @returns {Promise<import('./outcome.js').Outcome[]>} */
async function runFile(url, file) {
  const answer = await fetch(url, { method: 'POST', body: file, signal: AbortSignal.timeout(LIMIT_MS) });
  if (answer.ok) return /** @type {Promise<import('./outcome.js').Outcome[]>} */ (answer.json());
  throw new Error(`${file} ended with ${answer.status}: ${await answer.text()}`);
}

/**
 * @param {string} program
 * @param {import('../selection.mjs').Selection['packages']} packages
 * @returns {Promise<{ outcomes: import('./outcome.js').Outcome[], workers: Worker[], left: { file: string, why: string }[] }>}
 */
export async function runOnWorkerd(program, packages) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { workers, left } = await workersFor(packages);
  for (const { name, files } of workers) await bundleWorker(files, `${folder}/${name}.js`);
  writeFileSync(`${folder}/config.capnp`, configuration(workers));
  const workerd = spawn(program, ['serve', '--control-fd=3', 'config.capnp'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const ended = once(workerd, 'close');
  try {
    const control = /** @type {import('node:stream').Readable} */ (workerd.stdio[3]);
    const urls = await addresses(control, workers.length);
    const outcomes = [];
    for (const { name, files } of workers) {
      for (const file of files) outcomes.push(...(await runFile(String(urls.get(name)), file)));
    }
    return { outcomes, workers, left };
  } finally {
    workerd.kill();
    await ended;
  }
}
