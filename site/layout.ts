import { posix } from 'node:path';
import type { Page, Section } from './contents.js';
import type { Rendered } from './markdown.js';

/** Where a page stands on the site. */
export function addressOf(path: string): string {
  if (path === 'README.md') return 'index.html';
  return path.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');
}

/** The whole document of a page. Nothing in it comes from elsewhere, and no script stands in it. */
export function layout(page: Page, { html, sections }: Rendered, contents: readonly Section[]): string {
  const from = posix.dirname(addressOf(page.path));
  const to = (address: string): string => posix.relative(from, address);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
<title>${escaped(page.title)} · Bursar</title>
${page.description === '' ? '' : `<meta name="description" content="${escaped(page.description)}">\n`}<link rel="stylesheet" href="${to('style.css')}">
<script src="${to('theme.js')}"></script>
<script src="${to('page.js')}" defer></script>
</head>
<body data-root="${to('.') || '.'}">
<a class="skip" href="#content">To the text</a>
<header>
<button type="button" id="menu" aria-controls="contents" aria-expanded="false">Contents</button>
<a class="name" href="${to('index.html')}">Bursar</a>
<input id="search" type="search" placeholder="Search" aria-label="Search the documentation" autocomplete="off">
<button type="button" id="theme" aria-label="Dark or light" title="Dark or light">◐</button>
<div id="results" role="region" aria-label="Search results" aria-live="polite" hidden></div>
</header>
<nav id="contents" aria-label="Contents">
${contents.map((section) => navigation(section, page, to)).join('\n')}
</nav>
<main id="content" tabindex="-1">
${html}</main>
<aside aria-label="On this page">
${onThisPage(sections)}
</aside>
</body>
</html>
`;
}

function navigation({ title, pages }: Section, here: Page, to: (address: string) => string): string {
  const items = pages.map((page) => {
    const current = page.path === here.path ? ' aria-current="page"' : '';
    return `<li><a href="${to(addressOf(page.path))}"${current}>${escaped(page.title)}</a></li>`;
  });
  const isOpen = !['READMEs', 'Decisions', 'The packages'].includes(title) || pages.includes(here);
  return `<details${isOpen ? ' open' : ''}><summary>${escaped(title)}</summary><ul>${items.join('')}</ul></details>`;
}

function onThisPage(sections: Rendered['sections']): string {
  const items = sections.filter(({ level }) => level === 2 || level === 3);
  if (items.length < 2) return '';
  const links = items.map(
    ({ anchor, title, level }) =>
      `<li class="level-${level}"><a href="#${encodeURIComponent(anchor)}">${escaped(title)}</a></li>`,
  );
  return `<h2>On this page</h2><ul>${links.join('')}</ul>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
