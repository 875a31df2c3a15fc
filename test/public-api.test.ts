/**
 * What a package exports is a promise. It is written down in docs/reference/api/, so that an accidental export is a line
 * in a diff; `npm run api` writes it anew.
 */
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedPackages } from '../scripts/packages.mjs';
import { apiReport, entryFiles } from './api-report.js';
import { programOf } from './programs.js';
import { root } from './tidy/tree.js';

const packages = publishedPackages();
const program = programOf(
  packages.flatMap((published) => entryFiles(published).map(({ path }) => path)),
  { noEmit: false, declaration: true, emitDeclarationOnly: true },
);

describe.each(packages.map((published) => [published.name, published] as const))(
  'the public API of %s',
  (_, published) => {
    const report = apiReport(program, published);

    it('is the one that is written down', async () => {
      const path = join(root, 'docs/reference/api', `${basename(published.folder)}.md`);
      await expect(report.markdown, 'a deliberate change is written down by: npm run api').toMatchFileSnapshot(path);
    });

    it('has a comment on everything', () => {
      expect(report.undocumented).toEqual([]);
    });
  },
);

describe('the report', () => {
  const path = join(root, 'packages/core/src/example.virtual.ts');
  const code = [
    'interface Inner { a: string }',
    '/** Documented. */',
    'export function f(inner: Inner): number { return inner.a.length; }',
    'const x = 1 as const;',
    'export { x as renamed };',
  ].join('\n');
  const published = {
    name: '@bursar/example',
    folder: join(root, 'packages/core'),
    specifiers: ['@bursar/example'],
    requirable: [],
    manifest: { exports: { '.': { '@bursar/source': './src/example.virtual.ts' } } },
  };
  const options = { noEmit: false, declaration: true, emitDeclarationOnly: true };
  const report = apiReport(programOf([], options, new Map([[path, code]])), published);

  it('prints declarations without bodies and comments, and what they use but do not export', () => {
    expect(report.markdown).toContain(
      [
        '```ts',
        'export declare function f(inner: Inner): number;',
        '',
        'declare const x: 1;',
        'export { x as renamed };',
        '```',
        '',
        '## Used above, not exported',
        '',
        '- `Inner`',
      ].join('\n'),
    );
  });

  it('names what has no comment', () => {
    expect(report.undocumented).toEqual(['@bursar/example: renamed']);
  });
});
