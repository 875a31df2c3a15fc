import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Example } from './examples.js';

/** Puts an example into a file where its imports are found, as a module that also exports what stands at its top. */
export async function inFile<Result>(
  { file, code }: Pick<Example, 'file' | 'code'>,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const cache = join(dirname(file), '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'docs-'));
  const path = join(folder, basename(file).replace('.virtual', ''));
  try {
    writeFileSync(path, code + topLevelOf(code));
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Exports the constants that a module keeps to itself. */
function topLevelOf(code: string): string {
  const names = [...code.matchAll(/^const (?:(\w+)|\{ (\w+(?:, \w+)*) \})/gm)].flatMap(
    ([, name, several]) => name ?? several ?? [],
  );
  return `\nexport { ${names.join(', ')} };\n`;
}

/**
 * Runs an example as a module of its own.
 *
 * @throws {Error} which says where in the page it is, with what the example has thrown as the cause.
 */
export async function runExample<Module>(example: Example): Promise<Module> {
  try {
    return await inFile(example, async (path) => (await import(pathToFileURL(path).href)) as Module);
  } catch (cause) {
    throw new Error(`${example.document}:${example.line} does not run: ${String(cause)}`, { cause });
  }
}
