import { basename } from 'node:path';
import { publishedPackages } from '../scripts/packages.mjs';
import { entryFiles, apiReference as referenceOf } from '../test/api-report.js';
import { programOf } from '../test/programs.js';

/** The pages of docs/reference/api with the doc comments of the sources, by path. */
export function apiReference(): Map<string, string> {
  const packages = publishedPackages();
  const paths = packages.flatMap((published) => entryFiles(published).map(({ path }) => path));
  const program = programOf(paths, { noEmit: false, declaration: true, emitDeclarationOnly: true });
  return new Map(
    packages.map((published) => [
      `docs/reference/api/${basename(published.folder)}.md`,
      referenceOf(program, published),
    ]),
  );
}
