import { readdirSync, readFileSync } from 'node:fs';
import { LEFT_OUT } from '../test/mutation/left-out.mjs';
import { root } from './root.mjs';

const LOWEST_SCORE = 90;

/** Explains each mutant that no test notices: one a line of its blocks, as it is printed here. */
const PAGE = 'docs/reference/mutation-survivors.md';

/**
 * @typedef {{ line: number, column: number }} Position both from 1
 * @typedef {object} Mutant
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
  // The end first: both may be on one line.
  lines.push((lines.pop() ?? '').slice(0, end.column - 1));
  lines.unshift((lines.shift() ?? '').slice(start.column - 1));
  return lines.join('\n');
}

/** By its text, so that a mutant keeps its name when lines move. @param {string} file @param {string} source @param {Mutant} mutant */
function nameOf(file, source, { location, replacement = '' }) {
  return `${file.replace(/^packages\//, '')}: ${oneLine(textAt(source, location))} -> ${oneLine(replacement)}`;
}

/** The lines of the page's blocks, each with how often it is there. */
function explained() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [, block = ''] of readFileSync(`${root}/${PAGE}`, 'utf8').matchAll(/^```text\n(.*?)^```/gms)) {
    for (const line of block.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

/** A test file that cannot be loaded fails no run: it is only missing. @param {string} subject @param {Report} report */
function assertAllTestsRan(subject, { testFiles = {} }) {
  const ran = Object.keys(testFiles).join('\n');
  const missing = readdirSync(`${root}/packages/${subject}`, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /^(src|test)\/.*\.test\.ts$/.test(path) && !LEFT_OUT.includes(path) && !ran.includes(path));
  if (missing.length > 0) throw new Error(`These tests took no part: ${missing.join(', ')}`);
}

/** @param {string} name @param {Mutant[]} mutants */
function row(name, mutants) {
  const count = (/** @type {string} */ status) => mutants.filter((mutant) => mutant.status === status).length;
  const [killed, timedOut, survived, unreached] = ['Killed', 'Timeout', 'Survived', 'NoCoverage'].map(count);
  return `| ${name} | ${scoreOf(mutants).toFixed(1)} % | ${killed} | ${timedOut} | ${survived} | ${unreached} |`;
}

/** Of a hundred mutants, how many a test noticed. @param {Mutant[]} mutants */
function scoreOf(mutants) {
  const counted = mutants.filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status));
  const noticed = counted.filter(({ status }) => status === 'Killed' || status === 'Timeout');
  return counted.length === 0 ? 100 : (100 * noticed.length) / counted.length;
}

/**
 * Prints the mutants that are not explained, and the scores.
 * @param {string} subject @param {readonly { part: string, report: Report }[]} parts
 * @returns {number} the exit code
 */
export function printReport(subject, parts) {
  const known = explained();
  let unexplained = 0;
  const all = [];
  const rows = [];
  for (const { part, report } of parts) {
    assertAllTestsRan(subject, report);
    const mutants = [];
    for (const [file, { source, mutants: ofFile }] of Object.entries(report.files)) {
      mutants.push(...ofFile);
      for (const mutant of ofFile) {
        if (mutant.status !== 'Survived' && mutant.status !== 'NoCoverage') continue;
        const name = nameOf(file, source, mutant);
        const left = known.get(name) ?? 0;
        known.set(name, left - 1);
        if (left > 0) continue;
        unexplained++;
        console.log(`${file}:${mutant.location.start.line}\n${name}`);
      }
    }
    rows.push(row(part === '.' ? '(no folder)' : part, mutants));
    all.push(...mutants);
  }
  console.log(
    `\n| ${subject} | score | noticed | timed out | survived | not reached |\n| --- | --- | --- | --- | --- | --- |`,
  );
  for (const line of [...rows, row('all', all)]) console.log(line);
  if (unexplained > 0) console.log(`\n${PAGE} does not explain ${unexplained} survivors: they are above.`);
  return unexplained > 0 || scoreOf(all) < LOWEST_SCORE ? 1 : 0;
}
