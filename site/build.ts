import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from '../test/tidy/tree.js';
import { contents, type Page, type Section } from './contents.js';
import { addressOf, layout } from './layout.js';
import { type Rendered, render } from './markdown.js';
import { apiReference } from './reference.js';

const SOURCES = 'https://github.com/bursar/bursar/blob/main';

/** Writes the whole site into a folder, which is emptied before; answers with the number of pages. */
export function buildSite(folder: string): number {
  const reference = apiReference();
  const sections = contents().map(({ title, pages }) => ({
    title,
    pages: pages.map((page) => ({ ...page, markdown: reference.get(page.path) ?? page.markdown })),
  }));
  const pages = sections.flatMap((section) => section.pages);
  const known = new Set(pages.map(({ path }) => path));
  const pictures = new Set<string>();

  const resolve = (target: string): string => {
    const path = target.replace(/\/$/, '');
    if (known.has(path)) return addressOf(path);
    if (known.has(`${path}/README.md`)) return addressOf(`${path}/README.md`);
    if (!/\.(svg|webp)$/.test(path)) return `${SOURCES}/${path}`;
    pictures.add(path);
    return path;
  };
  rmSync(folder, { recursive: true, force: true });
  const rendered = pages.map((page) => ({ page, rendered: render(page.path, page.markdown, resolve) }));
  for (const { page, rendered: made } of rendered) write(folder, addressOf(page.path), layout(page, made, sections));
  for (const path of pictures) cpSync(join(root, path), join(folder, path));
  write(folder, 'search-index.js', searchIndex(rendered));
  write(folder, 'llms.txt', llms(sections));
  write(folder, 'llms-full.txt', pages.map(({ path, markdown }) => `<!-- ${path} -->\n\n${markdown}`).join('\n\n'));
  for (const file of ['style.css', 'theme.js', 'page.js']) cpSync(join(root, 'site', file), join(folder, file));
  // Its form for a plain script, which has no name that can be imported.
  const library = createRequire(join(root, 'package.json')).resolve('minisearch');
  cpSync(join(dirname(library), '../umd/index.js'), join(folder, 'minisearch.js'));
  return pages.length;
}

function write(folder: string, address: string, text: string): void {
  const file = join(folder, address);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** As a script, since a page that is read from the disk may load one and may not fetch a file. */
function searchIndex(pages: readonly { readonly page: Page; readonly rendered: Rendered }[]): string {
  const entries = pages.flatMap(({ page, rendered }) =>
    rendered.sections.map(({ anchor, title, text, level }) => ({
      id: `${addressOf(page.path)}#${encodeURIComponent(anchor)}`,
      title,
      page: level === 1 ? '' : page.title,
      text,
    })),
  );
  return `globalThis.searchEntries = ${JSON.stringify(entries)};\n`;
}

/** @see https://llmstxt.org */
function llms(sections: readonly Section[]): string {
  const lists = sections.map(({ title, pages }) => {
    const entries = pages.map(
      (page) => `- [${page.title}](${addressOf(page.path)})${page.description === '' ? '' : `: ${page.description}`}`,
    );
    return `## ${title}\n\n${entries.join('\n')}\n`;
  });
  const summary = 'API keys, payout hashes and a payout engine for the TypeScript server that you already have.';
  return `# Bursar\n\n> ${summary}\n\nAll pages in one file: [llms-full.txt](llms-full.txt).\n\n${lists.join('\n')}`;
}
