/**
 * The documentation as a static site, in site/dist:
 *
 *     npm run site     then open site/dist/index.html, or serve the folder from anywhere
 */
import './node-version.mjs';
import { root } from './root.mjs';

const { ensureInstalled } = await import('./install.mjs');
await ensureInstalled();
const { bundle } = await import('./bundle.mjs');

/** @type {import('esbuild').Plugin} what knows where the repository is by where it lies itself, and what is installed */
const asTheyAre = {
  name: 'as-they-are',
  setup({ onResolve }) {
    onResolve({ filter: /scripts\/packages\.mjs$/ }, () => ({ path: `${root}/scripts/packages.mjs`, external: true }));
    onResolve({ filter: /^(typescript|markdown-it)$/ }, ({ path }) => ({ path, external: true }));
  },
};

// As deep as test/tidy/tree.ts, which finds the root from there.
await import(await bundle(`${root}/site/main.ts`, `${root}/.cache/site/main.js`, [asTheyAre]));
