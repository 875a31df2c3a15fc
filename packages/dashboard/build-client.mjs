/** Builds what the browser loads: one script and one style, each named by a digest of its content. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Both are part of the script, and ask that their notice comes along. */
const notices = ['preact/LICENSE', '@simplewebauthn/browser/LICENSE.md'].map(
  (name) => `${name}\n\n${readFileSync(`${folder}node_modules/${name}`, 'utf8').trim()}\n`,
);

/** @returns {Promise<{ name: string, content: Uint8Array }[]>} the files, which are not written anywhere */
export async function buildClient() {
  const { outputFiles } = await build({
    entryPoints: [`${folder}client/main.tsx`],
    outdir: `${folder}dist/assets`,
    entryNames: 'page-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    banner: { js: `/*!\n${notices.join('\n')}*/` },
    logLevel: 'warning',
    write: false,
  });
  // esbuild is a process of its own, and would stay as long as the server runs.
  await stop();
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), content: contents }));
}

/** Puts them where the server looks for them, in place of those of an earlier build. */
export async function writeClient() {
  const assets = `${folder}dist/assets`;
  rmSync(assets, { recursive: true, force: true });
  mkdirSync(assets, { recursive: true });
  for (const { name, content } of await buildClient()) writeFileSync(`${assets}/${name}`, content);
}

if (process.argv[1] === import.meta.filename) await writeClient();
