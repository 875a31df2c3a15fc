import { existsSync, readFileSync } from 'node:fs';
import { root } from './root.mjs';

/** Where every test run leaves its JSON report. `ci.mjs` adds up all that are there. */
export const reportsFolder = `${root}/.cache/test-reports`;

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {string} file a JSON report of Vitest @returns {Counts} nothing at all where there is no report */
export function countReport(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
