import { posix } from 'node:path';
import { anchorsOf, linksOf } from './markdown.js';

/** What a document links to inside the repository and is not there. `read` answers `undefined` for what does not exist. */
export function brokenLinks(path: string, markdown: string, read: (path: string) => string | undefined): string[] {
  return linksOf(markdown).flatMap(({ target, line }) => {
    if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : posix.join(posix.dirname(path), decodeURIComponent(file));
    const text = file === '' ? markdown : read(linked);
    if (text === undefined) return [`${path}:${line} links to ${target}, and ${linked} does not exist.`];
    if (anchor === undefined || !linked.endsWith('.md') || anchorsOf(text).has(anchor)) return [];
    return [`${path}:${line} links to ${target}, and ${linked} has no such heading.`];
  });
}
