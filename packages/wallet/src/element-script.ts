import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** The script of the element, as it is and compressed. */
export interface ElementScript {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
  /** Another one for another script. */
  readonly version: string;
}

// The build puts it beside this file; in the repository it is bundled from its sources when it is first asked for.
const PUBLISHED = new URL('./element.js', import.meta.url);
const IN_REPOSITORY = new URL('../bundle.mjs', import.meta.url);

let read: Promise<ElementScript> | undefined;

/** Reads the script, once. */
export function elementScript(): Promise<ElementScript> {
  read ??= readScript();
  return read;
}

async function readScript(): Promise<ElementScript> {
  const plain = existsSync(PUBLISHED) ? Uint8Array.from(await readFile(PUBLISHED)) : await bundled();
  return {
    plain,
    gzipped: Uint8Array.from(await promisify(gzip)(plain)),
    version: createHash('sha256').update(plain).digest('hex').slice(0, 16),
  };
}

async function bundled(): Promise<Uint8Array<ArrayBuffer>> {
  const { bundleElement } = (await import(IN_REPOSITORY.href)) as {
    bundleElement(): Promise<Uint8Array<ArrayBuffer>>;
  };
  return bundleElement();
}
