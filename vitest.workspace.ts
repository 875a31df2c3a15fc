import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

/** Every folder of `packages/` and `examples/` is a project, named after its folder; `whole` is `test/`. */
const folders = ['packages', 'examples'].flatMap((parent) =>
  readdirSync(`${root}/${parent}`).map((name) => ({ name, root: `${root}/${parent}/${name}` })),
);

/** Tests read the sources of the other packages, never a build that may be stale. */
const conditions = ['@bursar/source', 'module', 'node', 'development|production'];

/** A migration is imported as its text, as tsup does it with `loader`. */
const sqlAsText = {
  name: 'sql-as-text',
  enforce: 'pre' as const,
  load(id: string) {
    return id.endsWith('.sql') ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : undefined;
  },
};

export default defineConfig({
  plugins: [sqlAsText],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    setupFiles: [`${root}/test/fail-on-console.ts`],
    // Half of the files wait for a database or a browser; on two cores Vitest would run one at a time.
    maxWorkers: '100%',
    projects: [
      ...folders.map((folder) => ({
        extends: true as const,
        test: { ...folder, include: ['{src,client,test}/**/*.test.ts'] },
      })),
      { extends: true as const, test: { name: 'whole', root: `${root}/test`, include: ['**/*.test.ts'] } },
    ],
  },
});
