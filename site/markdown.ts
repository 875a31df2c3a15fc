import { posix } from 'node:path';
import hljs from 'highlight.js';
import markdownIt from 'markdown-it';
import { Slugs } from '../test/docs/markdown.js';

/** A page as HTML, and what the search knows of it. */
export interface Rendered {
  readonly html: string;
  readonly sections: readonly RenderedSection[];
}

/** What stands under one heading. */
export interface RenderedSection {
  readonly anchor: string;
  readonly title: string;
  readonly level: number;
  readonly text: string;
}

type Token = ReturnType<ReturnType<typeof markdownIt>['parse']>[number];

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
  const html = markdown.renderer.render(tokens, markdown.options, {});
  // A table wider than a phone scrolls by itself, and the page does not.
  return {
    html: html.replaceAll('<table>', '<div class="table"><table>').replaceAll('</table>', '</table></div>'),
    sections,
  };
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
  const known = { jsonc: 'json', mermaid: '' }[language] ?? language;
  return hljs.getLanguage(known) ? hljs.highlight(code, { language: known }).value : markdown.utils.escapeHtml(code);
}
