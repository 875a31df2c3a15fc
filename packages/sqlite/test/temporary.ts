import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A path in a directory that goes when the test is over. */
export function temporaryFile(name = 'bursar.db'): string {
  const directory = mkdtempSync(join(tmpdir(), 'bursar-sqlite-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, name);
}
