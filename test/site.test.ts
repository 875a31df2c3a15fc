/** The site is made of the documentation as it is, and all that its pages link to inside it is there. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import MiniSearch from 'minisearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../site/build.js';
import { brokenSiteLinks } from '../site/links.js';
import { render } from '../site/markdown.js';

const folder = mkdtempSync(join(tmpdir(), 'bursar-site-'));
const text = (file: string): string => readFileSync(join(folder, file), 'utf8');

beforeAll(() => void buildSite(folder), 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('the site', () => {
  it('has no link to what is not there', () => {
    expect(brokenSiteLinks(folder)).toEqual([]);
  });

  it('loads nothing from elsewhere', () => {
    const page = text('docs/guides/storage.html');
    expect(page).toContain(`default-src 'none'`);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\/[^"]*\.(js|css|woff2?)"/);
    for (const file of ['style.css', 'theme.js', 'page.js', 'minisearch.js'])
      expect(existsSync(join(folder, file))).toBe(true);
  });

  it('shows each public symbol with its doc comment', () => {
    const page = text('docs/reference/api/payouts.html');
    expect(page).toContain('id="verifyledger"');
    expect(page).toContain('Checks every account of every business');
  });

  it('finds what stands under a heading', () => {
    const { searchEntries } = JSON.parse(
      text('search-index.js').replace(/^globalThis\.searchEntries = (.*);\n$/s, '{"searchEntries":$1}'),
    ) as { searchEntries: { id: string }[] };
    const index = new MiniSearch({ fields: ['title', 'page', 'text'], storeFields: ['title'] });
    index.addAll(searchEntries);
    const [first] = index.search('back-ups restore', { prefix: true, combineWith: 'AND' });
    expect(first?.id).toMatch(/^docs\/guides\/keeping\.html#/);
  });

  it('lists its pages for programs that read, and has all of their text in one file', () => {
    expect(text('llms.txt')).toContain('](docs/guides/storage.html): the two contracts');
    expect(text('llms-full.txt')).toContain('<!-- docs/guides/storage.md -->');
  });
});

describe('a page', () => {
  it('cannot run what a document holds', () => {
    const { html } = render('a.md', '# A\n\n<script>alert(1)</script> [x](javascript:alert(1))\n', (target) => target);
    expect(html).not.toMatch(/<script|href="javascript/);
  });

  it('links to pages, and to sources where they are', () => {
    const resolve = (target: string) =>
      target.endsWith('.md') ? target.replace('.md', '.html') : `https://example.com/${target}`;
    const { html } = render('docs/guides/a.md', '[a](../start.md#now) [b](../../packages/core/src/guard.ts)', resolve);
    expect(html).toContain('href="../start.html#now"');
    expect(html).toContain('href="https://example.com/packages/core/src/guard.ts"');
  });
});

describe('the check of links', () => {
  it('reports a page, a picture and an anchor that are not there', () => {
    const small = mkdtempSync(join(tmpdir(), 'bursar-site-'));
    writeFileSync(
      join(small, 'a.html'),
      '<a href="b.html">b</a><a href="#gone">c</a><a id="here" href="#here">d</a><img src="e.svg">',
    );
    expect(brokenSiteLinks(small)).toEqual([
      'a.html links to b.html, and there is no b.html.',
      'a.html links to #gone, and a.html has nothing of that name.',
      'a.html links to e.svg, and there is no e.svg.',
    ]);
    rmSync(small, { recursive: true });
  });
});
