import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { publishedPackages } from './packages.mjs';
import { pnpm } from './pnpm.mjs';
import { root } from './root.mjs';

const folder = `${root}/.cache/tarballs`;

/**
 * Packs every package as it would be published.
 * @returns {Promise<(import('./packages.mjs').Package & { tarball: string })[]>}
 */
export async function packAll() {
  const packages = publishedPackages();
  for (const { name, folder: source } of packages) {
    if (!existsSync(`${source}/dist`)) throw new Error(`${name} is not built: npm run build`);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await pnpm(['--filter', './packages/*', 'pack', '--pack-destination', folder], { quiet: true });
  const tarballs = readdirSync(folder);
  return packages.map((published) => {
    const file = `${published.name.slice(1).replace('/', '-')}-${published.manifest.version}.tgz`;
    if (!tarballs.includes(file)) throw new Error(`pnpm packed no ${file}; there are: ${tarballs.join(', ')}`);
    return { ...published, tarball: `${folder}/${file}` };
  });
}
