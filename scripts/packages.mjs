import { readdirSync, readFileSync } from 'node:fs';
import { root } from './root.mjs';

/**
 * @typedef {object} Package a package that is published
 * @property {string} folder absolute
 * @property {string} name for example `@bursar/core`
 * @property {string[]} specifiers what can be imported of it, for example `@bursar/core/storage`
 * @property {string[]} requirable those of them that CommonJS can require: all, unless they build on what it cannot
 * @property {Record<string, any>} manifest its package.json
 */

/** @returns {Package[]} every package of `packages/` that is not private */
export function publishedPackages() {
  return readdirSync(`${root}/packages`)
    .map((folder) => `${root}/packages/${folder}`)
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => {
      const entries = Object.entries(manifest.exports).filter(([key]) => key !== './package.json');
      const requirable = entries.filter(([, target]) => target.require !== undefined);
      const specifierOf = (/** @type {[string, unknown]} */ [key]) => manifest.name + key.slice(1);
      return {
        folder,
        manifest,
        name: manifest.name,
        specifiers: entries.map(specifierOf),
        requirable: requirable.map(specifierOf),
      };
    });
}
