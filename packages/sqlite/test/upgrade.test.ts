import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openSqliteStorage } from '../src/index.js';
import { MIGRATIONS, migrate } from '../src/migrate.js';
import { business, businessId, changeItem, item, payoutUser, withdrawalItem } from './sample.js';
import { temporaryFile } from './temporary.js';

const DAY = 86_400_000;
const NOW = 1_700_000_000_000;

// As the version before withdrawals left it: one business with money, and pending transfers of each kind.
function filledFile(): string {
  const path = temporaryFile();
  const database = new Database(path);
  migrate(database, { migrate: true, now: () => NOW - DAY, migrations: MIGRATIONS.slice(0, 1) });
  const insert = (table: string, row: Readonly<Record<string, string | number | null>>) =>
    database
      .prepare(`INSERT INTO ${table} (${Object.keys(row)}) VALUES (${Object.keys(row).map(() => '?')})`)
      .run(...Object.values(row));
  const { id, name, mode, currency } = business;
  insert('bursar_businesses', { id, name, mode, currency, payouts_enabled: 1, created_at: NOW - DAY });
  const { email, normalizedEmail, digest } = payoutUser;
  insert('bursar_payout_users', {
    ...{ business_id: id, id: payoutUser.id, email, normalized_email: normalizedEmail, digest, generation: 3 },
    ...{ secret_id: 'secret_1', status: 'active', expires_at: null, created_at: NOW - DAY },
  });
  const account = (kind: string, sums: readonly number[]) => {
    const [debits_posted = 0, debits_pending = 0, credits_posted = 0, credits_pending = 0, sequence = 0] = sums;
    const must = kind === 'external' ? 0 : 1;
    insert('bursar_accounts', {
      ...{ business_id: id, id: kind, kind, currency, debits_must_not_exceed_credits: must, created_at: NOW - DAY },
      ...{ debits_posted, debits_pending, credits_posted, credits_pending, sequence },
    });
  };
  account('external', [100, 0, 10, 30, 6]);
  account('balance', [10, 30, 100, 0, 6]);
  const transfer = (sequence: number | null, row: Readonly<Record<string, string | number | null>>) =>
    insert('bursar_transfers', {
      ...{
        business_id: id,
        debit_account_id: 'balance',
        credit_account_id: 'external',
        amount: 10,
        code: 'withdrawal',
      },
      ...{ phase: 'pending', pending_id: null, timeout_seconds: null, request_digest: 'c'.repeat(64) },
      ...{ outcome: 'applied', debit_sequence: sequence, credit_sequence: sequence, created_at: NOW - DAY, ...row },
    });
  transfer(1, {
    id: 'deposit',
    debit_account_id: 'external',
    credit_account_id: 'balance',
    amount: 100,
    phase: 'single',
  });
  transfer(2, { id: 'expired', timeout_seconds: 60 });
  transfer(3, { id: 'posted', timeout_seconds: 30 });
  transfer(4, { id: 'post', phase: 'post', pending_id: 'posted' });
  transfer(5, { id: 'endless' });
  transfer(6, { id: 'open', timeout_seconds: 7 * 86_400 });
  transfer(null, { id: 'refused', timeout_seconds: 60, amount: 5000, outcome: 'insufficient_funds' });
  database.close();
  return path;
}

describe('a filled file of the version before withdrawals', () => {
  it('keeps all that it held, and finds what expires', async () => {
    const storage = await openSqliteStorage({ path: filledFile(), now: () => NOW });
    expect(await storage.findBusiness(businessId)).toMatchObject({ name: business.name });
    expect(await storage.findPayoutUser(businessId, payoutUser.id)).toMatchObject({ generation: 3 });
    const history = await storage.listTransfers({ businessId, id: 'balance', before: null, limit: 10 });
    expect(history.map(({ id }) => id)).toEqual(['open', 'endless', 'post', 'posted', 'expired', 'deposit']);
    expect((await storage.listAccounts(null, 10)).map(({ id, sequence }) => [id, sequence])).toEqual([
      ['balance', 6],
      ['external', 6],
    ]);
    expect((await storage.listExpiredTransfers(10)).map(({ id }) => id)).toEqual(['expired']);
    const voided = { phase: 'void', pendingId: 'expired', amount: 10 as never, code: 'withdrawal' } as const;
    const accounts = { debitAccountId: 'balance', creditAccountId: 'external' };
    expect(await storage.applyTransfers([item('v', { ...voided, ...accounts })])).toMatchObject([
      { status: 'applied' },
    ]);
    expect(await storage.listExpiredTransfers(10)).toEqual([]);
    await storage.close();
  });

  it('takes withdrawals', async () => {
    const storage = await openSqliteStorage({ path: filledFile(), now: () => NOW });
    expect(await storage.applyTransfers([withdrawalItem('w_1')])).toMatchObject([{ status: 'applied' }]);
    expect(await storage.listDueWithdrawals(10)).toMatchObject([{ id: 'w_1', sequence: 1, version: 0, dueAt: NOW }]);
    await storage.close();
  });
});

