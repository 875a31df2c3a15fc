import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { storagePromises } from './index.js';

// The contracts as running text: without the marks of the comments.
const records = ['withdrawal', 'event', 'delivery', 'audit', 'usage', 'document'].map(
  (part) => `payouts/src/${part}/record.ts`,
);
const contracts = ['core/src/storage.ts', 'payouts/src/storage.ts', ...records]
  .map((path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'))
  .join('\n')
  .replace(/^\s*(\/\*\*|\*\/|\*|\/\/)/gm, ' ')
  .replace(/\s+/g, ' ');

describe('what a failure quotes is in the contract, word by word', () => {
  for (const { name, behaviours } of storagePromises) {
    it(name, () => {
      for (const { sentence } of behaviours) expect(contracts).toContain(sentence);
    });
  }
});

it('no two behaviours of a promise, and no two promises, have one name', () => {
  const names = storagePromises.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { behaviours } of storagePromises)
    expect(new Set(behaviours.map(({ name }) => name)).size).toBe(behaviours.length);
});
