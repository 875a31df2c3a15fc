import { posix } from 'node:path';
import { importsOf, isPackageSource, isTest, packageOf, place, type Rule, type SourceFile } from './tree.js';

const CONTRACTS = ['@bursar/core/storage', '@bursar/payouts/storage'];
const CORE = ['@bursar/core', '@bursar/core/storage'];
const PAYOUTS = ['@bursar/payouts', '@bursar/payouts/storage', '@bursar/payouts/http'];

/** What the sources of each package may import of this repository. A new package gets a line here first. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  payouts: CORE,
  hono: [...CORE, ...PAYOUTS],
  express: [...CORE, ...PAYOUTS],
  fastify: [...CORE, ...PAYOUTS],
  fetch: [...CORE, ...PAYOUTS],
  next: ['@bursar/fetch'],
  'bank-transfer': [...CORE, ...PAYOUTS],
  access: CORE,
  observe: [...CORE, ...PAYOUTS],
  'api-reference': CORE,
  memory: CONTRACTS,
  sqlite: CONTRACTS,
  postgres: CONTRACTS,
  'storage-testkit': [...CORE, ...PAYOUTS],
  client: [],
  wallet: ['@bursar/core', '@bursar/client'],
  cli: [...CORE, ...PAYOUTS, '@bursar/access', '@bursar/dashboard', '@bursar/postgres', '@bursar/sqlite'],
  webhooks: [...CORE, ...PAYOUTS],
  dashboard: [...CORE, ...PAYOUTS, '@bursar/webhooks'],
};

const WHY =
  'Arrows point one way: express, fastify, fetch, hono → payouts → core, and a storage package sees the two contracts alone. ' +
  'Move the code to the package that may know of both, or export what is missing from the contract.';

function problemsOf(file: SourceFile): string[] {
  const own = packageOf(file.path);
  const problems: string[] = [];
  for (const { specifier, node } of importsOf(file)) {
    if (specifier.startsWith('.')) {
      const target = posix.join(posix.dirname(file.path), specifier);
      if (own !== undefined && packageOf(target) !== own) {
        problems.push(`${place(file, node)} leaves its package by ${specifier}: import the other package by its name.`);
      }
      if (own === undefined && /^packages\/[^/]+\/(src|dist)\//.test(target)) {
        problems.push(`${place(file, node)} reaches into ${target}: import the package by its name.`);
      }
    } else if (/^@bursar\/[^/]+\/(src|dist)(\/|$)/.test(specifier)) {
      problems.push(`${place(file, node)} reaches into ${specifier}: use what the package exports.`);
    } else if (own !== undefined && specifier.startsWith('@bursar/') && isPackageSource(file.path)) {
      const allowed = MAY_IMPORT[own];
      if (allowed === undefined) {
        problems.push(`${file.path}: the package ${own} has no line in test/tidy/arrows.ts. Add what it may import.`);
      } else if (!allowed.includes(specifier)) {
        problems.push(`${place(file, node)}: ${own} may not import ${specifier}. ${WHY}`);
      }
    }
  }
  return problems;
}

/** A package knows only of those below it, and of those only what an outside author can import too. */
export const arrows: Rule = {
  name: 'package arrows point one way',
  // The tidy test names made-up paths in strings only, so its own files can be checked as well.
  check: (files) =>
    files.filter((file) => isPackageSource(file.path) || isTest(file.path) || isOwn(file)).flatMap(problemsOf),
};

const isOwn = (file: SourceFile): boolean => /^(examples|bench|test)\/.*\.ts$/.test(file.path);
