/** What the documentation links to exists, and its code compiles against the packages as they are. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS, commandOf } from '../packages/cli/test/parsers.js';
import { type Document, wrongExamples } from './docs/examples.js';
import { brokenLinks } from './docs/links.js';
import { anchorsOf, codeBlocksOf, linksOf } from './docs/markdown.js';
import { missingTests, withoutTest } from './docs/named-tests.js';
import { root } from './tidy/tree.js';

function read(path: string): string | undefined {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return undefined;
  return statSync(absolute).isFile() ? readFileSync(absolute, 'utf8') : '';
}

const markdownIn = (folder: string, recursive = false): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .map((file) => join(folder, file).replaceAll('\\', '/'))
    : [];

const folders = ['packages', 'examples'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);

const documents: Document[] = [
  ...['.', 'bench', ...folders].flatMap((folder) => markdownIn(folder)),
  ...markdownIn('docs', true),
]
  // The reports of the public API are declarations, and have a test of their own.
  .filter((path) => !path.startsWith('docs/reference/api/'))
  .map((path) => ({ path, markdown: readFileSync(join(root, path), 'utf8') }));

describe('the documentation', () => {
  it('links to what exists', () => {
    expect(documents.flatMap(({ path, markdown }) => brokenLinks(path, markdown, read))).toEqual([]);
  });

  it('names tests that exist, and one for each requirement', () => {
    expect(documents.flatMap(({ path, markdown }) => missingTests(path, markdown, read))).toEqual([]);
    expect(documents.flatMap(({ path, markdown }) => withoutTest(path, markdown))).toEqual([]);
    expect(documents.find(({ path }) => path === 'docs/asvs.md')?.markdown).toMatch(/^\| V1\.1\.1 /m);
  });

  it('names commands of the command line that there are', () => {
    const named = documents
      .filter(({ path }) => path === 'docs/security.md')
      .flatMap(({ markdown }) => [...markdown.matchAll(/`bursar ([^`]+)`/g)].map(([, words = '']) => words));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((words) => commandOf(COMMANDS, words.split(' ')) === undefined)).toEqual([]);
  });

  it('has examples that compile', { timeout: 60_000 }, () => {
    expect(wrongExamples(documents)).toEqual([]);
  });
});

describe('a link', () => {
  const there: Record<string, string> = { 'docs/start.md': '# Start\n## The way of a `request`\n', 'docs/guides': '' };
  const broken = (markdown: string) => brokenLinks('docs/index.md', markdown, (path) => there[path]);

  it.each([
    ['to a file', '[a](start.md)'],
    ['to a folder', '[a](./guides)'],
    ['to a heading', '[a](start.md#the-way-of-a-request)'],
    ['to a heading of its own document', '# Here\n[a](#here)'],
    ['to elsewhere', '[a](https://example.com/x) [b](mailto:a@example.com)'],
    ['inside code', '`[a](gone.md)`\n```md\n[a](gone.md)\n```'],
  ])('%s is fine', (_, markdown) => {
    expect(broken(markdown)).toEqual([]);
  });

  it.each([
    ['to no file', 'x\n[a](gone.md)', /index\.md:2 links to gone\.md/],
    ['of a picture', '![a](gone.svg)', /gone\.svg/],
    ['by reference', '[a][b]\n\n[b]: gone.md', /:3 links to gone\.md/],
    ['out of the folder', '[a](../start.md)', /start\.md does not exist/],
    ['to no heading', '[a](start.md#end)', /no such heading/],
  ])('%s is reported', (_, markdown, message) => {
    expect(broken(markdown).join()).toMatch(message);
  });
});

describe('a test that a document names', () => {
  const there: Record<string, string> = { 'a/b.test.ts': "it('is \\'quoted\\', and there', () => {});" };
  const missing = (markdown: string) => missingTests('docs/x.md', markdown, (path) => there[path]);

  it('is found by its file and its title', () => {
    expect(missing("| V1.1.1 | `a/b.test.ts › is 'quoted', and there` |")).toEqual([]);
  });

  it('is reported where the file or the title is not there, and a requirement where it has none', () => {
    expect(missing('`a/c.test.ts › x`')).toEqual(['docs/x.md names a test of a/c.test.ts, which does not exist.']);
    expect(missing('`a/b.test.ts › gone`')).toEqual(['docs/x.md names "gone", which a/b.test.ts does not have.']);
    const table = '| V2.1.1 rules | words |\n| API1 x | `a/b.test.ts › x` |\n| other | |';
    expect(withoutTest('docs/x.md', table)).toEqual(['docs/x.md names no test for V2.1.1 rules.']);
  });
});

describe('reading a document', () => {
  it('finds blocks with their line, a longer fence around a shorter one included', () => {
    const markdown = 'a\n````md\n```ts\nx\n```\n````\n```ts fragment\ny;\n```\n';
    expect(codeBlocksOf(markdown)).toEqual([
      { info: 'md', code: '```ts\nx\n```\n', line: 3 },
      { info: 'ts fragment', code: 'y;\n', line: 8 },
    ]);
  });

  it('finds links and anchors', () => {
    expect(linksOf('[a](b.md "title")').map(({ target }) => target)).toEqual(['b.md']);
    expect([...anchorsOf('# A\n# A\n## `X-Payout-Hash`, then body')]).toEqual(['a', 'a-1', 'x-payout-hash-then-body']);
  });
});

describe('an example', () => {
  it('is wrong when it imports what is not public, at its line', { timeout: 60_000 }, () => {
    const markdown = [
      '```ts',
      "import { generateApiKey } from '@bursar/core';",
      "import { Hono } from 'hono';",
      'export const key: string = generateApiKey({ mode: "test" }).key;',
      'new Hono();',
      '```',
      '```ts',
      "import { nothingOfTheKind } from '@bursar/core';",
      '```',
      '```ts fragment',
      'app.use(thisIsOnlyAPart);',
      '```',
    ].join('\n');
    expect(wrongExamples([{ path: 'docs/x.md', markdown }])).toEqual([
      expect.stringMatching(/^docs\/x\.md:8 .*no exported member 'nothingOfTheKind'/),
    ]);
  });
});
