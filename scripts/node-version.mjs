/**
 * Imported first by every script that somebody may run on a machine that is not set up yet, and so written in what
 * old versions of Node can read.
 */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * What is wrong with a version of Node, or `undefined`.
 * @param {string} found for example `18.20.4`
 * @param {string} needed a range of the form `>=20.19`
 */
export function nodeVersionProblem(found, needed) {
  const [major = 0, minor = 0] = found.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.replace('>=', '').split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `Bursar needs Node ${needed.replace('>=', '')} or newer; this is Node ${found} (${process.execPath}).`;
}

const problem = nodeVersionProblem(process.versions.node, engines.node);
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}
