import { posix } from 'node:path';
import type { Rule } from './tree.js';

/** Who changes a file sees its test in the same folder, under the same name. */
export const testBeside: Rule = {
  name: 'a test stands beside what it tests',
  check: (files) => {
    const paths = new Set(files.map(({ path }) => path));
    return [...paths]
      .filter((path) => /^(packages|examples)\/[^/]+\/(src|client)\/.*\.test(-d)?\.ts$/.test(path))
      .filter((path) => {
        // `guard.test.ts` and `guard.limiter.test.ts` both test `guard.ts`, or the folder `guard`.
        const tested = `${posix.dirname(path)}/${posix.basename(path).split('.')[0]}`;
        return !paths.has(`${tested}.ts`) && ![...paths].some((other) => other.startsWith(`${tested}/`));
      })
      .map(
        (path) =>
          `${path} tests no file beside it. Name it after the file that it tests, or move it into the package's test/ ` +
          'folder if it tests the package as a whole.',
      );
  },
};
