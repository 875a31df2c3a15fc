/**
 * Style is a test, not a text. Each rule is run on the repository, and on a small made-up tree that breaks it: a rule that
 * cannot fail protects nothing.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { programOf, repositoryConfig } from './programs.js';
import { arrows } from './tidy/arrows.js';
import { clockAndChance } from './tidy/clock-and-chance.js';
import { floatingPromises } from './tidy/floating-promises.js';
import { indexOnlyReexports } from './tidy/index-only.js';
import { noMarks, noSilentSkips } from './tidy/leftovers.js';
import { fileLength, functionLength } from './tidy/length.js';
import { manifests } from './tidy/manifests.js';
import { names } from './tidy/names.js';
import { portable } from './tidy/portable.js';
import { testBeside } from './tidy/test-beside.js';
import { type Rule, realTree, root, virtualTree } from './tidy/tree.js';

/** For each rule: a tree of one file or more that breaks it, and what the message says; then what it lets pass. */
interface Proof {
  rule: Rule;
  breaks: [why: string, tree: Record<string, string>, message: RegExp][];
  allows: Record<string, string>;
}

const lines = (count: number): string => 'x;\n'.repeat(count);

const entry = { types: './dist/index.d.ts', default: './dist/index.js' };
const manifest = {
  ...{ description: 'x', license: 'MIT', repository: 'x', homepage: 'x', engines: {}, files: [], version: '1.0.0' },
  ...{ sideEffects: false, type: 'module' },
  exports: { '.': { '@bursar/source': './src/index.ts', import: entry, require: entry } },
  publishConfig: { exports: { '.': { import: entry, require: entry } } },
};

const PROOFS: Proof[] = [
  {
    rule: arrows,
    breaks: [
      ['core imports payouts', { 'packages/core/src/a.ts': "import '@bursar/payouts';" }, /core may not import/],
      [
        'a storage imports more than the contracts',
        { 'packages/sqlite/src/a.ts': "export * from '@bursar/core';" },
        /sqlite may/,
      ],
      ['hono imports express', { 'packages/hono/src/a.ts': "await import('@bursar/express');" }, /hono may not/],
      [
        'a type is imported the wrong way',
        { 'packages/core/src/a.ts': "let x: import('@bursar/hono').X;" },
        /core may not/,
      ],
      ['a path leaves the package', { 'packages/hono/src/a.ts': "import '../../core/src/digest.js';" }, /by its name/],
      ['a test leaves the package', { 'packages/hono/src/a.test.ts': "import '../../core/src/x.js';" }, /by its name/],
      [
        'a specifier reaches into src',
        { 'bench/a.ts': "import '@bursar/core/src/digest.js';" },
        /what the package exports/,
      ],
      [
        'an example reaches into src',
        { 'examples/x/src/a.ts': "import '../../../packages/core/src/a.js';" },
        /by its name/,
      ],
      ['a package has no line', { 'packages/new/src/a.ts': "import '@bursar/core';" }, /has no line/],
    ],
    allows: {
      'packages/payouts/src/a.ts': "import '@bursar/core';",
      'packages/memory/src/a.ts': "import '@bursar/core/storage'; import '@bursar/payouts/storage';",
      'packages/memory/src/a.test.ts': "import '@bursar/storage-testkit';",
      'packages/hono/src/deep/a.ts': "import '../guard.js';",
    },
  },
  {
    rule: portable,
    breaks: [
      [
        'core imports node:crypto',
        { 'packages/core/src/a.ts': "import { hash } from 'node:crypto';" },
        /imports node:crypto/,
      ],
      ['payouts imports a built-in without node:', { 'packages/payouts/src/a.ts': "import 'fs';" }, /imports fs/],
    ],
    allows: {
      'packages/core/src/a.test.ts': "import 'node:fs';",
      'packages/sqlite/src/a.ts': "import 'node:fs';",
    },
  },
  {
    rule: fileLength,
    breaks: [['a source has 301 lines', { 'packages/core/src/a.ts': lines(301) }, /301 lines/]],
    allows: { 'packages/core/src/a.ts': lines(300), 'packages/core/src/a.test.ts': lines(301) },
  },
  {
    rule: functionLength,
    breaks: [
      [
        'a function',
        { 'packages/core/src/a.ts': `\nfunction f() {\n${lines(60)}}` },
        /a\.ts:2 begins a function of 62/,
      ],
      ['a method', { 'scripts/a.mjs': `class A { m() {\n${lines(60)}} }` }, /62 lines/],
    ],
    allows: { 'packages/core/src/a.ts': `const f = () => {\n${lines(58)}};` },
  },
  {
    rule: names,
    breaks: [
      ['a file', { 'packages/core/src/utils.ts': '' }, /"utils" could hold anything/],
      ['a folder', { 'packages/core/src/Common/a.ts': '' }, /"Common"/],
      ['a test', { 'test/helper.test.ts': '' }, /"helper"/],
    ],
    allows: { 'packages/core/src/information.ts': '', 'packages/core/src/s.ts': '' },
  },
  {
    rule: indexOnlyReexports,
    breaks: [
      ['a constant', { 'packages/core/src/index.ts': 'export const x = 1;' }, /is code/],
      ['an import', { 'packages/core/src/http/index.ts': "import './a.js';" }, /is code/],
      ['a local export', { 'packages/core/src/index.ts': 'export { x };' }, /is code/],
    ],
    allows: { 'packages/core/src/index.ts': "export * from './a.js'; export type { B } from './b.js';" },
  },
  {
    rule: testBeside,
    breaks: [
      [
        'a test without its file',
        { 'packages/core/src/deep/a.test.ts': '', 'packages/core/src/a.ts': '' },
        /tests no file/,
      ],
    ],
    allows: {
      'packages/core/src/a.ts': '',
      'packages/core/src/a.test.ts': '',
      'packages/core/src/a.limiter.test.ts': '',
      'packages/core/src/broken.test.ts': '',
      'packages/core/src/broken/one.ts': '',
      'packages/core/test/bad-input.test.ts': '',
    },
  },
  {
    rule: noMarks,
    breaks: [['a comment', { 'packages/core/src/a.ts': `\n// TO${'DO'}: later` }, /a\.ts:2 puts work off/]],
    allows: { 'packages/core/src/a.ts': '// Not done here: see the issue on currencies.' },
  },
  {
    rule: noSilentSkips,
    breaks: [
      ['it.only', { 'packages/core/src/a.test.ts': "it.only('x', () => {});" }, /remove \.only/],
      ['describe.only.each', { 'test/a.test.ts': "describe.only.each([1])('x', () => {});" }, /remove \.only/],
      ['it.skip', { 'test/a.test.ts': "it.skip('x', () => {});" }, /does not say why/],
      ['it.skipIf', { 'test/a.test.ts': "it.skipIf(true)('x', () => {});" }, /does not say why/],
      ['a skip without a reason', { 'test/a.test.ts': "it('x', (context) => context.skip());" }, /without a reason/],
    ],
    allows: { 'test/a.test.ts': "it.each([1])('x', (context) => context.skip(!url, 'Set DATABASE_URL.'));" },
  },
  {
    rule: clockAndChance,
    breaks: [
      ['the clock', { 'packages/core/src/a.ts': 'const x = Date.now();' }, /asks Date\.now itself/],
      ['chance', { 'packages/payouts/src/a.ts': 'f(Math.random());' }, /asks Math\.random/],
      ['a date of now', { 'packages/core/src/a.ts': 'f(new Date());' }, /asks new Date\(\)/],
      ['a hidden default', { 'packages/core/src/a.ts': 'const now = Date.now;' }, /asks Date\.now/],
    ],
    allows: {
      'packages/core/src/a.ts': 'const { now = Date.now } = options; f(options.now ?? Date.now, new Date(now()));',
      'packages/sqlite/src/a.ts': 'Date.now();',
      'packages/core/src/a.test.ts': 'Date.now();',
    },
  },
  {
    rule: manifests,
    breaks: [
      [
        'a field is missing',
        { 'packages/x/package.json': JSON.stringify({ ...manifest, license: undefined }) },
        /no "license"/,
      ],
      [
        'the source condition is published',
        { 'packages/x/package.json': JSON.stringify({ ...manifest, publishConfig: { exports: manifest.exports } }) },
        /must be exports without @bursar\/source/,
      ],
      [
        'types come last',
        {
          'packages/x/package.json': JSON.stringify({
            ...manifest,
            exports: { '.': { '@bursar/source': '', import: entry, require: { default: '', types: '' } } },
          }),
        },
        /needs types before default/,
      ],
      [
        'require comes before import',
        {
          'packages/x/package.json': JSON.stringify({
            ...manifest,
            exports: { '.': { '@bursar/source': '', require: entry, import: entry } },
          }),
        },
        /in this order/,
      ],
    ],
    allows: { 'packages/x/package.json': JSON.stringify(manifest), 'packages/y/package.json': '{ "private": true }' },
  },
];

