/** Acknowledged is on the disk: each acknowledgement has an fsync of its own, or shares it with those of its batch. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultReport, Problems } from './report.js';

/** What is counted with. */
export interface FsyncOptions {
  /** The bundle of `child.ts`. */
  readonly script: string;
  /** How many transfers are sent, one after the other. */
  readonly transfers: number;
}

/** Whether system calls can be counted here. */
export function canCount(): boolean {
  return spawnSync('strace', ['-c', '-e', 'trace=fsync', 'true'], { stdio: 'ignore' }).status === 0;
}

/** Counts the fsyncs of a process with strace. One that killing a process cannot tell from too few. */
export function fsyncs({ script, transfers }: FsyncOptions): FaultReport {
  if (!canCount()) {
    const line = 'fsync: not counted, since strace is not here or may not trace; the settings are read back by a test';
    return { line, problems: [] };
  }
  const problems = new Problems();
  const idle = count(script, 0);
  const busy = count(script, transfers);
  const own = busy - idle;
  problems.expect(own >= transfers, `${transfers} acknowledgements one after the other, and ${own} fsyncs`);
  const line = `fsync: ${transfers} transfers one after the other made ${own} calls of fsync and fdatasync, counted by strace (${idle} for opening)`;
  return { line, problems: problems.found };
}

function count(script: string, transfers: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-fsync-'));
  try {
    const summary = join(folder, 'calls');
    const options = ['-f', '-c', '-U', 'name,calls', '-e', 'trace=fsync,fdatasync', '-o', summary];
    const program = [process.execPath, script, 'commit', join(folder, 'bursar.db'), String(transfers)];
    const { status, stderr } = spawnSync('strace', [...options, ...program], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`strace ended with ${status}: ${stderr}`);
    const calls = readFileSync(summary, 'utf8').matchAll(/^\s*(?:fsync|fdatasync)\s+(\d+)/gm);
    return [...calls].reduce((sum, [, number]) => sum + Number(number), 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
