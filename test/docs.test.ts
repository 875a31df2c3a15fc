/** What the documentation links to exists, and its code compiles against the packages as they are. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS, commandOf } from '../packages/cli/test/parsers.js';
import { documents, read } from './docs/documents.js';
import { uncheckedFragments, unknownCommands, wrongExamples } from './docs/examples.js';
import { brokenLinks } from './docs/links.js';
import { anchorsOf, codeBlocksOf, linksOf } from './docs/markdown.js';
import { missingTests, withoutTest } from './docs/named-tests.js';
import { root } from './tidy/tree.js';

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
    const named = documents.flatMap(({ markdown }) =>
      [...markdown.matchAll(/`bursar ([a-z][^`]+)`/g)].map(([, words = '']) => words),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((words) => commandOf(COMMANDS, words.split(' ')) === undefined)).toEqual([]);
  });

  it('has examples that compile', { timeout: 60_000 }, () => {
    expect(wrongExamples(documents)).toEqual([]);
  });
});

/** What may stand behind the backticks, and what becomes of such a block. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'compiles as a module, and is run by docs-runs.test.ts',
  'ts fragment': 'the same, with what the comment above it gives',
  'ts adapter': 'is put together and run by storage-guide.test.ts',
  diff: 'is what examples/add-to-existing has, by a test there',
  sh: 'runs commands that exist; start.test.ts runs those of the first steps, docs-runs.test.ts those of the command line',
  '': 'is what a program prints, or a drawing',
  text: 'the same',
  json: 'parses',
  jsonc: 'is made from the OpenAPI document',
  sql: 'is run by the tests of packages/postgres',
  csv: 'is a file that docs-runs.test.ts imports',
  html: 'is a part of a page',
};

describe('the code of the documentation', () => {
  it('is of a kind that something checks', () => {
    const infos = documents.flatMap(({ path, markdown }) =>
      codeBlocksOf(markdown).map(({ info, line }) => ({ info, place: `${path}:${line}` })),
    );
    expect(infos.filter(({ info }) => LANGUAGES[info] === undefined)).toEqual([]);
  });

  it('says what is given, where it is a part of a module', () => {
    expect(documents.flatMap(uncheckedFragments)).toEqual([]);
  });

  it('runs commands that are there', () => {
    const { scripts } = JSON.parse(read('package.json') ?? '{}') as { scripts: Record<string, string> };
    const exists = (command: string): boolean => command in scripts || existsSync(join(root, command));
    expect(documents.flatMap((document) => unknownCommands(document, exists))).toEqual([]);
  });

  it('is JSON where it says so', () => {
    const blocks = documents.flatMap(({ markdown }) => codeBlocksOf(markdown).filter(({ info }) => info === 'json'));
    for (const { code } of blocks) expect(() => JSON.parse(code) as unknown).not.toThrow();
  });
});

describe('the list of contents', () => {
  it('has every page', () => {
    const linked = new Set(linksOf(read('docs/README.md') ?? '').map(({ target }) => `docs/${target}`));
    const pages = documents.map(({ path }) => path).filter((path) => /^docs\/(?!README|decisions\/)/.test(path));
    expect(pages.filter((path) => !linked.has(path))).toEqual([]);
  });
});

describe('the page of errors', () => {
  const SECTION = /^## `(\w+)`\n\n(\d+) `.*`\n\n- \*\*Cause\*\*: (.+)\n- \*\*Cure\*\*: (.+)$/gm;
  const rows = [...(read('docs/reference/errors.md') ?? '').matchAll(SECTION)].map(
    ([, code, status, cause = '', cure = '']) => ({ code, status, cause, cure }),
  );

  it('has every code with its status', () => {
    const source = read('packages/core/src/errors.ts') ?? '';
    const codes = [...source.matchAll(/^ {2}(\w+): \{ status: (\d+);/gm)].map(([, code = '', status]) => [
      code,
      status,
    ]);
    expect(codes.length).toBeGreaterThan(15);
    expect(rows.map(({ code, status }) => [code, status])).toEqual(codes);
  });

  it('has a cause and a cure for each', () => {
    expect(rows.filter(({ cause, cure }) => cause.length < 10 || cure.length < 10)).toEqual([]);
  });
});

describe('a part of a module', () => {
  it('without what it takes as given is reported, and so is a command that is not there', () => {
    const markdown =
      '```ts fragment\nx;\n```\n<!-- given\ndeclare const x: number;\n-->\n```ts fragment\nx;\n```\n```sh\nnpm run gone\n```\n';
    expect(uncheckedFragments({ path: 'a.md', markdown })).toEqual([expect.stringMatching(/^a\.md:2 is a part/)]);
    expect(unknownCommands({ path: 'a.md', markdown }, () => false)).toEqual([expect.stringMatching(/runs gone/)]);
  });

  it('is wrong at its own line', { timeout: 60_000 }, () => {
    const markdown =
      '<!-- given\ndeclare const x: number;\n-->\n```ts fragment\nx;\nexport const text: string = x;\n```\n';
    expect(wrongExamples([{ path: 'a.md', markdown }])).toEqual([expect.stringMatching(/^a\.md:6 Type 'number'/)]);
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
