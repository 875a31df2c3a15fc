import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pnpm } from './pnpm.mjs';
import { root } from './root.mjs';

const stampFile = `${root}/node_modules/.bursar-installed`;

/** What native parts are compiled for. */
const PLATFORM = [process.platform, process.arch, process.versions.modules].join('-');

/** What an installation is made from: the lockfile and every manifest. */
function fingerprint() {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(`${root}/${parent}`).map((name) => `${parent}/${name}`),
  );
  const manifests = ['.', 'bench', ...folders].map((folder) => `${folder}/package.json`);
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests.sort()]) {
    if (existsSync(`${root}/${file}`)) hash.update(file).update(readFileSync(`${root}/${file}`));
  }
  return hash.digest('hex');
}

/** Installs the dependencies unless those that are there were installed from the same files by the same Node. */
export async function ensureInstalled() {
  const stamp = { platform: PLATFORM, fingerprint: fingerprint() };
  const before = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : undefined;
  if (before?.platform === stamp.platform && before.fingerprint === stamp.fingerprint) return;

  console.log('Installing dependencies (the first time, SQLite may be compiled: about a minute) …');
  const started = Date.now();
  const quiet = !process.stdout.isTTY;
  await pnpm(['install', '--frozen-lockfile'], { quiet });
  // pnpm does not notice that what is there was compiled for another Node.
  if (before !== undefined && before.platform !== PLATFORM) await pnpm(['rebuild', '--recursive'], { quiet });
  writeFileSync(stampFile, JSON.stringify(stamp));
  console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

if (process.argv[1] === import.meta.filename) await ensureInstalled();
