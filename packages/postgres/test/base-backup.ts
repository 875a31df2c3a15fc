import { execFile } from 'node:child_process';
import { chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { embeddedAt, freePort, type Server, serverAt } from './server.js';

const run = promisify(execFile);

/**
 * Copies a server's directory while it works, and starts a server on the copy: what `pg_basebackup` does, which does not
 * come with the other programs.
 *
 * @see https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
export async function restoredFromBackup(server: Server): Promise<Server> {
  const directory = `${server.directory}-backup`;
  const session = new pg.Client({ connectionString: server.url });
  await session.connect();
  try {
    await session.query(`SELECT pg_backup_start('bursar', true)`);
    await copy(server.directory, directory);
    const { rows } = await session.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    rmSync(join(directory, 'pg_wal'), { recursive: true });
    // What was written until the end of the back-up; without it the copy is of no moment at all.
    await copy(join(server.directory, 'pg_wal'), join(directory, 'pg_wal'));
    rmSync(join(directory, 'postmaster.pid'), { force: true });
    const label = join(directory, 'backup_label');
    writeFileSync(label, rows[0]?.labelfile ?? '');
    const { uid, gid } = statSync(directory);
    chownSync(label, uid, gid);
  } finally {
    await session.end();
  }
  const port = await freePort();
  const log: string[] = [];
  const embedded = embeddedAt(directory, port, [], log);
  await embedded.start().catch((error: unknown) => {
    rmSync(directory, { recursive: true });
    throw new Error(`the copy did not start: ${log.join('').slice(-2000)}`, { cause: error });
  });
  return serverAt(embedded, directory, port);
}

/** Keeps the owner, which is another user where the tests run as root. */
async function copy(from: string, to: string): Promise<void> {
  // A file that goes while it is read is none that matters: what changes meanwhile is in the log.
  await run('cp', ['-a', from, to]).catch((error: { stderr?: string }) => {
    if (!/^(cp: [^\n]*No such file or directory\n?)+$/.test(error.stderr ?? '')) throw error;
  });
}
