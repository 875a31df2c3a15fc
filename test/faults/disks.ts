import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullDisk } from './full-disk.js';
import { readOnlyDisk, readOnlyFile } from './read-only.js';
import type { FaultReport } from './report.js';
import { limitedDatabase, Tmpfs } from './small-disk.js';

/** What the programs about disks are told. */
export interface DiskOptions {
  /** Where the repository is. */
  readonly root: string;
  readonly seed: number;
}

const MEGABYTES = 24;

/** A full disk of each kind that can be had here. */
export function fullDisks({ root, seed }: DiskOptions): Promise<FaultReport[]> {
  return withFolder(async (folder, tmpfs) => {
    const disks = [limitedDatabase(root, folder), ...(tmpfs === undefined ? [] : [await tmpfs.disk()])];
    const reports: FaultReport[] = [];
    for (const disk of disks) {
      try {
        reports.push(await fullDisk(disk, seed));
      } finally {
        await disk.end();
      }
    }
    return tmpfs === undefined ? [...reports, notHere('full disk')] : reports;
  });
}

/** A read-only file of each kind that can be had here. */
export function readOnlyFiles({ root }: DiskOptions): Promise<FaultReport[]> {
  return withFolder(async (folder, tmpfs) => [
    await readOnlyFile(root, folder),
    tmpfs === undefined ? notHere('read-only') : await readOnlyDisk(tmpfs),
  ]);
}

function notHere(what: string): FaultReport {
  return { line: `${what}: not on a file system of its own, which only root can mount`, problems: [] };
}

async function withFolder<Result>(
  work: (folder: string, tmpfs: Tmpfs | undefined) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-disk-'));
  const tmpfs = Tmpfs.mount(join(folder, 'tmpfs'), MEGABYTES);
  try {
    return await work(folder, tmpfs);
  } finally {
    tmpfs?.unmount();
    rmSync(folder, { recursive: true, force: true });
  }
}
