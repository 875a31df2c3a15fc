import { defineConfig } from 'vitest/config';
import workspace from '../../vitest.workspace.js';
import { type RuntimeName, selectFor } from './selection.mjs';

const { BURSAR_RUNTIME = '', BURSAR_RUNTIME_TESTS } = process.env;
const { packages } = selectFor(BURSAR_RUNTIME.split(' ')[0] as RuntimeName, BURSAR_RUNTIME_TESTS === 'all');
const root = import.meta.dirname;

/** The project of one package replaces a module for a whole file, which the next file would see. */
const ISOLATED = ['express'];

export default defineConfig({
  ...workspace,
  test: {
    setupFiles: [`${root}/../fail-on-console.ts`, `${root}/on-this-runtime.ts`],
    // What Node 20 proves in isolation; here many files share a process, which halves the time.
    isolate: false,
    testTimeout: 60_000,
    projects: packages.map(({ name, files }) => ({
      extends: true as const,
      test: {
        name,
        root: `${root}/../../packages/${name}`,
        include: files.map((file) => file.replace(`packages/${name}/`, '')),
        isolate: ISOLATED.includes(name),
      },
    })),
  },
});
