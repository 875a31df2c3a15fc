import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { bundle } from './bundle.mjs';
import { root } from './root.mjs';

const SCALAR = `${root}/packages/api-reference/node_modules/@scalar/api-reference/dist/browser/standalone.js`;

/**
 * Builds an example.
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
  const url = await bundle(`${folder}/src/main.ts`, `${folder}/dist/main.js`);
  // Not code of the example, but a file that it serves: @bursar/api-reference has it beside itself.
  copyFileSync(SCALAR, `${folder}/dist/scalar.js`);
  return url;
}
