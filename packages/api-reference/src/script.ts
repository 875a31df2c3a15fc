import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Scalar's script, as it is and compressed. */
export interface Script {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

// The build copies it beside this file; in the repository it is where Scalar's package has it.
const PUBLISHED = new URL('./scalar.js', import.meta.url);
const IN_REPOSITORY = new URL('../node_modules/@scalar/api-reference/dist/browser/standalone.js', import.meta.url);

let read: Promise<Script> | undefined;

/** Reads the script, once: it has four megabytes. */
export function scalarScript(): Promise<Script> {
  read ??= readScript();
  return read;
}

async function readScript(): Promise<Script> {
  const plain = Uint8Array.from(await readFile(existsSync(PUBLISHED) ? PUBLISHED : IN_REPOSITORY));
  return { plain, gzipped: Uint8Array.from(await promisify(gzip)(plain)) };
}
