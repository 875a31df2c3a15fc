/** Which tests run on which runtime: those of every package, unless a line here says why not. */
import { existsSync, readdirSync } from 'node:fs';
import { root } from '../../scripts/root.mjs';

/** @typedef {'node' | 'bun' | 'deno' | 'workerd'} RuntimeName */

/** @type {RuntimeName[]} */
export const RUNTIMES = ['node', 'bun', 'deno', 'workerd'];

/**
 * @typedef {object} Exception
 * @property {RegExp} files
 * @property {RuntimeName[]} [on] where it holds: everywhere unless named
 * @property {string} why
 * @property {boolean} [slow] `--all` runs them nevertheless
 */

/** @type {Exception[]} the first that concerns a file gives the reason */
const EXCEPTIONS = [
  { files: /\.bun-sqlite\.test\.ts$/, on: ['node', 'deno', 'workerd'], why: 'bun:sqlite is a part of Bun' },
  { files: /\.node-sqlite\.test\.ts$/, on: ['bun', 'workerd'], why: 'node:sqlite is a part of Node and Deno' },
  {
    files: /^packages\/(cli\/|sqlite\/(?!.*\.(bun|node)-sqlite\.)|webhooks\/test\/on-sqlite)/,
    why: 'better-sqlite3 is an addon, compiled for the Node that installed it',
  },
  { files: /^packages\/postgres\//, why: 'it is about PostgreSQL, for which a server has to be started' },
  {
    files: /^packages\/(api-reference|wallet|dashboard)\/(test|src)\//,
    why: 'it is about pages, which a browser runs',
  },
  {
    files: /^packages\/(express|fastify|next|observe|webhooks)\//,
    on: ['workerd'],
    why: 'the package is for servers of Node',
  },
  {
    files: /^packages\/payouts\/src\/ledger\/transfer\.overload\.test/,
    on: ['workerd'],
    why: 'workerd holds no more than 10,000 timers, as many as may wait here',
  },
  {
    files:
      /^packages\/(payouts\/(test\/(fault-runs|ledger-model|withdrawals\.races)|src\/withdrawal\/export)|storage-testkit\/src\/broken)\.test/,
    why: 'it takes long',
    slow: true,
  },
];

/** @param {string} name @returns {string[]} from the root of the repository */
function testFilesOf(name) {
  return ['src', 'client', 'test']
    .map((folder) => `packages/${name}/${folder}`)
    .filter((folder) => existsSync(`${root}/${folder}`))
    .flatMap((folder) =>
      readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.test.ts'))
        .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
    )
    .sort();
}

/**
 * @typedef {object} Selection paths from the root of the repository
 * @property {{ name: string, files: string[] }[]} packages what runs
 * @property {{ file: string, why: string }[]} left what does not
 */

/** @param {RuntimeName} runtime @param {boolean} all also what takes long @returns {Selection} */
export function selectFor(runtime, all) {
  const exceptions = EXCEPTIONS.filter(({ on, slow }) => (on?.includes(runtime) ?? true) && !(slow && all));
  /** @type {Selection['left']} */
  const left = [];
  const packages = readdirSync(`${root}/packages`).map((name) => {
    const files = testFilesOf(name).filter((file) => {
      const why = exceptions.find(({ files: concerned }) => concerned.test(file))?.why;
      if (why !== undefined) left.push({ file, why });
      return why === undefined;
    });
    return { name, files };
  });
  return { packages: packages.filter(({ files }) => files.length > 0), left };
}
