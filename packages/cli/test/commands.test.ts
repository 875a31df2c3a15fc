/** Each command as a process of its own, on a SQLite file. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram, furnished, Place, pendingWithdrawal } from './program.js';

let program = '';
let remove = (): void => undefined;
beforeAll(async () => {
  const built = await buildProgram();
  program = built.file;
  remove = built.remove;
}, 60_000);
afterAll(() => remove());

const KEY = /bursar_(live|test)_[0-9A-Za-z]{38}/;
const HASH = /[0-9a-f]{64}/;

describe('from nothing', { timeout: 120_000 }, () => {
  it('init, migrate, a business and a key make a database that a server takes', async () => {
    const place = new Place(program);
    const made = await place.run(['init']);
    expect([made.exitCode, made.stderr]).toEqual([0, '']);
    const file = readFileSync(place.path('.env'), 'utf8');
    const secret = /^BURSAR_SECRET=([0-9a-f]{64})$/m.exec(file)?.[1] ?? 'none';
    expect(made.stdout + made.stderr).not.toContain(secret);
    expect(statSync(place.path('.env')).mode & 0o777).toBe(0o600);

    expect(await place.run(['init'])).toMatchObject({ exitCode: 1, stdout: '' });
    expect(readFileSync(place.path('.env'), 'utf8')).toBe(file);

    expect(await place.run(['business', 'create', 'biz_1'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('"bursar migrate" makes it'),
    });
    expect(await place.run(['migrate'])).toMatchObject({ exitCode: 0, stderr: '' });
    const business = await place.run(['business', 'create', 'biz_1', '--currency', 'EUR', '--json']);
    expect(business.json()).toMatchObject({ live: { id: 'biz_1', currency: 'EUR' }, test: { id: 'biz_1_test' } });
    const key = await place.run(['key', 'create', '--business', 'biz_1', '--name', 'Server']);
    expect(key.stdout).toMatch(KEY);
    expect(key.stderr).toBe('');
  });

  it('the help names every command, and costs nothing', async () => {
    const place = new Place(program);
    const help = await place.run([]);
    expect(help.exitCode).toBe(0);
    for (const name of ['init', 'key rotate <id>', 'withdrawal settle <id>', 'import <file>']) {
      expect(help.stdout).toContain(name);
    }
    expect((await place.run(['key', 'create', '--help'])).stdout).toMatch(/--business <id> +the business.*needed/);
  });
});

describe('the dashboard', { timeout: 120_000 }, () => {
  it('gets its first owner by a link, which is in the audit log without its secret', async () => {
    const place = await furnished(program);
    const link = 'dashboard link Ada --business biz_1 --url https://pay.example.com/board --json';
    const made = await place.bursar(link);
    expect(made.json()).toEqual({
      url: expect.stringMatching(/^https:\/\/pay\.example\.com\/board\/sign-in#[\w-]{40,}$/),
      expires_at: expect.stringMatching(/Z$/),
    });
    const [, secret = 'none'] = (made.json() as { url: string }).url.split('#');
    const log = await place.bursar('audit export --business biz_1 --output -');
    expect(log.stdout).toContain('"operator.link"');
    expect(log.stdout).not.toContain(secret);
  });

  it.each([
    ['--role king --url https://pay.example.com/board', /--role must be owner/],
    ['--url board', /--url must be the URL/],
    ['--url http://pay.example.com/board', /origin must be.*over https:/],
    ['--url https://pay.example.com/', /path must be a whole path/],
  ])('is not linked to with %s', async (options, message) => {
    const place = await furnished(program);
    const refused = await place.bursar(`dashboard link Ada --business biz_1 ${options}`);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});

describe('keys', { timeout: 120_000 }, () => {
  it('are issued with what was asked for, listed without the key, rotated and revoked', async () => {
    const place = await furnished(program);
    const issued = await place.bursar(
      'key create --business biz_1 --scope balance:read --scope users:read --expires 2999-01-01T00:00:00Z --json',
      ...['--name', 'Reports'],
    );
    const { id = '', key = '' } = issued.json();
    expect(issued.json()).toMatchObject({
      scopes: ['balance:read', 'users:read'],
      expires_at: '2999-01-01T00:00:00.000Z',
    });
    const rotated = await place.bursar(`key rotate ${id} --business biz_1 --overlap 3600 --yes --json`);
    expect(rotated.json().key).toMatch(KEY);
    const listed = await place.bursar('key list --business biz_1');
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).not.toMatch(KEY);
    await place.server(async ({ auth }) => {
      for (const each of [key, rotated.json().key ?? ''])
        expect(await auth.verifyApiKey(each)).toMatchObject({ ok: true });
    });
    expect(await place.bursar(`key revoke ${id} --business biz_1 --yes`)).toMatchObject({ exitCode: 0 });
    await place.server(async ({ auth }) => expect(await auth.verifyApiKey(key)).toMatchObject({ reason: 'revoked' }));
    expect(await place.bursar(`key rotate ${id} --business biz_1 --overlap 0 --yes`)).toMatchObject({ exitCode: 1 });
  });

  it('are bound to networks, and so are their successors', async () => {
    const place = await furnished(program);
    const line = 'key create --business biz_1 --name n --from 192.0.2.0/24 --from 2001:db8::1 --json';
    const issued = await place.bursar(line);
    const rotated = await place.bursar(`key rotate ${issued.json().id} --business biz_1 --overlap 0 --yes --json`);
    for (const run of [issued, rotated]) {
      expect(run.json().allowed_addresses).toEqual(['192.0.2.0/24', '2001:db8::1/128']);
    }
    expect(await place.bursar('key create --business biz_1 --name n --from here')).toMatchObject({ exitCode: 2 });
  });

  it('begin with the prefix of the server', async () => {
    const place = await furnished(program);
    const issued = await place.bursar('key create --business biz_1_test --name n --prefix acme --publishable');
    expect(issued.stdout).toMatch(/^acme_pub_test_/m);
  });
});

describe('payout users', { timeout: 120_000 }, () => {
  it('are listed and shown, by id and by address, never with the hash', async () => {
    const place = await furnished(program);
    const listed = await place.bursar('user list --business biz_1 --json');
    expect(listed.json()).toMatchObject({ items: [{ id: place.userId, balance: 10_000 }], after: null });
    for (const name of [place.userId, 'ADA@example.com']) {
      const shown = await place.bursar(`user show ${name} --business biz_1`);
      expect(shown.stdout).toContain('ada@example.com');
      expect(shown.stdout).not.toMatch(HASH);
    }
  });

  it('are disabled and enabled, and get a new hash, in the name of the operator', async () => {
    const place = await furnished(program);
    const state = () => place.server(async ({ auth }) => (await auth.verifyPayoutHash(place.hash)).ok);
    const who = ['--business', 'biz_1', '--operator', 'ann'];
    expect(await place.bursar('user disable ada@example.com', ...who)).toMatchObject({ exitCode: 0 });
    expect(await state()).toBe(false);
    expect(await place.bursar('user enable ada@example.com', ...who)).toMatchObject({ exitCode: 0 });
    expect(await state()).toBe(true);
    const reissued = await place.bursar('user reissue ada@example.com --yes', ...who);
    const [hash = ''] = HASH.exec(reissued.stdout) ?? [];
    await place.server(async (payouts) => {
      expect(await payouts.auth.verifyPayoutHash(place.hash)).toMatchObject({ ok: false });
      expect(await payouts.auth.verifyPayoutHash(hash)).toMatchObject({ ok: true });
      const log = await payouts.audit.list({ businessId: 'biz_1' });
      expect(log.ok && log.value.items.map(({ actorId, action }) => [actorId, action])).toEqual([
        ['ann', 'payout_user.reissue'],
        ['ann', 'payout_user.change'],
        ['ann', 'payout_user.change'],
      ]);
    });
  });

  it('are read from a database as text, whatever a name would do to a terminal', async () => {
    const place = await furnished(program);
    await place.bursar('business create evil --name', '\u001b[2J\u202egnp.exe');
    const again = await place.bursar('business create evil');
    expect(again.stdout).toContain('\\u{1b}[2J\\u{202e}gnp.exe');
  });
});

describe('withdrawals', { timeout: 120_000 }, () => {
  it('are listed, settled and failed, with who did it and why', async () => {
    const place = await furnished(program);
    const [paid, unpaid] = [
      await pendingWithdrawal(place, place.userId, 1000),
      await pendingWithdrawal(place, place.userId, 200),
    ];
    const listed = await place.bursar('withdrawal list --business biz_1 --status processing --json');
    expect(listed.json()).toMatchObject({ items: [{ id: unpaid }, { id: paid, amount: 1000 }], next_cursor: null });
    const why = ['--business', 'biz_1', '--operator', 'ann', '--yes', '--json', '--reason', 'Case 4711'];
    expect((await place.bursar(`withdrawal settle ${paid}`, ...why)).json()).toMatchObject({
      status: 'succeeded',
      actor: 'ann',
      reason: 'Case 4711',
    });
    expect((await place.bursar(`withdrawal fail ${unpaid}`, ...why)).json()).toMatchObject({ status: 'failed' });
    expect(await place.bursar(`withdrawal fail ${paid}`, ...why)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('only one that is queued, processing or unknown'),
    });
    expect((await place.bursar('user show ada@example.com --business biz_1 --json')).json()).toMatchObject({
      balance: 9000,
      pending: 0,
    });
  });
});

describe('the proof of the ledger', { timeout: 120_000 }, () => {
  it('finds every cent', async () => {
    const place = await furnished(program);
    const proved = await place.bursar('ledger verify --json');
    expect([proved.exitCode, proved.json()]).toEqual([0, { ok: true, accounts: 4, transfers: 3, withdrawals: 0 }]);
  });

  it('names the first row that is wrong', async () => {
    const place = await furnished(program);
    const database = new Database(place.path('bursar.db'));
    const { changes } = database
      .prepare("UPDATE bursar_accounts SET credits_posted = credits_posted + 1 WHERE id = 'payout_balance'")
      .run();
    database.close();
    expect(changes).toBe(1);
    const proved = await place.bursar('ledger verify');
    expect(proved).toMatchObject({ exitCode: 4, stdout: expect.stringMatching(/^WRONG: biz_1 \/ payout_balance/) });
  });
});

describe('the audit log', { timeout: 120_000 }, () => {
  it('is proved and written out, and what was cut off or changed is found', async () => {
    const place = await furnished(program);
    const verify = (...more: string[]) => place.bursar('audit verify --business biz_1 --json', ...more);
    for (const name of ['one', 'two', 'three']) await place.bursar(`key create --business biz_1 --name ${name}`);
    const { head = '' } = (await verify()).json();
    expect((await verify('--head', head)).json()).toEqual({ ok: true, entries: 3, head });
    expect(await place.bursar('audit export --business biz_1 --output log.jsonl')).toMatchObject({ exitCode: 0 });
    const lines = readFileSync(place.path('log.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).details.name)).toEqual(['one', 'two', 'three']);
    const database = new Database(place.path('bursar.db'));
    onTestFinished(() => void database.close());
    // As somebody does who has the file.
    database.exec('DROP TRIGGER bursar_audit_log_never_changes; DROP TRIGGER bursar_audit_log_never_goes');
    database.exec('DELETE FROM bursar_audit_log WHERE sequence = 3');
    expect((await verify()).exitCode).toBe(0);
    const cut = await verify('--head', head);
    expect([cut.exitCode, cut.json()]).toEqual([4, expect.objectContaining({ ok: false, sequence: 3 })]);
    database.exec("UPDATE bursar_audit_log SET outcome = 'x' WHERE sequence = 1");
    const changed = await place.bursar('audit verify --business biz_1');
    expect(changed).toMatchObject({ exitCode: 4, stdout: expect.stringMatching(/^WRONG: entry 1 of biz_1/) });
  });
});

describe('an export', { timeout: 120_000 }, () => {
  it('is CSV that no spreadsheet runs', async () => {
    const place = await furnished(program);
    const exported = await place.bursar('export --business biz_1 --output out.csv --json');
    expect(exported.json()).toEqual({ file: 'out.csv', users: 1, operations: 1 });
    const rows = readFileSync(place.path('out.csv'), 'utf8').split('\r\n');
    expect(rows[0]).toMatch(/^"payout_user_id","email","id"/);
    expect(rows[1]).toContain(`"${place.userId}","ada@example.com"`);
    expect(rows[1]).toContain(`"'=1+1"`);
    expect(statSync(place.path('out.csv')).mode & 0o777).toBe(0o600);
  });

  it('is JSON lines, each as the HTTP API has it, all pages of all users', async () => {
    const place = await furnished(program);
    await place.server(async (payouts) => {
      for (let made = 0; made < 149; made++) {
        await payouts.create({
          businessId: 'biz_1',
          email: 'ada@example.com',
          amount: 1,
          metadata: { camelCase: 'x' },
        });
        await payouts.create({ businessId: 'biz_1', email: `user${made}@example.com`, amount: 1 });
      }
    });
    const exported = await place.bursar('export --business biz_1 --output - --format jsonl');
    const lines = exported.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(299);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(299);
    expect(lines.find(({ metadata }) => metadata !== null)).toMatchObject({
      email: 'ada@example.com',
      direction: 'credit',
      pending_id: null,
      metadata: { camelCase: 'x' },
    });
  });

  it('writes over no file', async () => {
    const place = await furnished(program);
    writeFileSync(place.path('out.csv'), 'mine');
    expect(await place.bursar('export --business biz_1 --output out.csv')).toMatchObject({ exitCode: 1 });
    expect(readFileSync(place.path('out.csv'), 'utf8')).toBe('mine');
  });
});
