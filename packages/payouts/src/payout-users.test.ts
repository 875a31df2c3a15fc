import { digest, StorageUnavailableError } from '@bursar/core';
import { describe, expect, it, vi } from 'vitest';
import { START, scene } from '../test/scene.js';
import { businessOf } from './options.js';
import {
  changePayoutUser,
  findPayoutUser,
  type ListPayoutUsersOptions,
  listPayoutUsers,
  payoutUserFields,
} from './payout-users.js';

const HOUR = 3_600_000;

async function withUsers(count: number) {
  const made = await scene();
  await made.endow(1000);
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const payee = { businessId: 'biz_1', email: `user-${index}@example.com`, amount: index + 1 };
    const created = await made.payouts.create(payee);
    if (created.ok) ids.push(created.value.payoutUser.id);
  }
  const { context } = made.payouts;
  const business = await businessOf(context, 'biz_1');
  const listed = async (options: ListPayoutUsersOptions = {}) => {
    const outcome = await listPayoutUsers(context, business, options);
    if (!outcome.ok) throw new Error(`refused with ${JSON.stringify(outcome.error.body)}`);
    return { ids: outcome.value.items.map(({ payoutUser }) => payoutUser.id), ...outcome.value };
  };
  return { ...made, context, business, ids, listed, first: String(ids[0]) };
}

describe('listPayoutUsers', () => {
  it('has each user with its own balance, in the order of the ids', async () => {
    const { ids, listed } = await withUsers(5);
    const page = await listed();
    expect(page.ids).toEqual([...ids].sort());
    for (const { payoutUser, balance } of page.items) {
      const amount = ids.indexOf(payoutUser.id) + 1;
      expect(payoutUser.email).toBe(`user-${amount - 1}@example.com`);
      expect(balance).toEqual({ currency: 'USD', balance: amount, pending: 0 });
    }
    expect(page.nextCursor).toBeNull();
  });

  it('shows no digest, and nothing that only identifies', async () => {
    const { listed } = await withUsers(1);
    const { items } = await listed();
    expect(Object.keys(items[0]?.payoutUser ?? {}).sort()).toEqual([
      'businessId',
      'createdAt',
      'email',
      'expiresAt',
      'generation',
      'id',
      'status',
    ]);
  });

  it('pages through all of them, each once', async () => {
    const { ids, listed } = await withUsers(5);
    const first = await listed({ limit: 2 });
    const second = await listed({ limit: 2, cursor: first.nextCursor ?? undefined });
    const third = await listed({ limit: 2, cursor: second.nextCursor ?? undefined });
    expect([...first.ids, ...second.ids, ...third.ids]).toEqual([...ids].sort());
    expect(third).toMatchObject({ ids: { length: 1 }, nextCursor: null });
  });

  it('finds one by its address, however that is written', async () => {
    const { ids, listed } = await withUsers(3);
    expect(await listed({ email: ' USER-1@Example.com ' })).toMatchObject({
      ids: [ids[1]],
      items: [{ balance: { balance: 2 } }],
      nextCursor: null,
    });
    expect(await listed({ email: 'nobody@example.com' })).toMatchObject({ items: [], nextCursor: null });
  });

  it('has done nothing before, whether it is asked for all or for one', async () => {
    const { context, business } = await withUsers(1);
    for (const options of [{}, { email: 'user-0@example.com' }]) {
      expect(await listPayoutUsers(context, business, options)).toMatchObject({ ok: true, replayed: false });
    }
  });

  it('refuses an address that cannot be one', async () => {
    const { context, business } = await withUsers(0);
    expect(await listPayoutUsers(context, business, { email: 'nobody' })).toMatchObject({
      ok: false,
      error: { status: 422, body: { email: ['The email must be a valid email address.'] } },
    });
    expect(await listPayoutUsers(context, business, { email: '' })).toMatchObject({
      ok: false,
      error: { body: { email: ['The email field is required.'] } },
    });
  });

  it('refuses a cursor or a limit that cannot be one, also with an address', async () => {
    const { context, business } = await withUsers(0);
    for (const options of [{ cursor: 'x' }, { limit: 101 }, { email: 'ann@example.com', limit: 0 }]) {
      expect(await listPayoutUsers(context, business, options)).toMatchObject({ ok: false, error: { status: 422 } });
    }
  });

  it('does not ask storage for a place that no id can be, though its checksum is right', async () => {
    const { context, business, storage } = await withUsers(1);
    const listed = vi.spyOn(storage, 'listPayoutUsers');
    const from = (place: string) => {
      const checksum = digest(JSON.stringify(['cursor', 'payout-users', 'biz_1', place])).slice(0, 12);
      return listPayoutUsers(context, business, { cursor: `${place}.${checksum}` });
    };
    for (const place of ['usr\0', 'usr 1', 'ü']) {
      expect(await from(place)).toMatchObject({ ok: false, error: { status: 422 } });
    }
    expect(listed).not.toHaveBeenCalled();
    expect(await from('usr_1')).toMatchObject({ ok: true });
  });

  it('names the fault of storage', async () => {
    const { context, business, storage } = await withUsers(0);
    vi.spyOn(storage, 'listPayoutUsers').mockImplementation(() => {
      throw new Error('down');
    });
    await expect(listPayoutUsers(context, business, {})).rejects.toBeInstanceOf(StorageUnavailableError);
  });
});