const tree = realTree();

describe.each(PROOFS.map((proof) => [proof.rule.name, proof] as const))('tidy: %s', (_, { rule, breaks, allows }) => {
  it('in this repository', { timeout: 60_000 }, () => {
    expect(rule.check(tree)).toEqual([]);
  });

  it.each(breaks)('is broken when: %s', (_why, files, message) => {
    expect(rule.check(virtualTree(files)).join('\n')).toMatch(message);
  });

  it('is kept by what is allowed', () => {
    expect(rule.check(virtualTree(allows))).toEqual([]);
  });
});

describe('tidy: no promise floats', () => {
  it('in this repository', { timeout: 300_000 }, () => {
    const own = new Set(repositoryConfig().fileNames);
    expect(floatingPromises(programOf([...own]), (path) => own.has(path))).toEqual([]);
  });

  it('is broken by each way of losing one, and by nothing else', { timeout: 300_000 }, () => {
    const path = join(root, 'test/floating.virtual.ts');
    const code = [
      "import { readFile } from 'node:fs/promises';",
      "readFile('of a dependency');",
      'const start = async () => {};',
      '[1].map(start);',
      'start().then(() => 1);',
      'start().finally(() => {});',
      'let last: Promise<void> | undefined = start();',
      'last;',
      '// From here on, nothing is lost.',
      'void start();',
      'await start();',
      'last = start();',
      'start().catch(() => {});',
      'start().then(() => {}, () => {}).finally(() => {});',
      "JSON.parse('1');",
    ];
    const program = programOf([], {}, new Map([[path, code.join('\n')]]));
    const found = floatingPromises(program, (file) => file === path).map((problem) =>
      Number(/:(\d+) /.exec(problem)?.[1]),
    );
    expect(found).toEqual([2, 4, 5, 6, 8]);
  });
});
