import { packageOf, type Rule } from './tree.js';

type Conditions = { readonly [condition: string]: string | Conditions };

interface Manifest {
  readonly private?: boolean;
  readonly exports?: Conditions;
  readonly publishConfig?: { readonly exports?: Conditions };
  readonly [field: string]: unknown;
}

const FIELDS = [
  'description',
  'license',
  'repository',
  'homepage',
  'engines',
  'files',
  'sideEffects',
  'type',
  'version',
];

const SOURCE = '@bursar/source';

function withoutSource(conditions: Conditions): Conditions {
  return Object.fromEntries(
    Object.entries(conditions)
      .filter(([condition]) => condition !== SOURCE)
      .map(([condition, target]) => [condition, typeof target === 'string' ? target : withoutSource(target)]),
  );
}

/**
 * The first condition that matches wins, so their order is part of their meaning. Without `require`, an entry is for
 * ES modules alone.
 */
function orderProblem(entry: string, target: string | Conditions): string | undefined {
  if (typeof target === 'string') return entry.endsWith('.json') ? undefined : 'is one file for all';
  if (!`${SOURCE},import,require`.startsWith(Object.keys(target).join())) {
    return `needs ${SOURCE}, import, require, in this order`;
  }
  const formats = Object.values(target).slice(1);
  const typesFirst = formats.every((part) => typeof part === 'object' && Object.keys(part).join() === 'types,default');
  return typesFirst ? undefined : 'needs types before default, for import and for require';
}

function problemsOf(path: string, manifest: Manifest): string[] {
  const problems = FIELDS.filter((field) => manifest[field] === undefined).map((field) => `has no "${field}"`);
  const { exports = {}, publishConfig } = manifest;
  for (const [entry, target] of Object.entries(exports)) {
    const problem = orderProblem(entry, target);
    if (problem !== undefined) problems.push(`exports "${entry}" ${problem}`);
  }
  if (JSON.stringify(publishConfig?.exports) !== JSON.stringify(withoutSource(exports))) {
    problems.push(`publishConfig.exports must be exports without ${SOURCE}: it is what gets published`);
  }
  return problems.map((problem) => `${path} ${problem}.`);
}

/** A published package.json is right the first time. */
export const manifests: Rule = {
  name: "a package's manifest is complete, and publishes no source condition",
  check: (files) =>
    files
      .filter(({ path }) => packageOf(path) !== undefined && /^packages\/[^/]+\/package\.json$/.test(path))
      .map(({ path, text }) => ({ path, manifest: JSON.parse(text) as Manifest }))
      .filter(({ manifest }) => manifest.private !== true)
      .flatMap(({ path, manifest }) => problemsOf(path, manifest)),
};
