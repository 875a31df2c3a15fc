/**
 * Mutation testing, by Stryker: changes the code of a package in small ways, one at a time, and looks whether a test notices.
 *
 *     npm run mutation -- core
 *     npm run mutation -- payouts             all of it: an hour or two on two cores
 *     npm run mutation -- payouts ledger .    folders of its src, or single files; `.` is what stands in no folder
 *
 * Prints the score of each, and every mutant that no test notices and that docs/reference/mutation-survivors.md does not
 * explain. Ends with 1 where there is such a one, or where the score is under 90 %. What Stryker itself reports is in
 * .cache/mutation.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { printReport } from './mutation-report.mjs';
import { root } from './root.mjs';

const SUBJECTS = ['core', 'payouts'];

/** Its own installation: 65 MB that nothing else needs. */
const tools = `${root}/test/mutation`;
const folder = `${root}/.cache/mutation`;

const [subject = '', ...asked] = process.argv.slice(2);
if (!SUBJECTS.includes(subject)) {
  console.error(`There is no mutation testing of "${subject}". There is: ${SUBJECTS.join(', ')}.`);
  process.exit(1);
}
const source = `packages/${subject}/src`;
for (const part of asked) {
  if (existsSync(`${root}/${source}/${part}`)) continue;
  console.error(`There is no ${part} in ${source}.`);
  process.exit(1);
}

/** A run of Stryker each: what is done stays, and the tests beside the code go first. */
const parts = asked.length > 0 ? asked : ['.', ...foldersOf(`${root}/${source}`)];

/** @param {string} path */
function foldersOf(path) {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** @param {string} part @param {string} report */
function optionsFor(part, report) {
  const glob = part.endsWith('.ts') ? part : part === '.' ? '*.ts' : `${part}/**/*.ts`;
  return {
    testRunner: 'vitest',
    // Stryker's "related" reads the graph of imports again for each mutant.
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    mutate: [`${source}/${glob}`, '!**/*.test.ts'],
    // What is copied. No mutator and no mutant is left out: those of constants and messages are in the score.
    ignorePatterns: [
      '**',
      '!packages/*/package.json',
      '!packages/{core,payouts,memory,storage-testkit}/**',
      '!test/mutation/*.{ts,mjs}',
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
    tempDirName: `${folder}/copies`,
    cleanTempDir: 'always',
    reporters: ['progress-append-only', 'json', 'html'],
    jsonReporter: { fileName: `${report}.json` },
    htmlReporter: { fileName: `${report}.html` },
    allowConsoleColors: false,
  };
}

/** @param {string} command @param {string[]} args @param {string} cwd @param {string} [part] */
function run(command, args, cwd, part = '.') {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, BURSAR_MUTATION: subject, BURSAR_MUTATION_PART: part },
    // npm is a batch file on Windows.
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`\`${[command, ...args].join(' ')}\` ended with ${status}.`);
  process.exit(1);
}

async function install() {
  const { ensureInstalled } = await import('./install.mjs');
  await ensureInstalled();
  const lock = readFileSync(`${tools}/package-lock.json`, 'utf8');
  const stamp = `${tools}/node_modules/.bursar-installed`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  run('npm', ['ci', '--no-audit', '--no-fund'], tools);
  writeFileSync(stamp, lock);
}

await install();
mkdirSync(folder, { recursive: true });
const reports = parts.map((part) => {
  const report = `${folder}/${subject}-${part.replaceAll(/[/\\]/g, '-')}`;
  // That of an earlier run must not be read as that of this.
  rmSync(`${report}.json`, { force: true });
  writeFileSync(`${folder}/stryker.json`, JSON.stringify(optionsFor(part, report)));
  run(
    process.execPath,
    [`${tools}/node_modules/@stryker-mutator/core/bin/stryker.js`, 'run', `${folder}/stryker.json`],
    root,
    part,
  );
  return { part, report: JSON.parse(readFileSync(`${report}.json`, 'utf8')) };
});
process.exitCode = printReport(subject, reports);
