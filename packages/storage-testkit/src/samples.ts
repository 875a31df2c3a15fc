import type { ApiKeyRecord, BusinessId, BusinessRecord, Digest, PayoutUserRecord } from '@bursar/core/storage';
import type {
  AccountKind,
  AccountOpening,
  AuditEntry,
  Cents,
  DocumentPut,
  LedgerConditions,
  LedgerItem,
  Transfer,
  WebhookEndpointRecord,
  WithdrawalChange,
  WithdrawalOpening,
} from '@bursar/payouts/storage';
import type { Clock } from './clock.js';
import type { Random } from './random.js';

/** What moves from where to where; all else of a transfer has a default. */
export type TransferSketch = Partial<Omit<Transfer, 'amount' | 'debitAccountId' | 'creditAccountId'>> & {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
};

/** What an item has beside its transfers. */
export type ItemSketch = Partial<Omit<LedgerItem, 'businessId' | 'transfers'>>;

/** What of a withdrawal is said; all else has a default. */
export type WithdrawalSketch = Partial<Omit<WithdrawalOpening, 'amount' | 'fee'>> & {
  readonly amount: number;
  readonly fee?: number;
  readonly conditions?: LedgerConditions;
};

/** The kinds of the accounts that every business has. */
export const BUSINESS_ACCOUNTS = ['external', 'balance', 'payout_balance', 'paid_out', 'fees'] as const;

/** Makes records that are right in themselves, each with ids of its own. */
export class Samples {
  #made = 0;

  constructor(
    readonly random: Random,
    readonly clock: Clock,
  ) {}

  /** A new id. Chance comes first, so that the order of ids is not the order in which they were made. */
  id(kind: string): string {
    this.#made++;
    return `${this.random.hex(8)}_${kind}_${this.#made}`;
  }

  digest(): Digest {
    return this.random.hex(64) as Digest;
  }

  business(over: Partial<BusinessRecord> = {}): BusinessRecord {
    return {
      id: this.id('biz') as BusinessId,
      name: 'Example & Söhne',
      mode: 'live',
      currency: 'USD',
      payoutsEnabled: true,
      createdAt: this.clock.now(),
      ...over,
    };
  }

  apiKey({ id: businessId, mode }: BusinessRecord, over: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
    return {
      id: this.id('key'),
      businessId,
      name: 'Server',
      kind: 'secret',
      mode,
      scopes: ['payouts:write', 'balance:read'],
      allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'],
      digest: this.digest(),
      hint: 'bursar_live_…a1b2',
      createdAt: this.clock.now(),
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      replacedBy: null,
      ...over,
    };
  }

  payoutUser({ id: businessId }: BusinessRecord, over: Partial<PayoutUserRecord> = {}): PayoutUserRecord {
    const id = this.id('user');
    return {
      id,
      businessId,
      email: `Ann.${id}@Example.com`,
      normalizedEmail: `ann.${id}@example.com`,
      digest: this.digest(),
      generation: 0,
      secretId: 'secret_1',
      status: 'active',
      expiresAt: null,
      createdAt: this.clock.now(),
      ...over,
    };
  }

  endpoint({ id: businessId }: BusinessRecord, over: Partial<WebhookEndpointRecord> = {}): WebhookEndpointRecord {
    return {
      businessId,
      id: this.id('ep'),
      url: 'https://example.com/hook?a=1&b=ß',
      description: 'Büro "1"',
      types: ['withdrawal.succeeded', 'withdrawal.failed'],
      secrets: [{ sealed: `v1.secret_1.${this.random.hex(40)}`, expiresAt: null }],
      status: 'enabled',
      disabledReason: null,
      failingSince: null,
      version: 0,
      createdAt: this.clock.now(),
      ...over,
    };
  }

  auditEntry({ id: businessId }: BusinessRecord, over: Partial<AuditEntry> = {}): AuditEntry {
    return {
      businessId,
      id: this.id('au'),
      actorType: 'api_key',
      actorId: this.id('key'),
      action: 'payout.create',
      target: this.id('user'),
      address: '192.0.2.7',
      requestId: 'req_1',
      outcome: 'ok',
      details: { reason: 'Ω "x"', amount: '10' },
      ...over,
    };
  }

