import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../test/tidy/tree.js';

/** A page of the site: a Markdown file of the repository, which stays readable where it is. */
export interface Page {
  /** From the root of the repository: `docs/start.md`. On the site it is `docs/start.html`. */
  readonly path: string;
  readonly title: string;
  /** What the list of contents says about it; `''` for what it names by its folder alone. */
  readonly description: string;
  readonly markdown: string;
}

/** Pages under one heading. */
export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
}

const ENTRY =
  /^(?<indent> *)- (?:\[(?<title>[^\]]+)\]\((?<target>[^)]+)\)(?:: (?<description>.*?)\.?)?|(?<heading>[^[\n]+))$/gm;

/** The pages in the order of docs/README.md, which is the list that readers see too; then the READMEs and decisions. */
export function contents(): Section[] {
  const sections: { title: string; pages: Page[] }[] = [{ title: 'Documentation', pages: [page('README.md', '')] }];
  for (const { groups = {} } of read('docs/README.md').matchAll(ENTRY)) {
    const { heading, target = '', description = '' } = groups;
    if (heading !== undefined) sections.push({ title: heading, pages: [] });
    else if (target.endsWith('.md')) sections.at(-1)?.pages.push(page(posix.join('docs', target), description));
  }
  const project = ['AGENTS.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'bench/README.md'];
  return [
    ...sections,
    { title: 'The packages', pages: inFolder('docs/reference/api') },
    { title: 'READMEs', pages: [...readmesIn('packages'), ...readmesIn('examples')] },
    { title: 'The project', pages: [page('docs/README.md', ''), ...project.map((path) => page(path, ''))] },
    { title: 'Decisions', pages: inFolder('docs/decisions') },
  ];
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function page(path: string, description: string): Page {
  const markdown = read(path);
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  if (title === undefined) throw new Error(`${path} has no title: a line that begins with "# "`);
  return { path, title: title.replaceAll('`', ''), description, markdown };
}

function inFolder(folder: string): Page[] {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.md'));
  return files.sort().map((file) => page(`${folder}/${file}`, ''));
}

function readmesIn(folder: string): Page[] {
  return readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => readdirSync(join(root, path)).includes('README.md'))
    .map((path) => page(`${path}/README.md`, ''));
}
