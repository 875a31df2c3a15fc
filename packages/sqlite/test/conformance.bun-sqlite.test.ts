import { it } from 'vitest';
import type { Driver } from '../src/open.js';
import { testDriver } from './driver.js';

if (process.versions.bun === undefined) {
  it('sqliteStorage on bun:sqlite', (context) =>
    context.skip(`bun:sqlite is a part of Bun, and this is Node ${process.version}: npm run runtimes -- bun`));
} else {
  // No name in the code: what bundles the tests for Node would look for the module.
  const name: string = 'bun:sqlite';
  const { Database } = (await import(/* @vite-ignore */ name)) as { readonly Database: Driver };
  testDriver('bun:sqlite', (path) => new Database(path));
}