describe('findPayoutUser', () => {
  it('has the user with its balance', async () => {
    const { context, business, first } = await withUsers(1);
    expect(await findPayoutUser(context, business, first)).toMatchObject({
      payoutUser: { id: first, email: 'user-0@example.com', status: 'active' },
      balance: { currency: 'USD', balance: 1, pending: 0 },
    });
  });

  it('is null for an id that the business does not have', async () => {
    const { context, business } = await withUsers(1);
    for (const id of ['usr_unknown', 'balance', '']) {
      expect(await findPayoutUser(context, business, id)).toBeNull();
    }
  });
});

describe('changePayoutUser', () => {
  it('changes the status, and answers with the user as it is then', async () => {
    const { context, business, first } = await withUsers(1);
    expect(await changePayoutUser(context, business, first, { status: 'inactive' })).toMatchObject({
      ok: true,
      replayed: false,
      value: { payoutUser: { id: first, status: 'inactive', expiresAt: null }, balance: { balance: 1 } },
    });
    expect(await findPayoutUser(context, business, first)).toMatchObject({ payoutUser: { status: 'inactive' } });
  });

  it('is in the audit log with what was asked for', async () => {
    const { payouts, endow } = await scene({ audit: true });
    await endow(1);
    const created = await payouts.create({ businessId: 'biz_1', email: 'ann@example.com', amount: 1 });
    const id = created.ok ? created.value.payoutUser.id : '';
    const business = await businessOf(payouts.context, 'biz_1');
    const details = { status: 'inactive', expires_at: '2027-01-01T00:00:00Z' };
    await changePayoutUser(payouts.context, business, id, details);
    const log = await payouts.audit.list({ businessId: 'biz_1', limit: 1 });
    expect(log).toMatchObject({ value: { items: [{ action: 'payout_user.change', target: id, details }] } });
  });

  it('changes the expiry alone, from a time with its offset, and takes it away again', async () => {
    const { context, business, first } = await withUsers(1);
    await changePayoutUser(context, business, first, { status: 'inactive' });
    const changed = await changePayoutUser(context, business, first, { expires_at: '2026-01-01T03:00:00+02:00' });
    expect(changed).toMatchObject({ value: { payoutUser: { expiresAt: START + HOUR, status: 'inactive' } } });
    const never = await changePayoutUser(context, business, first, { expires_at: null });
    expect(never).toMatchObject({ value: { payoutUser: { expiresAt: null } } });
  });

  it('changes nothing where nothing is said', async () => {
    const { context, business, first } = await withUsers(1);
    await changePayoutUser(context, business, first, { expires_at: '2027-01-01T00:00:00Z' });
    expect(await changePayoutUser(context, business, first, {})).toMatchObject({
      ok: true,
      value: { payoutUser: { status: 'active', expiresAt: Date.UTC(2027, 0, 1) } },
    });
  });

  it('lets an expiry lie in the future alone', async () => {
    const { context, business, first } = await withUsers(1);
    for (const at of ['2026-01-01T00:00:00Z', '2025-12-31T23:59:59.999Z', '0000-01-01T00:00:00Z']) {
      expect(await changePayoutUser(context, business, first, { expires_at: at, status: 'inactive' })).toMatchObject({
        ok: false,
        error: { status: 422, body: { expires_at: ['The expires_at must be in the future.'] } },
      });
    }
    expect(await findPayoutUser(context, business, first)).toMatchObject({ payoutUser: { status: 'active' } });
    expect(await changePayoutUser(context, business, first, { expires_at: '2026-01-01T00:00:00.001Z' })).toMatchObject({
      value: { payoutUser: { expiresAt: START + 1 } },
    });
  });

  it.each([
    '2027-01-01',
    '2027-01-01T00:00:00',
    '2027-02-29T00:00:00Z',
    '2027-01-01T24:00:00Z',
    '2027-01-01 00:00:00Z',
    'tomorrow',
    '',
    1_800_000_000_000,
  ])('refuses the expiry %j', async (at) => {
    const { context, business, first } = await withUsers(1);
    expect(await changePayoutUser(context, business, first, { expires_at: at })).toMatchObject({
      ok: false,
      error: { body: { expires_at: ['The expires_at must be a time in ISO 8601 with its offset, or null.'] } },
    });
  });

  it.each(['deleted', 'ACTIVE', '', null, 1])('refuses the status %j', async (status) => {
    const { context, business, first } = await withUsers(1);
    expect(await changePayoutUser(context, business, first, { status })).toMatchObject({
      ok: false,
      error: { body: { status: ['The status must be active, inactive or closed.'] } },
    });
  });

  it('lets no other field change', () => {
    expect(payoutUserFields.safeParse({ email: 'new@example.com' }).success).toBe(false);
    expect(Object.keys(payoutUserFields.shape)).toEqual(['status', 'expires_at']);
  });

  it('closes for ever', async () => {
    const { context, business, first } = await withUsers(1);
    expect(await changePayoutUser(context, business, first, { status: 'closed' })).toMatchObject({
      value: { payoutUser: { status: 'closed' }, balance: { balance: 1 } },
    });
    for (const change of [{ status: 'active' }, { status: 'closed' }, {}]) {
      expect(await changePayoutUser(context, business, first, change)).toMatchObject({
        ok: false,
        replayed: false,
        error: { status: 422, body: { status: ['The payout user is closed, for ever.'] } },
      });
    }
  });

  it('is null for an id that the business does not have, after the fields were checked', async () => {
    const { context, business } = await withUsers(0);
    expect(await changePayoutUser(context, business, 'usr_unknown', { status: 'closed' })).toBeNull();
    expect(await changePayoutUser(context, business, 'usr_unknown', { status: 'x' })).toMatchObject({ ok: false });
  });
});
