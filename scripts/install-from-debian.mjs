import { spawnSync } from 'node:child_process';

/** Not decided here; see ci.mjs. */
const NOT_CHECKED = 75;

/**
 * Installs what tests need and no npm package brings, where that is easy: as root, with apt.
 * @param {string} name the command, and Debian's package
 */
export function installFromDebian(name) {
  const isThere = () => spawnSync(name, ['--version']).status === 0;
  if (!isThere() && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-qq'],
      ['install', '-qq', '-y', '--no-install-recommends', name],
    ]) {
      spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    }
  }
  if (isThere()) console.log(`${name} is installed.`);
  else {
    console.log(`${name} is not installed, and its tests are skipped. To have them run: apt-get install ${name}`);
    process.exitCode = NOT_CHECKED;
  }
}
