/** The fault programs on PostgreSQL in their short forms; `node scripts/faults.mjs <name>` runs them in full. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../scripts/bundle-program.mjs';
import { PROGRAMS } from './faults/programs.js';
import { root } from './tidy/tree.js';

const folder = mkdtempSync(join(tmpdir(), 'bursar-faults-'));
const script = join(folder, 'child.mjs');

beforeAll(() => bundleProgram('test/faults/child.ts', script));
afterAll(() => rmSync(folder, { recursive: true }));

const LOST_NOTHING = /0 lost, 0 doubled, verifyLedger clean/;

describe('PostgreSQL', { timeout: 180_000 }, () => {
  it.each([
    ['loses and doubles nothing when it is killed under load', 'postgres-kill', [LOST_NOTHING]],
    ['answers a killed client, once it asks again, with what had been committed', 'client-kill', [LOST_NOTHING]],
    ['has every acknowledged transfer on its synchronous standby when the primary is lost', 'standby', [LOST_NOTHING]],
    [
      'is restored from a back-up that was taken under load: the books are right, and keys answer as before',
      'backup postgres',
      [/^PostgreSQL, base back-up: .* verifyLedger clean/],
    ],
    ['is said to be unavailable while it is away, and used again when it is back', 'away', [LOST_NOTHING]],
    ['is said to be unavailable to those it is too slow for, who may ask again', 'slow', [LOST_NOTHING]],
    [
      'lets exactly those withdrawals succeed that the balance covers, and exports each once, from two processes',
      'races postgres',
      [/exactly those that it covers succeeded; verifyLedger clean/, /each in exactly one export/],
    ],
    [
      'shows all the money to each reader while two processes move it, each id sent twice',
      'bank postgres',
      [/2000 known.*every read conserved; verifyLedger clean/],
    ],
    [
      'answers requests made from the OpenAPI document as it describes',
      'generated postgres',
      [/^Hono.* 0 problems, verifyLedger clean/, /^Express.* 0 problems, verifyLedger clean/],
    ],
    ['says what the model says, in random runs', 'model postgres', [/the books are those of the model/]],
  ])('%s', async (_, name, lines) => {
    const program = PROGRAMS[name];
    const reports = await program?.run(program.short, { script, root });
    expect(reports?.flatMap(({ problems }) => problems)).toEqual([]);
    expect(reports?.map(({ line }) => line)).toEqual(lines.map((line) => expect.stringMatching(line)));
  });
});
