/**
 * Mutation testing, by Stryker: changes the code of a package in small ways, one at a time, and looks whether a test notices.
 *
 *     npm run mutation -- core
 *     npm run mutation -- payouts                      about an hour on two cores
 *     npm run mutation -- payouts ledger cursor.ts …   only these folders and files of its src
 *
 * Prints the score of each folder, and each mutant that no test noticed and that test/mutation/survivors.mjs does not
 * explain; ends with 1 where there is one, or a score is under 90 %. What Stryker itself reports is in .cache/mutation.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { printReport } from './mutation-report.mjs';
import { root } from './root.mjs';

const SUBJECTS = ['core', 'payouts'];

/** Its own installation: 65 MB that nothing else needs. */
const tools = `${root}/test/mutation`;
const folder = `${root}/.cache/mutation`;

const [subject = '', ...parts] = process.argv.slice(2);
if (!SUBJECTS.includes(subject)) {
  console.error(`There is no mutation testing of "${subject}". There is: ${SUBJECTS.join(', ')}.`);
  process.exit(1);
}

const source = `packages/${subject}/src`;
const mutate = parts.length === 0 ? [`${source}/**/*.ts`] : parts.map(globOf);

/** @param {string} part a folder or file of the package's src */
function globOf(part) {
  if (!existsSync(`${root}/${source}/${part}`)) {
    console.error(`There is no ${part} in ${source}.`);
    process.exit(1);
  }
  return part.endsWith('.ts') ? `${source}/${part}` : `${source}/${part}/**/*.ts`;
}

/** @type {Record<string, unknown>} */
const options = {
  testRunner: 'vitest',
  // Stryker's "related" asks for the graph of imports again for each mutant.
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  mutate: [...mutate, '!**/*.test.ts'],
  // What is copied. No mutator and no mutant is left out, those of constants and messages neither.
  ignorePatterns: [
    '**',
    '!packages/*/package.json',
    '!packages/{core,payouts,memory,storage-testkit}/**',
    '!test/mutation/vitest.config.ts',
    '!tsconfig*.json',
    '!package.json',
    '**/{node_modules,dist}',
  ],
  coverageAnalysis: 'perTest',
  ignoreStatic: false,
  concurrency: 2,
  // A slow machine must not count as a test that noticed.
  timeoutMS: 20_000,
  timeoutFactor: 3,
  tempDirName: folder,
  reporters: ['progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: `${folder}/${subject}.json` },
  htmlReporter: { fileName: `${folder}/${subject}.html` },
  allowConsoleColors: false,
};

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, BURSAR_MUTATION: subject },
    // npm is a batch file on Windows.
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`\`${[command, ...args].join(' ')}\` ended with ${status}.`);
    process.exit(1);
  }
}

const { ensureInstalled } = await import('./install.mjs');
await ensureInstalled();
const lock = readFileSync(`${tools}/package-lock.json`, 'utf8');
const stamp = `${tools}/node_modules/.bursar-installed`;
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  run('npm', ['ci', '--no-audit', '--no-fund'], tools);
  writeFileSync(stamp, lock);
}

mkdirSync(folder, { recursive: true });
// The report of an earlier run must not be read as that of this.
rmSync(`${folder}/${subject}.json`, { force: true });
writeFileSync(`${folder}/stryker.json`, JSON.stringify(options));
run(process.execPath, [`${tools}/node_modules/@stryker-mutator/core/bin/stryker.js`, 'run', `${folder}/stryker.json`], root);
process.exitCode = printReport(subject, JSON.parse(readFileSync(`${folder}/${subject}.json`, 'utf8')));
