import type { ApiKeyRecord, BusinessRecord, PayoutUserRecord } from '@bursar/core/storage';
import type {
  AccountRecord,
  AuditRecord,
  DeliveryRecord,
  DocumentRecord,
  EventRecord,
  TransferRecord,
  UsageRecord,
  WebhookEndpointRecord,
  WithdrawalRecord,
  WithdrawalVersion,
} from '@bursar/payouts/storage';

/** The data that several connections share; each row by {@link keyOf}. */
export class PlainTables {
  readonly businesses = new Map<string, BusinessRecord>();
  readonly apiKeys = new Map<string, ApiKeyRecord>();
  readonly payoutUsers = new Map<string, PayoutUserRecord>();
  readonly reissues = new Set<string>();
  readonly accounts = new Map<string, AccountRecord>();
  readonly transfers = new Map<string, TransferRecord>();
  readonly withdrawals = new Map<string, WithdrawalRecord>();
  readonly versions: WithdrawalVersion[] = [];
  readonly events = new Map<string, EventRecord>();
  /** Events in the order of writing; each leaves when it is dispatched. */
  readonly undispatched = new Set<string>();
  readonly endpoints = new Map<string, WebhookEndpointRecord>();
  readonly deliveries = new Map<string, DeliveryRecord>();
  readonly audit: AuditRecord[] = [];
  readonly usage = new Map<string, UsageRecord>();
  readonly documents = new Map<string, DocumentRecord>();
  #queue: Promise<unknown> = Promise.resolve();

  /** Runs one after the other, whoever asks. */
  locked<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  /** The same rows, from now on apart. */
  copy(): PlainTables {
    const copy = new PlainTables();
    for (const [key, row] of this.businesses) copy.businesses.set(key, row);
    for (const [key, row] of this.apiKeys) copy.apiKeys.set(key, row);
    for (const [key, row] of this.payoutUsers) copy.payoutUsers.set(key, row);
    for (const key of this.reissues) copy.reissues.add(key);
    for (const [key, row] of this.accounts) copy.accounts.set(key, row);
    for (const [key, row] of this.transfers) copy.transfers.set(key, row);
    for (const [key, row] of this.withdrawals) copy.withdrawals.set(key, row);
    copy.versions.push(...this.versions);
    for (const [key, row] of this.events) copy.events.set(key, row);
    for (const key of this.undispatched) copy.undispatched.add(key);
    for (const [key, row] of this.endpoints) copy.endpoints.set(key, row);
    for (const [key, row] of this.deliveries) copy.deliveries.set(key, row);
    copy.audit.push(...this.audit);
    for (const [key, row] of this.usage) copy.usage.set(key, row);
    for (const [key, row] of this.documents) copy.documents.set(key, row);
    return copy;
  }
}

/** A row's key: a business and an id of its own. */
export function keyOf({ businessId, id }: { readonly businessId: string; readonly id: string }): string {
  return `${businessId}\0${id}`;
}

/** The same value, all of it frozen. */
export function frozenCopy<T>(value: T): T {
  return freeze(structuredClone(value));
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
