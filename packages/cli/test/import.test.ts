/** Taking payout users over, as a process of its own: whole or not at all, once, and on from where it stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { verifyLedger } from '@bursar/payouts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildProgram, furnished, type Place } from './program.js';

let program = '';
let remove = (): void => undefined;
beforeAll(async () => {
  const built = await buildProgram();
  program = built.file;
  remove = built.remove;
}, 60_000);
afterAll(() => remove());

const IMPORT = 'import list.csv --business biz_1 --yes --json';

/** What all payout users have, by address, and that the books are right. */
async function balances(place: Place): Promise<Record<string, number>> {
  return place.server(async (payouts) => {
    expect(await verifyLedger(payouts.context.storage)).toMatchObject({ ok: true });
    const users = await payouts.auth.payoutUsers.list({ businessId: 'biz_1', limit: 100 });
    const found = users.map(async ({ email, id: payoutUserId }) => {
      const { balance } = await payouts.payoutUserBalance({ businessId: 'biz_1', payoutUserId });
      return [email, balance] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  });
}

describe('an import', { timeout: 120_000 }, () => {
  it('opens each user of a CSV file with the balance, once', async () => {
    const place = await furnished(program);
    writeFileSync(
      place.path('list.csv'),
      '\ufeffemail,balance,reference\r\nbob@example.com,250,"Old, account 7"\r\n"cy@example.com",0,\r\n\r\ndee@example.com,1,\r\n',
    );
    const first = await place.bursar(IMPORT);
    expect(first.json()).toMatchObject({ imported: 3, amount: 251, already: 0 });
    expect((await place.bursar(IMPORT)).json()).toMatchObject({ imported: 0, amount: 0, already: 3 });
    expect(await balances(place)).toEqual({
      'ada@example.com': 10_000,
      'bob@example.com': 250,
      'cy@example.com': 0,
      'dee@example.com': 1,
    });
  });

  it('takes JSON lines, and books the money that it needs', async () => {
    const place = await furnished(program);
    const rows = [
      { email: 'bob@example.com', balance: 90_000_000 },
      { email: 'cy@example.com', balance: 90_000_000 },
    ];
    writeFileSync(place.path('list.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const line = 'import list.jsonl --business biz_1 --yes';
    expect(await place.bursar(line)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--fund') });
    expect(await place.bursar(`${line} --fund`)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await place.bursar(`${line} --fund`)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await balances(place)).toMatchObject({ 'bob@example.com': 90_000_000, 'cy@example.com': 90_000_000 });
    const business = await place.server((payouts) => payouts.balance({ businessId: 'biz_1' }));
    expect(business).toMatchObject({ balance: 50_000, payoutBalance: 40_000 });
  });

  it.each([
    ['a row that is wrong', 'email,balance\nbob@example.com,5\nnobody,7\n', /line 3: The email must be a valid email/],
    ['a balance that is no integer', 'email,balance\nbob@example.com,1.5\n', /line 2: The balance must be an integer/],
    ['a negative balance', 'email,balance\nbob@example.com,-1\n', /line 2: The balance must be an integer/],
    ['no balance', 'email,balance\nbob@example.com,\n', /line 2: The balance field is required/],
    ['an address twice', 'email,balance\nbob@example.com,1\nBOB@example.com ,2\n', /line 3: .*in line 2 already/],
    ['an unknown column', 'email,balance,iban\nbob@example.com,1,x\n', /line 1: The columns may be/],
    ['a column twice', 'email,balance,balance\nbob@example.com,1,2\n', /line 1: A column stands there twice/],
    ['a row that is too long', 'email,balance\nbob@example.com,1,2\n', /line 2: The row cannot be read/],
    ['a quote that stays open', 'email,balance\n"bob@example.com,1\n', /The row cannot be read/],
    ['bytes that are no UTF-8', Buffer.from('email,balance\nb\xf6b@example.com,1\n', 'latin1'), /not UTF-8/],
    ['nothing', 'email,balance\n', /no payout users/],
    ['more than there is', 'email,balance\nbob@example.com,40001\n', /payout balance of biz_1 is 40000/],
    ['a user who is there', 'email,balance\nbob@example.com,1\nada@example.com,1\n', /line 3: .*is there already/],
  ])('writes nothing for %s', async (_, content, message) => {
    const place = await furnished(program);
    writeFileSync(place.path('list.csv'), content);
    const run = await place.bursar(IMPORT.replace(' --json', ''));
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(message);
    expect(await balances(place)).toEqual({ 'ada@example.com': 10_000 });
  });

  it.each([
    ['is no JSON', '{"email":"bob@example.com","balance":1}\n{"email":', /line 2: The line must be a JSON object/],
    ['is no object', '[1]', /line 1: The line must be a JSON object/],
    ['has another field', '{"email":"bob@example.com","balance":1,"metadata":{}}', /line 1: The fields may be/],
    [
      'has an object for a text',
      '{"email":"bob@example.com","balance":1,"reference":{"length":{"toString":1}}}',
      /line 1: The reference must be a string/,
    ],
    ['has a text for a balance', '{"email":"bob@example.com","balance":"1"}', /line 1: The balance must be an integer/],
  ])('writes nothing where a line %s', async (_, content, message) => {
    const place = await furnished(program);
    writeFileSync(place.path('list.jsonl'), content);
    const run = await place.bursar('import list.jsonl --business biz_1 --yes');
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(message);
  });

  it('adds to those who are there where that is wanted, and once', async () => {
    const place = await furnished(program);
    writeFileSync(place.path('list.csv'), 'email,balance\nada@example.com,5\n');
    for (let time = 0; time < 2; time++) {
      expect(await place.bursar(`${IMPORT} --add-to-existing`)).toMatchObject({ exitCode: 0 });
    }
    expect(await balances(place)).toEqual({ 'ada@example.com': 10_005 });
  });

  it('is refused with another secret than the one of the users that are there', async () => {
    const place = await furnished(program);
    writeFileSync(place.path('list.csv'), 'email,balance\nbob@example.com,5\n');
    const environment = { BURSAR_DATABASE: 'bursar.db', BURSAR_SECRET: 'another secret of the tests, 32b.' };
    expect(await place.run(IMPORT.split(' '), environment)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('is not configured'),
    });
  });

  it('that two processes do at the same time pays nobody twice', async () => {
    const place = await furnished(program);
    const list = Array.from({ length: 500 }, (_, row) => `user${row}@example.com,3\n`);
    writeFileSync(place.path('list.csv'), `email,balance\n${list.join('')}`);
    const runs = await Promise.all([place.bursar(IMPORT), place.bursar(IMPORT)]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    await place.server(async (payouts) => {
      expect((await payouts.balance({ businessId: 'biz_1' })).payoutBalance).toBe(40_000 - 1500);
    });
  });

  it('that was killed goes on where it stopped, and pays nobody twice', async () => {
    const place = await furnished(program);
    const rows = 4000;
    writeFileSync(
      place.path('list.csv'),
      `email,balance\n${Array.from({ length: rows }, (_, row) => `user${row}@example.com,3\n`).join('')}`,
    );
    const database = new Database(place.path('bursar.db'), { readonly: true });
    const count = database.prepare('SELECT count(*) FROM bursar_payout_users').pluck();
    const child = spawn(process.execPath, [program, ...IMPORT.split(' ')], {
      cwd: place.directory,
      env: { BURSAR_DATABASE: 'bursar.db', BURSAR_SECRET: 'a secret of the tests, 32 bytes.' },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    await vi.waitFor(() => expect(count.get()).toBeGreaterThan(300), { timeout: 60_000, interval: 5 });
    child.kill('SIGKILL');
    expect((await ended)[1]).toBe('SIGKILL');
    const before = Number(count.get()) - 1;
    database.close();
    expect(before).toBeLessThan(rows);

    const again = await place.bursar(IMPORT);
    expect(again.json()).toMatchObject({ imported: rows - before, already: before });
    await place.server(async (payouts) => {
      expect(await verifyLedger(payouts.context.storage)).toMatchObject({ ok: true, transfers: 3 + rows });
      expect((await payouts.balance({ businessId: 'biz_1' })).payoutBalance).toBe(40_000 - 3 * rows);
    });
  });
});
