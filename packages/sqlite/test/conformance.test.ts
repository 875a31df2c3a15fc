import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BursarStorage } from '@bursar/payouts/storage';
import { testStorage } from '@bursar/storage-testkit';
import { openSqliteStorage } from '../src/index.js';

const directories = new Map<BursarStorage, string>();

async function opened(directory: string, now: () => number): Promise<BursarStorage> {
  const storage = await openSqliteStorage({ path: join(directory, 'bursar.db'), now });
  directories.set(storage, directory);
  return storage;
}

testStorage({
  name: 'openSqliteStorage',
  create: ({ now }) => opened(mkdtempSync(join(tmpdir(), 'bursar-sqlite-')), now),
  async destroy(storage) {
    await storage.close();
    rmSync(directoryOf(storage), { recursive: true });
  },
  async reopen(storage, { now }) {
    await storage.close();
    return opened(directoryOf(storage), now);
  },
  share: (storage, { now }) => opened(directoryOf(storage), now),
});

function directoryOf(storage: BursarStorage): string {
  const directory = directories.get(storage);
  if (directory === undefined) throw new Error('this storage was not opened here');
  return directory;
}