  /** A document that is to be made. */
  document(over: Partial<DocumentPut> = {}): DocumentPut {
    return {
      owner: '',
      collection: 'sessions',
      id: this.id('doc'),
      expectedVersion: null,
      body: { name: 'Ω "x"\n', list: [1, -(2 ** 53 - 1), true, null, []], '': { 'ß.a': '\u{1F600}' } },
      expiresInSeconds: null,
      ...over,
    };
  }

  account({ id: businessId, currency }: BusinessRecord, kind: AccountKind, id: string = kind): AccountOpening {
    return { businessId, id, kind, currency, debitsMustNotExceedCredits: kind !== 'external' };
  }

  transfer({ id: businessId }: BusinessRecord, { from, to, amount, ...over }: TransferSketch): Transfer {
    return {
      businessId,
      id: this.id('tr'),
      debitAccountId: from,
      creditAccountId: to,
      amount: amount as Cents,
      code: 'allocation',
      phase: 'single',
      pendingId: null,
      timeoutSeconds: null,
      reference: null,
      metadata: null,
      requestDigest: this.digest(),
      ...over,
    };
  }

  /** The transfer that resolves a pending one. */
  resolve(business: BusinessRecord, pending: Transfer, phase: 'post' | 'void', over: Partial<Transfer> = {}): Transfer {
    const { debitAccountId: from, creditAccountId: to, amount, code } = pending;
    return { ...this.transfer(business, { from, to, amount, code, phase, pendingId: pending.id }), ...over };
  }

  item({ id: businessId }: BusinessRecord, transfers: readonly Transfer[], over: ItemSketch = {}): LedgerItem {
    return {
      businessId,
      conditions: {},
      openAccounts: [],
      openPayoutUser: null,
      creditPayoutUserId: null,
      transfers,
      ...over,
    };
  }

  /** An item of one transfer. */
  move(business: BusinessRecord, sketch: TransferSketch, over: ItemSketch = {}): LedgerItem {
    return this.item(business, [this.transfer(business, sketch)], over);
  }

  /** The item that opens a payout user with its account and credits it. */
  allocation(business: BusinessRecord, user: PayoutUserRecord, amount: number, over: ItemSketch = {}): LedgerItem {
    return this.move(
      business,
      { from: 'payout_balance', to: user.id, amount },
      {
        openAccounts: [this.account(business, 'payout_user', user.id)],
        openPayoutUser: user,
        creditPayoutUserId: user.id,
        ...over,
      },
    );
  }

  /** The item that opens a withdrawal with the transfers that reserve its amount and its fee. */
  withdraw(business: BusinessRecord, from: string, sketch: WithdrawalSketch): LedgerItem {
    const { amount, fee = 0, conditions = {}, ...over } = sketch;
    const pending = { from, phase: 'pending' } as const;
    const id = over.id ?? this.id('wd');
    const reservation = this.transfer(business, { ...pending, id, to: 'paid_out', amount, code: 'withdrawal' });
    const charge = this.transfer(business, { ...pending, to: 'fees', amount: fee, code: 'fee' });
    const openWithdrawal: WithdrawalOpening = {
      businessId: business.id,
      id,
      payoutUserId: from,
      method: 'gift_card',
      amount: amount as Cents,
      fee: fee as Cents,
      currency: business.currency,
      destination: `v1.secret_1.${this.random.hex(40)}`,
      destinationSecretId: 'secret_1',
      destinationHint: 'a…@example.com',
      status: 'queued',
      attempts: 0,
      providerReference: null,
      exportId: null,
      reason: null,
      actor: 'payout_user',
      dueInSeconds: 0,
      ...over,
    };
    return this.item(business, fee > 0 ? [reservation, charge] : [reservation], { conditions, openWithdrawal });
  }

  /** The item that changes a withdrawal, without moving money: unless said otherwise, a worker takes it for a minute. */
  change(
    business: BusinessRecord,
    { id, version }: { readonly id: string; readonly version: number },
    over: Partial<WithdrawalChange> = {},
    transfers: readonly Transfer[] = [],
  ): LedgerItem {
    const changeWithdrawal: WithdrawalChange = {
      id,
      expectedVersion: version,
      status: 'sending',
      attempts: 1,
      providerReference: null,
      exportId: null,
      reason: null,
      actor: 'system',
      dueInSeconds: 60,
      startsSending: true,
      ...over,
    };
    return this.item(business, transfers, { changeWithdrawal });
  }
}
