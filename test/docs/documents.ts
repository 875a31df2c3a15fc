import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tidy/tree.js';
import type { Document } from './examples.js';

/** The text of a file, by its path from the root; `''` for a folder, `undefined` for nothing. */
export function read(path: string): string | undefined {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return undefined;
  return statSync(absolute).isFile() ? readFileSync(absolute, 'utf8') : '';
}

const markdownIn = (folder: string, recursive = false): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .map((file) => join(folder, file).replaceAll('\\', '/'))
    : [];

const folders = ['packages', 'examples'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);

/** Every page of the documentation. */
export const documents: readonly Document[] = [
  ...['.', 'bench', ...folders].flatMap((folder) => markdownIn(folder)),
  ...markdownIn('docs', true),
]
  // The reports of the public API are declarations, and have a test of their own.
  .filter((path) => !path.startsWith('docs/reference/api/'))
  .map((path) => ({ path, markdown: readFileSync(join(root, path), 'utf8') }));
