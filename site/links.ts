import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

/** What the pages of a built site link to, inside it, and is not there: files, and anchors of pages. */
export function brokenSiteLinks(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.split(sep).join('/'));
  const pages = new Map(
    files.filter((file) => file.endsWith('.html')).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
  const anchors = new Map([...pages].map(([file, html]) => [file, new Set(attributes(html, 'id'))]));
  const there = new Set(files);
  return [...pages].flatMap(([page, html]) =>
    [...attributes(html, 'href'), ...attributes(html, 'src')].flatMap((target) => {
      if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? page : posix.join(posix.dirname(page), file);
      if (!there.has(linked)) return [`${page} links to ${target}, and there is no ${linked}.`];
      if (anchor === undefined || anchor === '' || anchors.get(linked)?.has(decodeURIComponent(anchor))) return [];
      return [`${page} links to ${target}, and ${linked} has nothing of that name.`];
    }),
  );
}

function attributes(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`<[^>]*?\\s${name}="([^"]*)"`, 'g'))].map(([, value = '']) =>
    value.replaceAll('&amp;', '&'),
  );
}
