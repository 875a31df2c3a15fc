import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build, stop } from 'esbuild';
import { root } from './root.mjs';

/**
 * Builds an example and everything that it uses of this repository into one file, which takes a fraction of a second.
 * @param {string} name `hono` or `express`
 * @returns {Promise<string>} the URL of the file, which runs the example when it is imported
 */
export async function bundleExample(name) {
  const folder = `${root}/examples/${name}-payout-api`;
  if (!existsSync(`${folder}/src/main.ts`)) {
    const names = readdirSync(`${root}/examples`)
      .filter((example) => existsSync(`${root}/examples/${example}/src/main.ts`))
      .map((example) => example.replace('-payout-api', ''));
    throw new Error(`There is no example "${name}". There are: ${names.join(', ')}.`);
  }
  const outfile = `${folder}/dist/main.js`;
  await build({
    entryPoints: [`${folder}/src/main.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
    conditions: ['@bursar/source'],
    loader: { '.sql': 'text' },
    // A native module cannot be bundled.
    external: ['better-sqlite3'],
    // CommonJS dependencies inside an ES module still call `require` for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
  });
  // esbuild is a process of its own, and would stay as long as the example runs.
  await stop();
  return pathToFileURL(outfile).href;
}
