/**
 * What the operations of the hot path cost in a SQLite file of a million users and five million transfers, against one of
 * ten thousand and fifty thousand. Each time is of another user, by chance: nothing that was looked at is looked at again
 * soon. `BENCH_USERS` makes the large one smaller.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareGrown, LARGE, SMALL } from './side-by-side/growth.js';
import { grownFile } from './side-by-side/sqlite-growth.js';

const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'));
try {
  const large = await grownFile(join(folder, 'large.db'), LARGE);
  const small = await grownFile(join(folder, 'small.db'), SMALL);
  await compareGrown(large, small);
  await large.storage.close();
  await small.storage.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
