/** The site is made of the documentation as it is, and all that its pages link to inside it is there. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { buildSite } from '../site/build.js';
import { brokenSiteLinks } from '../site/links.js';
import { render } from '../site/markdown.js';

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium';
/** Read as a text: its types would bring those of the DOM into every program of this folder. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 360, height: 740 };

const folder = mkdtempSync(join(tmpdir(), 'bursar-site-'));
const text = (file: string): string => readFileSync(join(folder, file), 'utf8');

const addressOf = (page: string): string => pathToFileURL(join(folder, page)).href;
let browser: Browser | undefined;

beforeAll(async () => {
  buildSite(folder);
  // Without a sandbox of its own, which root, as in CI, cannot have.
  if (existsSync(CHROMIUM)) browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function open(context: TestContext, settings: BrowserContextOptions = {}) {
  if (browser === undefined) return context.skip('install Chromium to have the site shown: apt-get install chromium');
  const page = await (await browser.newContext(settings)).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`));
  return { page, complaints };
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<readonly { id: string; nodes: readonly { html: string }[] }[]>(
    'axe.run({ preload: false }).then(({ violations }) => violations)',
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

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

  it('lists its pages for programs that read, and has all of their text in one file', () => {
    expect(text('llms.txt')).toContain('](docs/guides/storage.html): the two contracts');
    expect(text('llms-full.txt')).toContain('<!-- docs/guides/storage.md -->');
  });
});

describe('the site in a browser, read from the disk', { timeout: 120_000 }, () => {
  it('finds what stands under a heading, by keyboard alone', async (context) => {
    const { page, complaints } = await open(context);
    await page.goto(addressOf('docs/guides/storage.html'));
    await page.keyboard.press('/');
    await page.keyboard.type('restore a back-up');
    const first = page.locator('#results a').first();
    await first.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement === document.querySelector("#results a")')).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/docs\/guides\/keeping\.html#/);
    expect(complaints).toEqual([]);
  });

  it('keeps the colours that a reader chose, on the next page too', async (context) => {
    const { page } = await open(context, { colorScheme: 'light' });
    await page.goto(addressOf('index.html'));
    await page.getByRole('button', { name: 'Dark or light' }).click();
    await page.getByRole('link', { name: 'Getting started' }).first().click();
    await page.waitForURL(/start\.html$/);
    expect(await page.evaluate('document.documentElement.style.colorScheme')).toBe('dark');
  });

  it('has no page that is wider than a phone, and shows its pictures', async (context) => {
    const { page, complaints } = await open(context, { viewport: PHONE });
    const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
    expect(pages.length).toBeGreaterThan(100);
    for (const file of pages) {
      await page.goto(addressOf(file));
      expect([file, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([file, 0]);
    }
    await page.goto(addressOf('docs/concepts.html'));
    for (const picture of await page.locator('main img').all()) await picture.scrollIntoViewIfNeeded();
    const widths = '[...document.querySelectorAll("main img")].map(({ naturalWidth }) => naturalWidth)';
    await expect.poll(() => page.evaluate<number[]>(widths)).toEqual([760, 780, 660]);
    expect(complaints).toEqual([]);
  });

  it.for(['light', 'dark'] as const)('axe finds nothing wrong in the %s colours', async (colorScheme, context) => {
    const { page } = await open(context, { colorScheme, viewport: PHONE });
    for (const file of ['index.html', 'docs/concepts.html', 'docs/guides/storage.html', 'docs/reference/errors.html']) {
      await page.goto(addressOf(file));
      expect([file, await violations(page)]).toEqual([file, []]);
    }
    await page.getByRole('button', { name: 'Contents' }).click();
    await page.locator('#search').fill('ledger');
    await page.locator('#results a').first().waitFor();
    expect(await violations(page)).toEqual([]);
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
