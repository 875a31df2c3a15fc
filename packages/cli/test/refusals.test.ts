/** What the program refuses, as a process of its own: with which exit code, and that nothing came of it. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, furnished, Place, pendingWithdrawal } from './program.js';

let program = '';
let remove = (): void => undefined;
beforeAll(async () => {
  const built = await buildProgram();
  program = built.file;
  remove = built.remove;
}, 60_000);
afterAll(() => remove());

describe('a command line that is wrong', { timeout: 120_000 }, () => {
  it.each([
    ['there is no such command', 'pay', /no such command/],
    ['half a command', 'key', /no such command/],
    ['an unknown option', 'init --colour', /--colour/],
    ['an option without its value', 'key list --business', /--business/],
    ['an option that is missing', 'key list', /--business is missing/],
    ['an option that is empty', 'key list --business=', /--business must not be empty/],
    ['a switch with a value', 'init --yes=no', /--yes/],
    ['an operand that is missing', 'user show --business biz_1', /takes <id\|email>/],
    ['an operand too many', 'init here', /takes no operand/],
    ['a business that cannot be one', 'user list --business _', /businessId must/],
    ['a currency that is none', 'business create x --currency dollars', /currency must/],
    ['a scope that is none', 'key create --business biz_1 --name n --scope PAY', /scopes must/],
    ['a time that is none', 'key create --business biz_1 --name n --expires tomorrow', /--expires must/],
    ['a time that is past', 'key create --business biz_1 --name n --expires 2000-01-01T00:00:00Z', /expiresAt must/],
    ['an overlap that is none', 'key rotate x --business biz_1 --overlap soon', /--overlap must/],
    ['a format that is none', 'export --business biz_1 --output x --format xml', /--format must/],
    ['an import of another form', 'import list.xls --business biz_1', /must be a \.csv/],
  ])('ends with 2: %s', async (_, line, message) => {
    const place = await furnished(program);
    writeFileSync(place.path('list.xls'), 'x');
    const run = await place.bursar(line);
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toContain('    at ');
  });

  it('is told in JSON to a program', async () => {
    const run = await new Place(program).run(['key', 'list', '--json']);
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(JSON.parse(run.stderr)).toEqual({ error: expect.stringContaining('--business is missing') });
  });

  it('must have no password, which others see there', async () => {
    for (const url of ['postgres://ann:pass-of-a-test@localhost/pay', 'postgres:///pay?password=pass-of-a-test']) {
      const run = await new Place(program).run(['ledger', 'verify', '--database', url]);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toMatch(/--database must not have a password/);
      expect(run.stderr).not.toContain('pass-of-a-test');
    }
  });
});

describe('what is not there', { timeout: 120_000 }, () => {
  it.each([
    ['a business', 'user list --business biz_2'],
    ['a payout user', 'user show usr_none --business biz_1'],
    ['an address', 'user disable nobody@example.com --business biz_1'],
    ['a key', 'key revoke key_none --business biz_1 --yes'],
    ['a withdrawal', 'withdrawal settle tr_none --business biz_1 --reason r --yes'],
    ['a status', 'withdrawal list --business biz_1 --status lost'],
    ['a file', 'import none.csv --business biz_1'],
    ['another business: its payout user', 'user show ada@example.com --business biz_1_test'],
  ])('ends with 1: %s', async (_, line) => {
    const run = await (await furnished(program)).bursar(line);
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(/^[A-Z][^\n]+\.\n$/);
  });
});

describe('what cannot be undone', { timeout: 120_000 }, () => {
  it('is not done where nobody can be asked, and nobody has said --yes', async () => {
    const place = await furnished(program);
    const id = await pendingWithdrawal(place, place.userId, 1000);
    const key = (await place.bursar('key create --business biz_1 --name n --json')).json();
    writeFileSync(place.path('list.csv'), 'email,balance\nbob@example.com,5\n');
    for (const line of [
      `key revoke ${key.id} --business biz_1`,
      `key rotate ${key.id} --business biz_1 --overlap 60`,
      'user reissue ada@example.com --business biz_1',
      `withdrawal settle ${id} --business biz_1 --reason r`,
      `withdrawal fail ${id} --business biz_1 --reason r`,
      'import list.csv --business biz_1',
    ]) {
      const run = await place.bursar(line);
      expect([line, run.exitCode, run.stdout]).toEqual([line, 1, '']);
      expect(run.stderr).toContain('This cannot be undone: confirm it with --yes.');
    }
    await place.server(async (payouts) => {
      expect((await payouts.auth.verifyApiKey(key.key ?? '')).ok).toBe(true);
      expect((await payouts.auth.verifyPayoutHash(place.hash)).ok).toBe(true);
      expect((await payouts.withdrawals.find({ businessId: 'biz_1', id }))?.status).toBe('processing');
      expect(await payouts.auth.payoutUsers.findByEmail({ businessId: 'biz_1', email: 'bob@example.com' })).toBeNull();
    });
  });
});

describe('a configuration that is incomplete', { timeout: 120_000 }, () => {
  it.each([
    ['no database', {}, 'ledger verify', /BURSAR_DATABASE/],
    ['a database that is not there', { BURSAR_DATABASE: 'none.db' }, 'ledger verify', /There is no database/],
    ['no server', { BURSAR_DATABASE: 'postgres://127.0.0.1:1/x' }, 'ledger verify', /ECONNREFUSED/],
    ['no secret', { BURSAR_DATABASE: 'bursar.db' }, 'key list --business b', /BURSAR_SECRET is not set/],
    [
      'a short secret',
      { BURSAR_DATABASE: 'bursar.db', BURSAR_SECRET: 'secret-of-a-test' },
      'key list --business b',
      /at least 32 bytes/,
    ],
    [
      'secrets that are no list',
      { BURSAR_DATABASE: 'bursar.db', BURSAR_SECRETS: '{"secret-of-a-test":1}' },
      'key list --business b',
      /BURSAR_SECRETS must be JSON/,
    ],
  ])('ends with 3: %s', async (_, environment, line, message) => {
    const place = new Place(program);
    await place.run(['migrate'], { BURSAR_DATABASE: 'bursar.db' });
    const run = await place.run(line.split(' '), environment as Record<string, string>);
    expect([run.exitCode, run.stdout]).toEqual([3, '']);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toContain('secret-of-a-test');
    expect(existsSync(place.path('none.db'))).toBe(false);
  });

  it('ends with 3 where the tables are not there, and makes none', async () => {
    const place = new Place(program);
    writeFileSync(place.path('empty.db'), '');
    const run = await place.run(['ledger', 'verify', '--database', 'empty.db']);
    expect([run.exitCode, run.stdout]).toEqual([3, '']);
    expect(run.stderr).toMatch(/migrat/);
  });

  it('ends with 3 where a new hash would come from another secret, and makes none', async () => {
    const place = await furnished(program);
    const environment = { BURSAR_DATABASE: 'bursar.db', BURSAR_SECRET: 'another secret of the tests, 32b.' };
    const run = await place.run('user reissue ada@example.com --business biz_1 --yes'.split(' '), environment);
    expect([run.exitCode, run.stdout]).toEqual([3, '']);
    expect(run.stderr).toMatch(/not configured\. See BURSAR_SECRET/);
    await place.server(async ({ auth }) => {
      expect((await auth.verifyPayoutHash(place.hash)).ok).toBe(true);
    });
  });

  it('takes several secrets, the current one first', async () => {
    const place = new Place(program);
    const secrets = JSON.stringify([{ id: '2026', secret: 'a secret of the tests, 32 bytes.' }]);
    const environment = { BURSAR_DATABASE: 'bursar.db', BURSAR_SECRETS: secrets };
    await place.run(['migrate'], environment);
    expect(await place.run(['business', 'create', 'biz_1'], environment)).toMatchObject({ exitCode: 0 });
  });

  it('leaves nothing beside the database', async () => {
    const place = await furnished(program);
    await place.bursar('export --business nobody --output x.csv');
    expect(readdirSync(place.directory).filter((name) => !name.startsWith('bursar.db'))).toEqual([]);
  });
});
