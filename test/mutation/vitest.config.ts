import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** The root of the copy that has the mutants: this file is in it too. */
const root = `${import.meta.dirname}/../..`;

/**
 * Every entry of every package, from its source in this copy: the links in `node_modules` lead to sources without mutants.
 */
const alias = readdirSync(`${root}/packages`).flatMap((folder) => {
  const { name, exports } = JSON.parse(readFileSync(`${root}/packages/${folder}/package.json`, 'utf8'));
  return Object.entries<Record<string, string>>(exports ?? {}).flatMap(([entry, target]) => {
    const source = target['@bursar/source'];
    if (source === undefined) return [];
    return [{ find: new RegExp(`^${name}${entry.slice(1)}$`), replacement: `${root}/packages/${folder}/${source}` }];
  });
});

/**
 * Thousands of random runs, each through all of the ledger: nearly every mutant would wait for them. Without them the score
 * can only be lower.
 */
const SLOW = ['test/fault-runs.test.ts', 'test/ledger-model.test.ts'];

export default defineConfig({
  resolve: { alias },
  test: {
    root: `${root}/packages/${process.env.BURSAR_MUTATION ?? 'core'}`,
    include: ['{src,test}/**/*.test.ts'],
    exclude: SLOW,
    // Stryker starts a run a mutant; a worker a test file would be most of its time.
    isolate: false,
    // A busy machine is no kill: what does not end is for Stryker to stop, which counts it apart.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
