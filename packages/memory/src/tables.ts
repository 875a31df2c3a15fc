import type { ApiKeyCredential, BusinessId, BusinessRecord, Digest, PayoutUserCredential } from '@bursar/core/storage';
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

/** A business, and what is found by its id. `record` is replaced, never changed. */
export interface BusinessRow {
  record: BusinessRecord;
  readonly apiKeys: Directory<ApiKeyRow>;
  readonly payoutUsers: Directory<PayoutUserRow>;
  readonly payoutUsersByEmail: Map<string, PayoutUserRow>;
}

/** An API key. The answer to a look-up is made once and kept, since the look-up stands on each request's way. */
export interface ApiKeyRow {
  readonly business: BusinessRow;
  credential: ApiKeyCredential;
}

/** A payout user; `credential` as for API keys. */
export interface PayoutUserRow {
  readonly business: BusinessRow;
  credential: PayoutUserCredential;
  /** The reissues that were done, for ever. */
  readonly reissueIds: Set<string>;
}

/** The ledger of one business, and what is kept of its work. */
export interface Book {
  readonly accounts: Directory<AccountRecord>;
  /** All outcomes, refusals included. */
  readonly transfers: Map<string, TransferRecord>;
  /** Applied `post` and `void` transfers, by the pending transfer's id. */
  readonly resolutions: Map<string, TransferRecord>;
  /** Each account's applied transfers; the one with sequence `n` stands at `n - 1`. */
  readonly histories: Map<string, TransferRecord[]>;
  readonly withdrawals: Map<string, WithdrawalRecord>;
  /** In the order in which they were opened, which is that of their sequence. */
  readonly withdrawalIds: string[];
  readonly withdrawalsByPayoutUser: Map<string, string[]>;
  readonly versions: Map<string, WithdrawalVersion[]>;
  readonly events: Map<string, EventRecord>;
  /** Webhook endpoints. */
  readonly endpoints: Map<string, WebhookEndpointRecord>;
  /** By event and endpoint. */
  readonly deliveries: Map<string, DeliveryRecord>;
  /** The entry with sequence `n` stands at `n - 1`. */
  readonly auditLog: AuditRecord[];
  readonly auditEntries: Map<string, AuditRecord>;
  /** By day, credential, route and status. */
  readonly usage: Map<string, UsageRecord>;
}

/** All that a memory storage holds. */
export interface Tables {
  readonly businesses: Map<BusinessId, BusinessRow>;
  readonly apiKeysByDigest: Map<Digest, ApiKeyRow>;
  readonly payoutUsersByDigest: Map<Digest, PayoutUserRow>;
  readonly books: Map<BusinessId, Book>;
  /** Pending transfers with a time-out and no resolution, by business and id. */
  readonly expiring: Map<string, TransferRecord>;
  /** Withdrawals with a `dueAt`, by business and id. */
  readonly scheduled: Map<string, WithdrawalRecord>;
  /** Events that were not dispatched yet, by business and id, in the order in which they were written. */
  readonly undispatched: Map<string, EventRecord>;
  /** Pending deliveries, by business, event and endpoint. */
  readonly pendingDeliveries: Map<string, DeliveryRecord>;
  /** By owner, collection and id; what has expired is there until it is deleted. */
  readonly documents: Map<string, DocumentRecord>;
}

export function emptyTables(): Tables {
  return {
    businesses: new Map(),
    apiKeysByDigest: new Map(),
    payoutUsersByDigest: new Map(),
    books: new Map(),
    expiring: new Map(),
    scheduled: new Map(),
    undispatched: new Map(),
    pendingDeliveries: new Map(),
    documents: new Map(),
  };
}

/** The book of a business, which is begun where there is none. */
export function bookOf({ books }: Tables, businessId: BusinessId): Book {
  const known = books.get(businessId);
  if (known !== undefined) return known;
  const begun: Book = {
    accounts: directory(),
    transfers: new Map(),
    resolutions: new Map(),
    histories: new Map(),
    withdrawals: new Map(),
    withdrawalIds: [],
    withdrawalsByPayoutUser: new Map(),
    versions: new Map(),
    events: new Map(),
    endpoints: new Map(),
    deliveries: new Map(),
    auditLog: [],
    auditEntries: new Map(),
    usage: new Map(),
  };
  books.set(businessId, begun);
  return begun;
}

/** Rows by id, with pages in the order of the ids. */
export interface Directory<Row> {
  get(id: string): Row | undefined;
  set(id: string, row: Row): void;
  /** At most `limit` rows whose ids come after `after`. */
  page(after: string | null, limit: number): Row[];
}

export function directory<Row>(): Directory<Row> {
  const rows = new Map<string, Row>();
  // Sorted when a page is asked for, not at each insert: opening many users must not cost the square of their number.
  let sorted: string[] | null = null;
  return {
    get: (id) => rows.get(id),
    set(id, row) {
      if (!rows.has(id)) sorted = null;
      rows.set(id, row);
    },
    page(after, limit) {
      sorted ??= [...rows.keys()].sort();
      const start = after === null ? 0 : firstAfter(sorted, after);
      return sorted.slice(start, start + limit).map((id) => rows.get(id) as Row);
    },
  };
}

function firstAfter(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}
