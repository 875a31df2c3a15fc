import type { ApiKeyRecord, BusinessId, BusinessRecord, Digest, PayoutUserRecord } from '@bursar/core/storage';
import type { AccountKind, AccountOpening, Cents, LedgerItem, LedgerOutcome, Transfer } from '@bursar/payouts/storage';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from './index.js';

const businessId = 'biz_1' as BusinessId;
const business: BusinessRecord = {
  id: businessId,
  name: 'Business',
  mode: 'live',
  currency: 'USD',
  payoutsEnabled: true,
  createdAt: 1,
};
const apiKey: ApiKeyRecord = {
  id: 'key_1',
  businessId,
  name: 'Server',
  kind: 'secret',
  mode: 'live',
  scopes: ['payouts:write'],
  allowedAddresses: ['192.0.2.0/24'],
  digest: 'a'.repeat(64) as Digest,
  hint: 'bursar_live_…a1b2',
  createdAt: 1,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  replacedBy: null,
};
const payoutUser: PayoutUserRecord = {
  id: 'user_1',
  businessId,
  email: 'A@example.com',
  normalizedEmail: 'a@example.com',
  digest: 'b'.repeat(64) as Digest,
  generation: 0,
  secretId: 'secret_1',
  status: 'active',
  expiresAt: null,
  createdAt: 1,
};

function opening(kind: AccountKind): AccountOpening {
  return { businessId, id: kind, kind, currency: 'USD', debitsMustNotExceedCredits: kind !== 'external' };
}

function deposit(id: string, over: Partial<Transfer> = {}, overItem: Partial<LedgerItem> = {}): LedgerItem {
  const transfer: Transfer = {
    businessId,
    id,
    debitAccountId: 'external',
    creditAccountId: 'balance',
    amount: 5 as Cents,
    code: 'deposit',
    phase: 'single',
    pendingId: null,
    timeoutSeconds: null,
    reference: null,
    metadata: null,
    requestDigest: 'c'.repeat(64) as Digest,
    ...over,
  };
  return {
    businessId,
    conditions: {},
    openAccounts: [opening('external'), opening('balance')],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [transfer],
    ...overItem,
  };
}

