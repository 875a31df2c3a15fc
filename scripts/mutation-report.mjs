import { readdirSync, readFileSync } from 'node:fs';
import { root } from './root.mjs';

const LOWEST_SCORE = 90;

/** Where each mutant that no test notices is explained. */
const PAGE = 'docs/reference/mutation-survivors.md';

/**
 * @typedef {{ line: number, column: number }} Position both from 1
 * @typedef {object} Mutant
 * @property {string} mutatorName
 * @property {string} [replacement]
 * @property {string} status
 * @property {{ start: Position, end: Position }} location
 *
 * @typedef {object} Report https://github.com/stryker-mutator/mutation-testing-elements
 * @property {Record<string, { source: string, mutants: Mutant[] }>} files
 * @property {Record<string, unknown>} [testFiles]
 */

/** @param {string} text */
const oneLine = (text) => text.replaceAll(/\s+/g, ' ').trim();

/** @param {string} source @param {Mutant['location']} location */
function textAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1);
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  return lines.join('\n');
}

/**
 * Names a mutant by its text, so that the name stays when lines move.
 * @param {string} file @param {string} source @param {Mutant} mutant
 */
function nameOf(file, source, { location, replacement = '' }) {
  return `${file.replace(/^packages\//, '')}: ${oneLine(textAt(source, location))} -> ${oneLine(replacement)}`;
}

/** The lines of the page's blocks, each as often as it is there. */
function explained() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [, block = ''] of readFileSync(`${root}/${PAGE}`, 'utf8').matchAll(/^```text\n(.*?)^```/gms)) {
    for (const line of block.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

/** @param {string} subject @param {Report} report a test file that could not be loaded is in none */
function missingTests(subject, { testFiles = {} }) {
  const ran = Object.keys(testFiles).join('\n');
  return readdirSync(`${root}/packages/${subject}`, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /^(src|test)[/\\].*\.test\.ts$/.test(path) && !ran.includes(path.replaceAll('\\', '/')),
  );
}

/** @param {Mutant[]} mutants */
function tally(mutants) {
  const count = (/** @type {string[]} */ ...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = count('Killed');
  const timedOut = count('Timeout');
  const survived = count('Survived', 'NoCoverage');
  const score = (100 * (killed + timedOut)) / Math.max(1, killed + timedOut + survived);
  return { killed, timedOut, survived, score };
}

/**
 * Prints the scores and what is not explained.
 * @param {string} subject @param {Report} report @param {readonly string[]} slow test files that are left out
 * @returns {number} the exit code
 */
export function printReport(subject, report, slow) {
  const missing = missingTests(subject, report).filter((path) => !slow.includes(path));
  if (missing.length > 0) throw new Error(`These tests took no part: ${missing.join(', ')}`);

  /** @type {Map<string, Mutant[]>} */
  const folders = new Map();
  const known = explained();
  let unexplained = 0;
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    const [folder = ''] = file.slice(`packages/${subject}/src/`.length).split('/');
    const name = folder.endsWith('.ts') ? '(top)' : folder;
    folders.set(name, [...(folders.get(name) ?? []), ...mutants]);
    for (const mutant of mutants) {
      if (mutant.status !== 'Survived' && mutant.status !== 'NoCoverage') continue;
      const left = known.get(nameOf(file, source, mutant)) ?? 0;
      known.set(nameOf(file, source, mutant), left - 1);
      if (left > 0) continue;
      unexplained++;
      console.log(`${mutant.status} ${file}:${mutant.location.start.line}\n${nameOf(file, source, mutant)}`);
    }
  }

  const row = (/** @type {string} */ name, /** @type {Mutant[]} */ mutants) => {
    const { killed, timedOut, survived, score } = tally(mutants);
    return `| ${name} | ${score.toFixed(1)} % | ${killed} | ${timedOut} | ${survived} |`;
  };
  console.log(`\n| ${subject} | score | killed | timed out | survived |\n| --- | --- | --- | --- | --- |`);
  for (const [name, mutants] of [...folders].sort()) console.log(row(name, mutants));
  const all = [...folders.values()].flat();
  console.log(row('all', all));
  if (unexplained > 0) console.log(`\n${unexplained} survivors that ${PAGE} does not explain: they are above.`);
  return tally(all).score < LOWEST_SCORE || unexplained > 0 ? 1 : 0;
}
