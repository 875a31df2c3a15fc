import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';

/**
 * The element with everything that it uses as one ES module, as the build writes it: for the repository itself, where nothing
 * is built, and for the check of its size.
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function bundleElement() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('client/element.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    conditions: ['@bursar/source'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    write: false,
  });
  // esbuild is a process of its own, and would stay as long as the server runs.
  await stop();
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild wrote nothing');
  return Uint8Array.from(bundle.contents);
}