describe('memoryStorage', () => {
  it('answers without promises', () => {
    const storage = memoryStorage();
    expect(storage.createBusiness(business)).toEqual(business);
    expect(storage.insertApiKey(apiKey)).toBe(true);
    expect(storage.findApiKeys([apiKey.digest])).toEqual([{ apiKey, business }]);
    expect(storage.applyTransfers([deposit('t_1')])).toMatchObject([{ status: 'applied' }]);
  });

  it('keeps its own copy of what it is given', async () => {
    const storage = memoryStorage();
    const given = { ...business };
    const scopes = ['payouts:write'];
    const allowedAddresses = ['192.0.2.0/24'];
    const metadata: Record<string, string> = { order: '1' };
    await storage.createBusiness(given);
    await storage.insertApiKey({ ...apiKey, scopes, allowedAddresses });
    await storage.applyTransfers([deposit('t_1', { metadata })]);

    given.payoutsEnabled = false;
    scopes.push('*');
    allowedAddresses.push('0.0.0.0/0');
    Object.assign(metadata, { order: '2' });

    expect(storage.findApiKeys([apiKey.digest])).toEqual([{ apiKey, business }]);
    expect(storage.findTransfers([{ businessId, id: 't_1' }])).toMatchObject([{ metadata: { order: '1' } }]);
    expect(storage.applyTransfers([deposit('t_1', { metadata: { order: '1' } })])).toMatchObject([
      { status: 'exists' },
    ]);
  });

  it('lets nobody change a record through what it answers', async () => {
    const storage = memoryStorage();
    await storage.createBusiness(business);
    await storage.insertApiKey(apiKey);
    await storage.openPayoutUsers([payoutUser]);
    const [outcome] = storage.applyTransfers([deposit('t_1', { metadata: { order: '1' } })]) as [LedgerOutcome];
    const transfers = outcome.status === 'applied' ? outcome.transfers : [];
    const answers = [
      storage.findBusiness(businessId),
      storage.findApiKey(businessId, 'key_1'),
      (storage.findApiKey(businessId, 'key_1') as ApiKeyRecord).scopes,
      (storage.findApiKey(businessId, 'key_1') as ApiKeyRecord).allowedAddresses,
      storage.findPayoutUser(businessId, 'user_1'),
      ...(storage.findAccounts([{ businessId, id: 'balance' }]) as readonly object[]),
      ...transfers,
      transfers[0]?.metadata,
    ];
    expect(answers.map((answer) => answer !== null && Object.isFrozen(answer))).toEqual(Array(8).fill(true));
  });

  it('shows the switch of a business in look-ups that were answered before', async () => {
    const storage = memoryStorage();
    await storage.createBusiness(business);
    await storage.insertApiKey(apiKey);
    await storage.openPayoutUsers([payoutUser]);
    await storage.findApiKeys([apiKey.digest]);
    await storage.findPayoutUsers([payoutUser.digest]);
    await storage.setPayoutsEnabled(businessId, false);
    expect(storage.findApiKeys([apiKey.digest])).toMatchObject([{ business: { payoutsEnabled: false } }]);
    expect(storage.findPayoutUsers([payoutUser.digest])).toMatchObject([{ business: { payoutsEnabled: false } }]);
  });

  it('dates transfers by the clock that it is given', async () => {
    const storage = memoryStorage({ now: () => 1234 });
    await storage.applyTransfers([deposit('t_1')]);
    expect(storage.findTransfers([{ businessId, id: 't_1' }])).toMatchObject([{ createdAt: 1234 }]);
  });

  it.each([
    ['an amount below zero', deposit('t_2', { amount: -5 as Cents }), RangeError],
    ['a fraction', deposit('t_2', { amount: 0.5 as Cents }), RangeError],
    ['an amount above 2^53 - 1', deposit('t_2', { amount: (2 ** 53) as Cents }), RangeError],
    ['one account twice', deposit('t_2', { creditAccountId: 'external' }), TypeError],
    ['a post of nothing', deposit('t_2', { phase: 'post' }), TypeError],
    ['a single transfer that resolves', deposit('t_2', { pendingId: 't_0' }), TypeError],
    ['another business', deposit('t_2', { businessId: 'biz_2' as BusinessId }), TypeError],
    ['a user of an unknown business', deposit('t_2', {}, { openPayoutUser: payoutUser }), Error],
  ])('refuses %s, and then changes nothing of the batch', (_case, wrong, error) => {
    const storage = memoryStorage();
    expect(() => storage.applyTransfers([deposit('t_1'), wrong])).toThrow(error);
    expect(storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
    expect(storage.findAccounts([{ businessId, id: 'balance' }])).toEqual([undefined]);
  });

  it('refuses a user whose digest is taken, and opens none of the array', async () => {
    const storage = memoryStorage();
    await storage.createBusiness(business);
    const other = { ...payoutUser, id: 'user_2', normalizedEmail: 'b@example.com' };
    expect(() => storage.openPayoutUsers([payoutUser, other])).toThrow('taken by another one; nothing was changed');
    expect(storage.listPayoutUsers({ businessId, after: null, limit: 10 })).toEqual([]);
  });

  it.each([0, 1001, 1.5])('refuses a page of %d records', (limit) => {
    expect(() => memoryStorage().listApiKeys({ businessId, after: null, limit })).toThrow(RangeError);
  });

  it('refuses work after it was closed', async () => {
    const storage = memoryStorage();
    await storage.close();
    expect(() => storage.findApiKeys([])).toThrow('closed');
    expect(() => storage.applyTransfers([])).toThrow('closed');
    expect(() => storage.checkHealth()).toThrow('closed');
  });
});
