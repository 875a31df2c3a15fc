/**
 * Installs the packed packages with npm into empty projects, as users do, and uses them there. In one are all of them:
 * imported as ES modules, required as CommonJS, type-checked in both ways of resolving with the declarations of the
 * packages included, and bundled. In the others is a server of one framework, which runs and is asked. Needs a build.
 */
import { packAll } from '../../scripts/pack.mjs';
import { publishedPackages } from '../../scripts/packages.mjs';
import { checkTypes, inProject } from './project.mjs';
import { checkTreeShaking } from './tree-shaking.mjs';

/** What a project that uses all packages has beside them: their peers, and the tools to check types. */
const BESIDE_ALL = [
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

/** A server of each framework: the packages that it installs, and what else. One more framework is one more line. */
const SERVERS = [
  { name: 'express', packages: ['express'], beside: ['express', '@types/express'] },
  { name: 'hono', packages: ['hono'], beside: ['hono', '@hono/node-server'] },
];

const TYPES = ['tsconfig.node16.json', 'tsconfig.bundler.json'];

/** @param {string[]} specifiers */
function importsOf(specifiers) {
  return specifiers.map((specifier, index) => `import * as _${index} from '${specifier}';\nvoid _${index};`).join('\n');
}

/** @param {Record<string, string>} tarballs */
async function useAll(tarballs) {
  const packages = publishedPackages();
  const importable = packages.flatMap(({ specifiers }) => specifiers);
  const requirable = packages.flatMap((published) => published.requirable);
  const files = ['same-names.mjs', 'usage.mts', 'usage.cts', ...TYPES];
  await inProject({ tarballs, beside: BESIDE_ALL, files }, async (project) => {
    project.write('specifiers.json', JSON.stringify({ importable, requirable }));
    project.write('all.mts', importsOf(importable));
    project.write('all.cts', importsOf(requirable));
    project.node('same-names.mjs');
    checkTypes(project, 'all packages');
    await checkTreeShaking(project.folder, importable);
  });
}

/** @param {Record<string, string>} tarballs @param {(typeof SERVERS)[number]} server */
async function useServer(tarballs, { name, packages, beside }) {
  // The packages below it too: npm would look for those in the registry, where they are not yet.
  const names = ['core', 'payouts', 'memory', ...packages].map((folder) => `@bursar/${folder}`);
  const needed = Object.fromEntries(names.map((one) => [one, String(tarballs[one])]));
  const files = [`servers/${name}.mts`, 'servers/ask.mts', ...TYPES];
  await inProject({ tarballs: needed, beside: [...beside, 'typescript', '@types/node'], files }, (project) => {
    checkTypes(project, name);
    project.node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.node16.json', '--noEmit', 'false');
    project.node(`${name}.mjs`);
  });
}

try {
  const packed = await packAll();
  const tarballs = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  await useAll(tarballs);
  for (const server of SERVERS) await useServer(tarballs, server);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
