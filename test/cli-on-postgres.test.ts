/** The command line on a real PostgreSQL, whose password stands in the environment alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '@bursar/cli';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../packages/postgres/test/server.js';

let server: Server;
const directory = mkdtempSync(join(tmpdir(), 'bursar-cli-'));
beforeAll(async () => {
  server = await startServer();
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

async function bursar(line: string) {
  const out: string[] = [];
  const told: string[] = [];
  const exitCode = await runCli(line.split(' '), {
    environment: { BURSAR_SECRET: 'a secret of the tests, 32 bytes.', BURSAR_DATABASE: server.url },
    directory,
    user: 'ann',
    write: async (text) => void out.push(text),
    tell: (text) => void told.push(text),
    ask: null,
    bar: null,
  });
  return { exitCode, out: out.join(''), told: told.join('') };
}

it('takes payout users over, exports and proves them', { timeout: 120_000 }, async () => {
  expect(await bursar('business create biz_1')).toMatchObject({ exitCode: 3, out: '' });
  const migrated = await bursar('migrate');
  expect(migrated).toMatchObject({ exitCode: 0, told: '' });
  expect(migrated.out).not.toContain('of-a-test');
  expect(await bursar('business create biz_1')).toMatchObject({ exitCode: 0 });
  const rows = Array.from({ length: 600 }, (_, row) => `user${row}@example.com,${row}\n`);
  writeFileSync(join(directory, 'list.csv'), `email,balance\n${rows.join('')}`);
  const importing = 'import list.csv --business biz_1 --fund --yes --json';
  for (const imported of [600, 0]) {
    const run = await bursar(importing);
    expect([run.told, run.exitCode]).toEqual(['', 0]);
    expect(JSON.parse(run.out)).toMatchObject({ imported, already: 600 - imported });
  }
  const exported = await bursar('export --business biz_1 --output out.csv --json');
  expect(JSON.parse(exported.out)).toEqual({ file: 'out.csv', users: 600, operations: 599 });
  const proved = await bursar('ledger verify --json');
  expect(JSON.parse(proved.out)).toMatchObject({ ok: true, accounts: 602, transfers: 601 });
  expect(await bursar('audit verify --business biz_1')).toMatchObject({ exitCode: 0 });
});