describe('a filled file of the version before documents', () => {
  it('finds the secrets that its webhook endpoints need', async () => {
    const path = temporaryFile();
    const database = new Database(path);
    migrate(database, { migrate: true, now: () => NOW - DAY, migrations: MIGRATIONS.slice(0, 3) });
    const { id, name, mode, currency } = business;
    database.prepare('INSERT INTO bursar_businesses VALUES (?, ?, ?, ?, 1, 1)').run(id, name, mode, currency);
    const insert = database.prepare(
      `INSERT INTO bursar_webhook_endpoints VALUES (?, ?, 'https://example.com', NULL, NULL, ?, 'enabled', NULL, NULL, 0, 1)`,
    );
    const sealed = (text: string, expiresAt: number | null = null) => ({ sealed: text, expiresAt });
    const secrets = [
      [sealed('v1.with.dots.a-B_9'), sealed('v1.2025.AAAA', NOW + 10)],
      [sealed('v1.2026.AAAA'), sealed('v1.2024.AAAA', NOW)],
      [sealed('v1.2025.AAAA', NOW), sealed('of another form'), sealed('v1.2026.BBBB', NOW)],
      [],
    ];
    for (const [index, list] of secrets.entries()) insert.run(id, `hook_${index}`, JSON.stringify(list));
    database.close();
    let now = NOW;
    const storage = await openSqliteStorage({ path, now: () => now });
    expect(await storage.listWebhookSecretIds()).toEqual(['2025', '2026', 'with.dots']);
    now += 10;
    expect(await storage.listWebhookSecretIds()).toEqual(['2026', 'with.dots']);
    await storage.deleteWebhookEndpoint(businessId, 'hook_1');
    expect(await storage.listWebhookSecretIds()).toEqual(['with.dots']);
    await storage.close();
  });
});

// As the version before webhooks left it: withdrawals whose destinations were sealed with two secrets.
function fileWithDestinations(): string {
  const path = temporaryFile();
  const database = new Database(path);
  migrate(database, { migrate: true, now: () => NOW - DAY, migrations: MIGRATIONS.slice(0, 2) });
  const transfer = database.prepare(
    `INSERT INTO bursar_transfers VALUES (?, ?, 'user_1', 'paid_out', 5, 'withdrawal', 'pending', NULL, NULL, NULL, NULL, 'c',
     'applied', ?, ?, 1)`,
  );
  const withdrawal = database.prepare(
    `INSERT INTO bursar_withdrawals VALUES (?, ?, ?, 'user_1', 'bank', 5, 0, 'USD', ?, 'a…', ?, 1, NULL, NULL, NULL, 'system',
     1, NULL, NULL, 1, ?)`,
  );
  const rows = [
    ['v1.2026.a-B_9', 'succeeded'],
    [`v1.with.dots-and_all.${'x'.repeat(60)}`, 'queued'],
    ['v1.2026.b', 'rejected'],
    ['of another form', 'failed'],
  ] as const;
  for (const [index, [destination, status]] of rows.entries()) {
    const place = index + 1;
    transfer.run(businessId, `w_${place}`, place, place);
    withdrawal.run(businessId, `w_${place}`, place, destination, status, NOW - DAY + place);
  }
  database.close();
  return path;
}

const refs = ['w_1', 'w_2', 'w_3', 'w_4'].map((id) => ({ businessId, id }));

describe('a filled file of the version before webhooks', () => {
  it('has its destinations found by the secret that each names, and forgotten as others are', async () => {
    const storage = await openSqliteStorage({ path: fileWithDestinations(), now: () => NOW });
    const secrets = async () =>
      (await storage.findWithdrawals(refs)).map((withdrawal) => withdrawal?.destinationSecretId);
    expect(await secrets()).toEqual(['2026', 'with.dots-and_all', '2026', null]);
    expect(await storage.listDestinationSecretIds()).toEqual(['2026', 'with.dots-and_all']);
    expect(await storage.forgetDestinations(86_400 - 1, 1)).toBe(1);
    expect(await secrets()).toEqual([null, 'with.dots-and_all', '2026', null]);
    expect(await storage.forgetDestinations(86_400 - 1, 10)).toBe(2);
    expect(await storage.listDestinationSecretIds()).toEqual(['with.dots-and_all']);
    const returned = changeItem('w_1', 1, { status: 'returned' });
    expect(await storage.applyTransfers([returned])).toMatchObject([{ withdrawal: { destination: '' } }]);
    await storage.close();
  });

  it('stays as it was where the migration is interrupted half-way', async () => {
    const path = fileWithDestinations();
    const database = new Database(path);
    const objects = () => database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
    const before = objects();
    const half = MIGRATIONS.map((step) =>
      step.number === 3 ? { ...step, sql: `${step.sql}; CREATE NONSENSE` } : step,
    );
    expect(() => migrate(database, { migrate: true, now: () => NOW, migrations: half })).toThrow('NONSENSE');
    expect(objects()).toEqual(before);
    database.close();
    const storage = await openSqliteStorage({ path, now: () => NOW });
    expect(await storage.listDestinationSecretIds()).toEqual(['2026', 'with.dots-and_all']);
    await storage.close();
  });
});
