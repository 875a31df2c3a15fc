import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { LEFT_OUT } from './left-out.mjs';

/** The root of the copy that has the mutants: this file is in it too. */
const root = `${import.meta.dirname}/../..`;
const { BURSAR_MUTATION: subject = 'core', BURSAR_MUTATION_PART: part = '.' } = process.env;

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

/** These take a second and more each. */
const SLOW = /\/(email|export|forget|verify|verify-withdrawals)\.test\.ts$/;

/** A mutant is done with at the first test that notices it: mostly one beside its code. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const near = part === '.' ? /\/src\/[^/]+$/ : new RegExp(`/src/${part.replace(/\.ts$/, '')}[/.]`);
    const place = ({ moduleId }: TestSpecification): number =>
      (near.test(moduleId) ? 0 : 2) + (SLOW.test(moduleId) ? 1 : 0);
    return [...files].sort((one, other) => place(one) - place(other) || (one.moduleId < other.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  resolve: { alias },
  test: {
    root: `${root}/packages/${subject}`,
    include: ['{src,test}/**/*.test.ts'],
    exclude: LEFT_OUT,
    runner: `${import.meta.dirname}/runner.ts`,
    // Stryker starts a run a mutant; a worker a test file would be most of its time.
    isolate: false,
    sequence: { sequencer: NearestFirst },
    // A test that waits for ever is a mutant that was noticed; a busy machine must not look like one.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
