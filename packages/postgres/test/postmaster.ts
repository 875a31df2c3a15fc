/** The processes of a PostgreSQL server that a test has started, by the file that the server keeps in its directory. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The process that all others of the server are children of; `undefined` where it has ended in order. */
export function pidOf(directory: string): number | undefined {
  const file = join(directory, 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

/** Sends a signal to the server, and resolves when it has ended. */
export async function signal(directory: string, name: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const pid = pidOf(directory);
  if (pid === undefined) return;
  process.kill(pid, name);
  while (!hasEnded(pid)) await nextTurn();
}

/** Ends all processes of the server at the same time, as `kill -9` does, and resolves when they are gone. */
export async function killAll(directory: string): Promise<void> {
  const pid = pidOf(directory);
  if (pid === undefined) return;
  // A stopped one starts no more children.
  process.kill(pid, 'SIGSTOP');
  const all = [pid, ...childrenOf(pid)];
  for (const one of all) if (!hasEnded(one)) process.kill(one, 'SIGKILL');
  while (!all.every((one) => hasEnded(one))) await nextTurn();
}

function childrenOf(parent: number): number[] {
  const file = `/proc/${parent}/task/${parent}/children`;
  if (existsSync(file)) return readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number);
  const pairs = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n');
  return pairs
    .map((pair) => pair.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, of]) => (of === parent ? pid : []));
}

/** Whether it runs no more. One that nobody has asked about since (a zombie) holds nothing. */
export function hasEnded(pid: number | undefined): boolean {
  try {
    if (pid === undefined || !process.kill(pid, 0)) return true;
    return existsSync('/proc/self/stat') && /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
