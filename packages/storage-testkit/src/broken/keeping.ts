import type { BusinessId, Digest, PageRequest, PayoutUserChange, PayoutUserRecord } from '@bursar/core/storage';
import type { AccountRef, AuditListRequest, EventRef, TransferRef, WithdrawalRef } from '@bursar/payouts/storage';
import { anAnsweredWriteSurvivesAReopen } from '../promises/an-answered-write-survives-a-reopen.js';
import { anotherBusinessIsUnknown } from '../promises/another-business-is-unknown.js';
import { lookUpsFindEveryState } from '../promises/look-ups-find-every-state.js';
import { recordsCannotBeChangedByTheCaller } from '../promises/records-cannot-be-changed-by-the-caller.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass } from './plain-storage.js';
import type { PlainTables } from './plain-tables.js';

const UNDEFINED = 'what does not exist is undefined in arrays, and null alone';

class ShowsTransfersToAll extends PlainStorage {
  override async findTransfers(refs: readonly TransferRef[]) {
    const all = [...this.tables.transfers.values()];
    return refs.map(({ id }) => all.find((record) => record.id === id));
  }
}

class ShowsAccountsToAll extends PlainStorage {
  override async findAccounts(refs: readonly AccountRef[]) {
    const all = [...this.tables.accounts.values()];
    return refs.map(({ id }) => all.find((record) => record.id === id));
  }
}

class ShowsHistoryToAll extends PlainStorage {
  protected override historyOf({ id }: AccountRef) {
    const owner = [...this.tables.accounts.values()].find((account) => account.id === id);
    return owner ? super.historyOf(owner) : [];
  }
}

class ShowsWithdrawalsToAll extends PlainStorage {
  override async findWithdrawals(refs: readonly WithdrawalRef[]) {
    const all = [...this.tables.withdrawals.values()];
    return refs.map(({ id }) => all.find((record) => record.id === id));
  }
}

class ShowsEventsToAll extends PlainStorage {
  override async findEvents(refs: readonly EventRef[]) {
    const all = [...this.tables.events.values()];
    return refs.map(({ id }) => all.find((event) => event.id === id));
  }
}

class DeletesEndpointsForStrangers extends PlainStorage {
  override async deleteWebhookEndpoint(businessId: BusinessId, id: string) {
    const endpoint = [...this.tables.endpoints.values()].find((candidate) => candidate.id === id);
    return super.deleteWebhookEndpoint(endpoint?.businessId ?? businessId, id);
  }
}

class ShowsTheAuditLogToAll extends PlainStorage {
  override async listAudit({ limit }: AuditListRequest) {
    return this.tables.audit.slice(0, limit);
  }
}

class CountsForAll extends PlainStorage {
  override async listUsage() {
    return [...this.tables.usage.values()];
  }
}

class RevokesForStrangers extends PlainStorage {
  override async revokeApiKey(businessId: BusinessId, id: string, revokedAt: number) {
    const key = [...this.tables.apiKeys.values()].find((candidate) => candidate.id === id);
    return super.revokeApiKey(key?.businessId ?? businessId, id, revokedAt);
  }
}

class ListsForStrangers extends PlainStorage {
  protected override page<T extends { businessId: string; id: string }>(rows: T[], { limit }: PageRequest): T[] {
    return rows.slice(0, limit);
  }
}

class ChangesUsersForStrangers extends PlainStorage {
  override async changePayoutUser(change: PayoutUserChange) {
    const user = [...this.tables.payoutUsers.values()].find(({ id }) => id === change.id);
    return super.changePayoutUser({ ...change, businessId: user?.businessId ?? change.businessId });
  }
}

class HoldsAnAddressForAll extends PlainStorage {
  protected override holderOf({ normalizedEmail }: { readonly normalizedEmail: string }) {
    return [...this.tables.payoutUsers.values()].find((user) => user.normalizedEmail === normalizedEmail);
  }
}

class NeedsNoBusiness extends PlainStorage {
  protected override isFree(): boolean {
    return true;
  }
}

class FindsOnlyLiveKeys extends PlainStorage {
  override async findApiKeys(digests: readonly Digest[]) {
    const found = await super.findApiKeys(digests);
    return found.map((credential) => (credential?.apiKey.revokedAt === null ? credential : undefined));
  }
}

class FindsOnlyOpenUsers extends PlainStorage {
  override async findPayoutUsers(digests: readonly Digest[]) {
    const found = await super.findPayoutUsers(digests);
    return found.map((credential) => (credential?.payoutUser.status === 'closed' ? undefined : credential));
  }
}

// Keeps a record in columns that do not hold all of it.
function keepingLess(less: (record: Readonly<Record<string, unknown>>) => object): PlainStorageClass {
  return class extends PlainStorage {
    protected override own<T>(record: T): T {
      const isRecord = typeof record === 'object' && record !== null && !Array.isArray(record);
      return super.own(isRecord ? { ...record, ...less(record as Readonly<Record<string, unknown>>) } : record) as T;
    }
  };
}

