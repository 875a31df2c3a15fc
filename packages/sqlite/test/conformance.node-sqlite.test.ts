import { it } from 'vitest';
import type { Driver } from '../src/open.js';
import { testDriver } from './driver.js';

const sqlite = process.getBuiltinModule?.('node:sqlite' as never) as { readonly DatabaseSync: Driver } | undefined;

if (sqlite === undefined) {
  it('sqliteStorage on node:sqlite', (context) =>
    context.skip(`node:sqlite comes with Node 22.5, and this is ${process.version}: npm run runtimes -- node`));
} else {
  const { DatabaseSync } = sqlite;
  testDriver('node:sqlite', (path) => new DatabaseSync(path));
}
