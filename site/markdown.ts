import { createRequire } from 'node:module';
import { posix } from 'node:path';
import markdownIt from 'markdown-it';
import { Slugs } from '../test/docs/markdown.js';

/** A page as HTML, and what the search knows of it. */
export interface Rendered {
  readonly html: string;
  readonly sections: readonly RenderedSection[];
}

/** What stands under one heading. */
interface RenderedSection {
  readonly anchor: string;
  readonly title: string;
  readonly level: number;
  readonly text: string;
}

type Token = ReturnType<ReturnType<typeof markdownIt>['parse']>[number];

/** What is used of highlight.js, whose types would bring those of the DOM into every program of this repository. */
interface Highlighter {
  getLanguage(name: string): unknown;
  highlight(code: string, options: { readonly language: string }): { readonly value: string };
}
const hljs = createRequire(import.meta.url)('highlight.js') as Highlighter;

// Without `html`: what a document holds of it is shown as text, and nothing of a document can run.
const markdown = markdownIt({ html: false, linkify: false, highlight });

/**
 * Makes the page. `resolve` answers where a link leads on the site.
 *
 * @param path of the document, from the root of the repository.
 */
export function render(path: string, source: string, resolve: (target: string) => string): Rendered {
  const slugs = new Slugs();
  const sections: { anchor: string; title: string; level: number; text: string }[] = [];
  // Comments are marks for programs of this repository.
  const tokens = markdown.parse(source.replace(/^<!--.*?-->\n/gms, ''), {});
  for (const [index, token] of tokens.entries()) {
    const inline = tokens[index + 1];
    if (token.type === 'heading_open' && inline !== undefined) {
      const anchor = slugs.next(inline.content);
      token.attrSet('id', anchor);
      sections.push({ anchor, title: textOf(inline), level: Number(token.tag.slice(1)), text: '' });
    } else if (token.type === 'inline' || token.type === 'fence') {
      const section = sections.at(-1);
      if (section !== undefined) section.text += ` ${token.type === 'fence' ? token.content : textOf(token)}`;
    }
    for (const child of token.children ?? []) retarget(child, path, resolve);
  }
  return { html: forEverybody(markdown.renderer.render(tokens, markdown.options, {})), sections };
}

/** What is wider than a phone scrolls by itself, by keyboard too; a column without a name has no heading to read out. */
function forEverybody(html: string): string {
  return html
    .replaceAll('<table>', '<div class="table" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<th></th>', '<td></td>')
    .replaceAll('<img ', '<img loading="lazy" ')
    .replace(/<p>(<img [^>]*\.svg"[^>]*>)<\/p>/g, '<p class="drawing" tabindex="0">$1</p>');
}

function retarget(token: Token, path: string, resolve: (target: string) => string): void {
  const name = token.type === 'link_open' ? 'href' : token.type === 'image' ? 'src' : undefined;
  const target = name && token.attrGet(name);
  if (!name || !target || /^([a-z][a-z+.-]*:|#)/i.test(target)) return;
  const [file = '', anchor] = target.split('#');
  const absolute = resolve(posix.join(posix.dirname(path), decodeURIComponent(file)));
  const relative = /^https:/.test(absolute) ? absolute : posix.relative(posix.dirname(path), absolute);
  token.attrSet(name, anchor === undefined ? relative : `${relative}#${anchor}`);
}

function textOf({ children, content }: Token): string {
  return children?.map((child) => (child.type === 'softbreak' ? ' ' : child.content)).join('') ?? content;
}

function highlight(code: string, info: string): string {
  const [language = ''] = info.split(' ');
  return hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : markdown.utils.escapeHtml(code);
}
