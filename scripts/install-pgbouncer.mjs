/** The PostgreSQL storage is also tested through PgBouncer, which no npm package brings. Installs it where that is easy. */
import { spawnSync } from 'node:child_process';

/** Not decided here; see ci.mjs. */
const NOT_CHECKED = 75;

const isThere = () => spawnSync('pgbouncer', ['--version']).status === 0;

if (!isThere() && process.getuid?.() === 0) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const command of ['update', 'install']) {
    const args =
      command === 'update' ? ['update', '-qq'] : ['install', '-qq', '-y', '--no-install-recommends', 'pgbouncer'];
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
if (isThere()) console.log('PgBouncer is installed.');
else {
  console.log('PgBouncer is not installed, and its tests are skipped. To have them run: apt-get install pgbouncer');
  process.exitCode = NOT_CHECKED;
}
