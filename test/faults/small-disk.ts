import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BursarStorage } from '@bursar/payouts/storage';
import { type DatabaseLike, openSqliteStorage, sqliteStorage } from '@bursar/sqlite';

/** A SQLite file on something that can be filled, and made room on again. */
export interface SmallDisk {
  /** What it is, for the line. */
  readonly kind: string;
  readonly storage: BursarStorage;
  /** Leaves next to no room. */
  fill(): void;
  makeRoom(): void;
  /** Closes what it opened. */
  end(): Promise<void>;
}

/** A database of better-sqlite3. */
export interface OwnedDatabase extends DatabaseLike {
  close(): unknown;
}

/** Opens one. Only the package that brings the driver can name it; so whoever calls says where the repository is. */
export function openDatabase(root: string, path: string, options: { readonly?: boolean } = {}): OwnedDatabase {
  const Database = createRequire(join(root, 'packages/sqlite/package.json'))('better-sqlite3') as new (
    path: string,
    options: { readonly?: boolean },
  ) => OwnedDatabase;
  return new Database(path, options);
}

/** A database that SQLite itself keeps from growing: anybody can have that. */
export function limitedDatabase(root: string, folder: string): SmallDisk {
  const database = openDatabase(root, join(folder, 'limited.db'));
  const storage = sqliteStorage({ database });
  const pages = (): number => Object.values(database.prepare('PRAGMA page_count').get() as object)[0] as number;
  return {
    kind: 'PRAGMA max_page_count',
    storage,
    fill: () => database.exec(`PRAGMA max_page_count = ${pages() + 2}`),
    makeRoom: () => database.exec('PRAGMA max_page_count = 1073741823'),
    async end() {
      await storage.close();
      database.close();
    },
  };
}

/** A file system in memory, which is full when it is full: for root on Linux. */
export class Tmpfs {
  private constructor(readonly folder: string) {}

  /** Mounts one; `undefined` where that is not allowed. */
  static mount(folder: string, megabytes: number): Tmpfs | undefined {
    mkdirSync(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
      return new Tmpfs(folder);
    } catch {
      return undefined;
    }
  }

  remount(how: 'ro' | 'rw'): void {
    execFileSync('mount', ['-o', `remount,${how}`, this.folder]);
  }

  unmount(): void {
    execFileSync('umount', [this.folder]);
  }

  /** A SQLite file on it. */
  async disk(): Promise<SmallDisk> {
    const storage = await openSqliteStorage({ path: join(this.folder, 'bursar.db') });
    const ballast = join(this.folder, 'ballast');
    return {
      kind: 'a full tmpfs',
      storage,
      fill: () => {
        const { bavail, bsize } = statfsSync(this.folder);
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail - 32) * bsize));
      },
      makeRoom: () => unlinkSync(ballast),
      end: async () => storage.close(),
    };
  }
}
