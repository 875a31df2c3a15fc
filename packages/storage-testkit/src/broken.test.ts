import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { brokenStorages } from './broken/broken-storages.js';
import { PlainStorage, type PlainStorageClass } from './broken/plain-storage.js';
import { BrokenPromise, checkBehaviour } from './check-behaviour.js';
import { type StorageSubject, testStorage } from './index.js';
import { storagePromises } from './promises/index.js';

testStorage({
  name: 'memory storage keeps every promise that it can be asked for',
  create: ({ now }) => memoryStorage({ now }),
  destroy: (storage) => storage.close(),
});

testStorage({ name: 'plain storage keeps every promise', ...subjectOf(PlainStorage) });

describe('a broken storage is found', () => {
  for (const { fault, promise, behaviours, storage } of brokenStorages) {
    describe(`${promise.name}: ${fault}`, () => {
      for (const name of behaviours) {
        it(`fails "${name}"`, async () => {
          const behaviour = promise.behaviours.find((candidate) => candidate.name === name);
          if (behaviour === undefined) throw new TypeError(`"${promise.name}" has no behaviour "${name}"`);
          const error = await checkBehaviour(subjectOf(storage), behaviour).catch((thrown: unknown) => thrown);
          expect(error).toBeInstanceOf(BrokenPromise);
          // Found out, not stumbled over: a TypeError would be a mistake of the broken storage or of the suite.
          expect((error as BrokenPromise).cause).not.toBeInstanceOf(TypeError);
        });
      }
    });
  }
});

describe('the broken storages', () => {
  it.each(storagePromises)('show for "$name" that each of its behaviours can fail', ({ name, behaviours }) => {
    const faults = brokenStorages.filter(({ promise }) => promise.name === name);
    const failing = new Set(faults.flatMap((fault) => fault.behaviours));
    // Between two connections it is the same race, run a second time.
    const unproven = behaviours.filter(({ name, need }) => need !== 'share' && !failing.has(name));
    expect(unproven.map((behaviour) => behaviour.name)).toEqual([]);
  });
});

function subjectOf(Storage: PlainStorageClass): StorageSubject<PlainStorage> {
  return {
    create: ({ now }) => new Storage(now),
    destroy: (storage) => storage.close(),
    reopen: (storage) => storage.reopen(),
    share: (storage) => storage.share(),
  };
}
