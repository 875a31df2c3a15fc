import type { ApiKeyRecord, BusinessId, BusinessRecord, Digest, PayoutUserRecord } from '@bursar/core/storage';
import type {
  AccountKind,
  AccountOpening,
  AuditEntry,
  Cents,
  LedgerItem,
  Transfer,
  WebhookEndpointRecord,
  WithdrawalChange,
  WithdrawalOpening,
} from '@bursar/payouts/storage';

export const businessId = 'biz_1' as BusinessId;

export const business: BusinessRecord = {
  id: businessId,
  name: 'Business',
  mode: 'live',
  currency: 'USD',
  payoutsEnabled: true,
  createdAt: 1,
};

export const apiKey: ApiKeyRecord = {
  id: 'key_1',
  businessId,
  name: 'Server',
  kind: 'secret',
  mode: 'live',
  scopes: ['payouts:write'],
  allowedAddresses: null,
  digest: 'a'.repeat(64) as Digest,
  hint: 'bursar_live_…a1b2',
  createdAt: 1,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  replacedBy: null,
};

export const payoutUser: PayoutUserRecord = {
  id: 'user_1',
  businessId,
  email: 'Ann@example.com',
  normalizedEmail: 'ann@example.com',
  digest: 'b'.repeat(64) as Digest,
  generation: 0,
  secretId: 'secret_1',
  status: 'active',
  expiresAt: null,
  createdAt: 1,
};

/** An account of the business. */
export function opening(kind: AccountKind, id: string = kind): AccountOpening {
  return { businessId, id, kind, currency: 'USD', debitsMustNotExceedCredits: kind !== 'external' };
}

/** An item of one transfer; `deposit` into the business's balance unless said otherwise. */
export function item(id: string, over: Partial<Transfer> = {}, overItem: Partial<LedgerItem> = {}): LedgerItem {
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
    openAccounts: [opening('external'), opening('balance'), opening('payout_balance')],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [transfer],
    ...overItem,
  };
}

/** Reserves a withdrawal of 1 from the business's balance; no payout user is needed for that. */
export function withdrawalItem(id: string, over: Partial<WithdrawalOpening> = {}): LedgerItem {
  const openWithdrawal: WithdrawalOpening = {
    businessId,
    id,
    payoutUserId: 'balance',
    method: 'gift_card',
    amount: 1 as Cents,
    fee: 0 as Cents,
    currency: 'USD',
    destination: 'sealed',
    destinationSecretId: 'secret_1',
    destinationHint: 'a…',
    status: 'queued',
    attempts: 0,
    providerReference: null,
    exportId: null,
    reason: null,
    actor: 'payout_user',
    dueInSeconds: 0,
    ...over,
  };
  const reservation = { debitAccountId: 'balance', creditAccountId: 'paid_out', amount: 1 as Cents } as const;
  const openAccounts = [opening('balance'), opening('paid_out')];
  return item(id, { ...reservation, code: 'withdrawal', phase: 'pending' }, { openAccounts, openWithdrawal });
}

/** A change without money. */
export function changeItem(id: string, expectedVersion: number, over: Partial<WithdrawalChange> = {}): LedgerItem {
  const state = { providerReference: null, exportId: null, reason: null, actor: 'system' } as const;
  const sending = { status: 'sending', attempts: 1, dueInSeconds: 60, startsSending: true } as const;
  const changeWithdrawal = { id, expectedVersion, ...state, ...sending, ...over };
  return { ...item(id), openAccounts: [], transfers: [], changeWithdrawal };
}

/** An enabled endpoint that wants every event. */
export function endpoint(id: string, over: Partial<WebhookEndpointRecord> = {}): WebhookEndpointRecord {
  return {
    businessId,
    id,
    url: 'https://example.com/hook',
    description: null,
    types: null,
    secrets: [{ sealed: 'sealed', expiresAt: null }],
    status: 'enabled',
    disabledReason: null,
    failingSince: null,
    version: 0,
    createdAt: 1,
    ...over,
  };
}

/** An entry of the audit log. */
export function auditEntry(id: string, over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    businessId,
    id,
    actorType: 'api_key',
    actorId: 'key_1',
    action: 'payout.create',
    target: 'user_1',
    address: '203.0.113.7',
    requestId: `req_${id}`,
    outcome: 'ok',
    details: { amount: '5', reason: 'Über "alles"' },
    ...over,
  };
}
