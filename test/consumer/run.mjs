/**
 * Installs the packed packages with npm into an empty project, as a user does, and uses them there: imported as ES
 * modules, required as CommonJS, and type-checked in both ways of resolving, the declarations of the packages included.
 * Needs a build.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../../scripts/pack.mjs';
import { publishedPackages } from '../../scripts/packages.mjs';
import { root } from '../../scripts/root.mjs';

const project = mkdtempSync(join(tmpdir(), 'bursar-consumer-'));

/** What a project that uses all packages has beside them: their peers, and the tools to check types. */
const BESIDE = [
  'hono',
  'express',
  '@types/express',
  'fastify',
  'better-sqlite3',
  '@types/better-sqlite3',
  'pg',
  'prom-client',
  'pino',
  '@opentelemetry/api',
  'vitest',
  'typescript',
  '@types/node',
];

/** The versions that this repository itself uses. */
function catalogVersion(/** @type {string} */ name) {
  const text = readFileSync(`${root}/pnpm-workspace.yaml`, 'utf8');
  const [, version] = new RegExp(`^ {2}['"]?${name}['"]?: (.+)$`, 'm').exec(text) ?? [];
  if (version === undefined) throw new Error(`pnpm-workspace.yaml has no ${name} in its catalog`);
  return version;
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const shell = process.platform === 'win32';
  execFileSync(command, args, { cwd: project, stdio: ['ignore', 'inherit', 'inherit'], shell });
}

/** @param {string[]} specifiers */
function importsOf(specifiers) {
  return specifiers.map((specifier, index) => `import * as _${index} from '${specifier}';\nvoid _${index};`).join('\n');
}

function writeProject(/** @type {Record<string, string>} */ tarballs) {
  const beside = Object.fromEntries(BESIDE.map((name) => [name, catalogVersion(name)]));
  const manifest = { name: 'consumer', private: true, dependencies: { ...tarballs, ...beside } };
  writeFileSync(`${project}/package.json`, JSON.stringify(manifest, null, 2));
  const packages = publishedPackages();
  const importable = packages.flatMap(({ specifiers }) => specifiers);
  const requirable = packages.flatMap((published) => published.requirable);
  writeFileSync(`${project}/specifiers.json`, JSON.stringify({ importable, requirable }));
  writeFileSync(`${project}/all.mts`, importsOf(importable));
  writeFileSync(`${project}/all.cts`, importsOf(requirable));
  for (const file of ['same-names.mjs', 'usage.mts', 'usage.cts', 'tsconfig.node16.json', 'tsconfig.bundler.json']) {
    cpSync(join(import.meta.dirname, file), join(project, file));
  }
}

try {
  const packed = await packAll();
  writeProject(Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`])));
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
  run(process.execPath, ['same-names.mjs']);
  for (const resolution of ['node16', 'bundler']) {
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${resolution}.json`]);
    console.log(`types: right with moduleResolution ${resolution}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}