const NO_ADDRESSES = { allowedAddresses: null };

class AnswersNull extends PlainStorage {
  override async findPayoutUsersByEmail(emails: Parameters<PlainStorage['findPayoutUsersByEmail']>[0]) {
    const found = await super.findPayoutUsersByEmail(emails);
    return found.map((user) => user ?? (null as unknown as PayoutUserRecord));
  }
}

class IsNeverWell extends PlainStorage {
  override async checkHealth(): Promise<void> {
    throw new Error('connection refused');
  }
}

/** Hands out, and takes over, the very objects that it keeps. */
class SharesItsRecords extends PlainStorage {
  protected override own<T>(record: T): T {
    return record;
  }
}

/** Answers, and writes when the next one comes. */
class AnswersBeforeItKeeps extends PlainStorage {
  #kept: PlainTables = this.tables.copy();

  protected override transact<T>(work: () => Promise<T>): Promise<T> {
    return super.transact(() => {
      this.#kept = this.tables.copy();
      return work();
    });
  }

  override reopen(): PlainStorage {
    return new AnswersBeforeItKeeps(this.now, this.#kept);
  }
}

/** Keeps outcomes where a restart forgets them. */
class ForgetsRefusalsAtARestart extends PlainStorage {
  override reopen(): PlainStorage {
    for (const [key, { outcome }] of this.tables.transfers)
      if (outcome !== 'applied') this.tables.transfers.delete(key);
    return super.reopen();
  }
}

/** Faults about what is kept, and for whom. */
export const brokenKeeping = [
  ...brokenStorages(anotherBusinessIsUnknown, {
    'transfers are shown to all': [
      ShowsTransfersToAll,
      'accounts, transfers and history',
      'the same ids in two businesses are apart',
    ],
    'accounts are shown to all': [ShowsAccountsToAll, 'accounts, transfers and history'],
    'histories are shown to all': [ShowsHistoryToAll, 'accounts, transfers and history'],
    'withdrawals are shown to all': [ShowsWithdrawalsToAll, 'withdrawals'],
    'events are shown to all': [ShowsEventsToAll, 'webhook endpoints, deliveries and events'],
    'endpoints are deleted by all': [DeletesEndpointsForStrangers, 'webhook endpoints, deliveries and events'],
    'the audit log is shown to all': [ShowsTheAuditLogToAll, 'the audit log and usage'],
    'counts are shown to all': [CountsForAll, 'the audit log and usage'],
    'keys are revoked by all': [RevokesForStrangers, 'API keys'],
    'lists are of all businesses': [ListsForStrangers, 'API keys', 'payout users'],
    'users are changed by all': [ChangesUsersForStrangers, 'payout users'],
    'an address is held for all businesses': [
      HoldsAnAddressForAll,
      'payout users',
      'the same ids in two businesses are apart',
    ],
    'a business need not exist': [NeedsNoBusiness, 'a business that does not exist'],
  }),
  ...brokenStorages(lookUpsFindEveryState, {
    'revoked keys are hidden': [FindsOnlyLiveKeys, 'keys that are revoked, expired, publishable or of the test side'],
    'closed users are hidden': [FindsOnlyOpenUsers, 'payout users that are inactive, closed or expired'],
    'scopes are kept as one text': [
      keepingLess(({ scopes }) => (Array.isArray(scopes) ? { scopes: scopes.join(',').split(',') } : {})),
      'keys that are revoked, expired, publishable or of the test side',
    ],
    'no allowed address is every address': [
      keepingLess(({ allowedAddresses: list }) => (Array.isArray(list) && list.length === 0 ? NO_ADDRESSES : {})),
      'keys that are revoked, expired, publishable or of the test side',
    ],
    'the address as it was given is lost': [
      keepingLess(({ normalizedEmail }) => (normalizedEmail === undefined ? {} : { email: normalizedEmail })),
      'payout users that are inactive, closed or expired',
    ],
    'the unknown is null in an array': [AnswersNull, UNDEFINED],
    'health is never well': [IsNeverWell, 'storage that works says so'],
  }),
  ...brokenStorages(recordsCannotBeChangedByTheCaller, {
    'the kept records are handed out': [
      SharesItsRecords,
      'accounts, transfers and outcomes',
      'withdrawals and their versions',
      'events, endpoints and deliveries',
      'the audit log and usage',
      'documents',
      'businesses, keys and payout users',
      'a payout user that an item opened',
    ],
  }),
  ...brokenStorages(anAnsweredWriteSurvivesAReopen, {
    'it answers before it keeps': [
      AnswersBeforeItKeeps,
      'the ledger',
      'every outcome, refusals and resolutions too',
      'withdrawals, their versions, and what is due and expired',
      'events, endpoints, deliveries, the audit log and usage',
      'forgotten destinations',
      'documents',
      'businesses, keys and payout users',
    ],
    'refusals do not outlive the process': [ForgetsRefusalsAtARestart, 'every outcome, refusals and resolutions too'],
  }),
];
