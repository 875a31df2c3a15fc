import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedAt, freePort, type Server, serverAt, sql } from './server.js';

/** A server that has, and has on its disk, whatever the primary acknowledges: the primary waits for it. */
export interface Standby extends Server {
  /** Makes it the primary. */
  promote(): Promise<void>;
}

/**
 * Starts a synchronous standby. It begins with a copy of the primary's directory, taken while the primary is down, since
 * `pg_basebackup` does not come with the other programs.
 */
export async function startStandby(primary: Server): Promise<Standby> {
  const directory = `${primary.directory}-standby`;
  const port = await freePort();
  await primary.halt();
  // Keeps the owner, which is another user where the tests run as root.
  execFileSync('cp', ['-a', primary.directory, directory]);
  await primary.restart();
  writeFileSync(join(directory, 'standby.signal'), '');
  const conninfo = `host=127.0.0.1 port=${primary.port} user=owner password=of-a-test`;
  const log: string[] = [];
  const embedded = embeddedAt(directory, port, ['-c', `primary_conninfo=${conninfo}`], log);
  // It is ready for connections that write when it has been promoted.
  const promoted = embedded.start().catch((error: unknown) => {
    throw new Error(`the standby ended: ${log.join('').slice(-2000)}`, { cause: error });
  });
  // Whoever promotes it hears of that; where nobody does, it ends with the server.
  promoted.catch(() => undefined);
  const state = async (is: string): Promise<void> => {
    while ((await sql(primary.url, `SELECT FROM pg_stat_replication WHERE ${is}`)).length === 0);
  };
  await Promise.race([promoted, state(`state = 'streaming'`)]);
  await sql(primary.url, `ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await sql(primary.url, 'SELECT pg_reload_conf()');
  await Promise.race([promoted, state(`sync_state = 'sync'`)]);
  const server = serverAt(embedded, directory, port);
  return {
    ...server,
    async promote() {
      await sql(server.url, 'SELECT pg_promote()');
      await promoted;
    },
  };
}
