/** The adapter of docs/guides/storage.md, taken from the page, keeps every promise of a storage. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BursarStorage } from '@bursar/payouts/storage';
import { testStorage } from '@bursar/storage-testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { adapterOf } from './docs/examples.js';
import { root } from './tidy/tree.js';

interface Guide {
  openJsonLinesStorage(options: { readonly path: string; readonly now?: () => number }): BursarStorage;
}

const code = adapterOf(readFileSync(join(root, 'docs/guides/storage.md'), 'utf8'));
// Inside the repository, where its imports are found.
mkdirSync(join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(join(root, '.cache/storage-guide-'));
const file = join(folder, 'json-lines-storage.ts');
writeFileSync(file, code);
const { openJsonLinesStorage } = (await import(pathToFileURL(file).href)) as Guide;
const logs = mkdtempSync(join(tmpdir(), 'bursar-storage-guide-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(logs, { recursive: true });
});

let made = 0;
const paths = new WeakMap<BursarStorage, string>();
function open(path: string, now: () => number): BursarStorage {
  const storage = openJsonLinesStorage({ path, now });
  paths.set(storage, path);
  return storage;
}

testStorage({
  name: 'the storage of the guide',
  create: ({ now }) => open(join(logs, `${++made}.jsonl`), now),
  destroy: (storage) => storage.close(),
  reopen: async (storage, { now }) => {
    await storage.close();
    return open(paths.get(storage) ?? '', now);
  },
});

describe('the storage of the guide', () => {
  const business = {
    id: 'biz_1',
    name: 'One',
    mode: 'test',
    currency: 'USD',
    payoutsEnabled: true,
    createdAt: 1,
  } as const;
  const one = business as unknown as Parameters<BursarStorage['createBusiness']>[0];
  const filled = async (): Promise<string> => {
    const path = join(logs, `${++made}.jsonl`);
    const storage = openJsonLinesStorage({ path });
    await storage.createBusiness(one);
    await storage.setPayoutsEnabled(one.id, false);
    await storage.close();
    return path;
  };

  it('has fewer than 300 lines', () => {
    expect(code.trimEnd().split('\n').length).toBeLessThan(300);
  });

  it('forgets a line that was not written to its end, and goes on behind the one before', async () => {
    const path = await filled();
    truncateSync(path, statSync(path).size - 3);
    const storage = openJsonLinesStorage({ path });
    expect(await storage.findBusiness(one.id)).toEqual(one);
    await storage.setPayoutsEnabled(one.id, false);
    await storage.close();
    const again = openJsonLinesStorage({ path });
    expect(await again.findBusiness(one.id)).toEqual({ ...one, payoutsEnabled: false });
    await again.close();
  });

  it('does not open a log whose lines come to something else than was answered', async () => {
    const path = await filled();
    const [first = ''] = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${first.replace('"One"', '"Two"')}\n`);
    expect(() => openJsonLinesStorage({ path })).toThrow(/does not come to what was answered/);
  });

  it('does not open a file that is no log', async () => {
    const path = await filled();
    appendFileSync(path, 'what is this?\n');
    expect(() => openJsonLinesStorage({ path })).toThrow(SyntaxError);
  });
});
