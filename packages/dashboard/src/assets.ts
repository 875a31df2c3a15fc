import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file of the page: its name has a digest of what is in it, so that a browser may keep it for ever. */
export interface Asset {
  readonly name: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

/** The files that the page loads. */
export interface Assets {
  readonly script: Asset;
  readonly style: Asset;
}

// The build puts them beside this file; in the repository they are built from their sources when they are first asked for.
const PUBLISHED = new URL('./assets/', import.meta.url);
const IN_REPOSITORY = new URL('../build-client.mjs', import.meta.url);

let read: Promise<Assets> | undefined;

/** The files that the build has made, read once. */
export function publishedAssets(): Promise<Assets> {
  read ??= existsSync(PUBLISHED) ? readAssets(PUBLISHED) : builtAssets();
  return read;
}

async function readAssets(folder: URL): Promise<Assets> {
  const names = await readdir(folder);
  const contents = names.map(async (name) => ({ name, content: await readFile(new URL(name, folder)) }));
  return assetsOf(await Promise.all(contents));
}

async function builtAssets(): Promise<Assets> {
  const { buildClient } = (await import(IN_REPOSITORY.href)) as {
    buildClient(): Promise<readonly { name: string; content: Uint8Array }[]>;
  };
  return assetsOf(await buildClient());
}

/** Takes the script and the style out of the files of a build. @throws {Error} where one of them is not there. */
export async function assetsOf(files: readonly { name: string; content: Uint8Array }[]): Promise<Assets> {
  const asset = async (extension: string): Promise<Asset> => {
    const file = files.find(({ name }) => name.endsWith(extension));
    if (file === undefined) throw new Error(`the dashboard was built without a ${extension} file`);
    const plain = Uint8Array.from(file.content);
    return { name: file.name, plain, gzipped: Uint8Array.from(await promisify(gzip)(plain)) };
  };
  return { script: await asset('.js'), style: await asset('.css') };
}
