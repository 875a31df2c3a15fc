/**
 * Packs every package as it would be published, and checks the tarball: what is in it, that publint has nothing to say,
 * and that TypeScript finds the right types in every way of resolving (`attw`). Then the whole set is published, up to
 * the step that would send it. Needs a build.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packAll } from './pack.mjs';
import { pnpm } from './pnpm.mjs';

/** The condition under which this repository reads its own sources. */
const SOURCE_CONDITION = '@bursar/source';

/** @param {string} tarball */
function contents(tarball) {
  return execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}

/** @param {string} tarball */
function manifestOf(tarball) {
  return JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));
}

/** @param {unknown} exports @returns {string[]} every file that `exports` leads to */
function targets(exports) {
  if (typeof exports === 'string') return [exports.replace(/^\.\//, '')];
  return Object.values(/** @type {object} */ (exports)).flatMap(targets);
}

/** @param {string} tarball @returns {string[]} */
function wrongContents(tarball) {
  const files = contents(tarball);
  const manifest = manifestOf(tarball);
  const problems = [];
  for (const file of ['LICENSE', 'README.md']) if (!files.includes(file)) problems.push(`${file} is missing`);
  for (const file of files) {
    if (!/^(dist\/.*\.(c?js|d\.c?ts)(\.map)?|dist\/assets\/.*\.css|package\.json|README\.md|LICENSE)$/.test(file)) {
      problems.push(`${file} has no place in what is published`);
    }
  }
  for (const file of targets(manifest.exports)) {
    if (!files.includes(file)) problems.push(`exports leads to ${file}, which is not there`);
  }
  if (JSON.stringify(manifest.exports).includes(SOURCE_CONDITION)) problems.push(`exports has ${SOURCE_CONDITION}`);
  const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies };
  for (const [name, range] of Object.entries(dependencies)) {
    if (/^(workspace|catalog|link|file):/.test(range)) problems.push(`${name} is asked for as ${range}`);
  }
  return problems;
}

/** @param {string} tarball @returns {Promise<string[]>} */
async function publintMessages(tarball) {
  const bytes = new Uint8Array(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`);
}

const attw = createRequire(import.meta.url)
  .resolve('@arethetypeswrong/cli/package.json')
  .replace('package.json', 'dist/index.js');

/** @param {string} tarball @param {boolean} requirable @returns {string[]} */
function wrongTypes(tarball, requirable) {
  try {
    // Both profiles leave out `moduleResolution: node10`, which does not read `exports` at all.
    const profile = requirable ? 'node16' : 'esm-only';
    execFileSync(process.execPath, [attw, tarball, '--profile', profile, '--format', 'ascii', '--no-color'], {
      stdio: 'pipe',
    });
    return [];
  } catch (error) {
    return [`attw: ${/** @type {{ stdout: Buffer }} */ (error).stdout}`];
  }
}

/** @param {string[]} names */
async function publishDry(names) {
  const args = ['--filter', './packages/*', 'publish', '--dry-run', '--no-git-checks'];
  const output = await pnpm(args, { quiet: true });
  const missing = names.filter((name) => !output.includes(`${name}@`));
  if (missing.length > 0) throw new Error(`A release would leave out ${missing.join(', ')}:\n${output}`);
  console.log(`ok     a dry publish of all ${names.length}`);
}

let failed = false;
const packed = await packAll();
for (const { name, specifiers, requirable, tarball } of packed) {
  const problems = [
    ...wrongContents(tarball),
    ...(await publintMessages(tarball)),
    ...wrongTypes(tarball, requirable.length === specifiers.length),
  ];
  console.log(`${problems.length === 0 ? 'ok    ' : 'WRONG '} ${name}`);
  for (const problem of problems) console.log(`       ${problem.replaceAll('\n', '\n       ')}`);
  failed ||= problems.length > 0;
}
await publishDry(packed.map(({ name }) => name));
if (failed) process.exitCode = 1;
