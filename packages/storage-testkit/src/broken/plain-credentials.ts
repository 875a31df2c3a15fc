import {
  type ApiKeyCredential,
  type ApiKeyRecord,
  type ApiKeyRotation,
  type ApiKeyRotationOutcome,
  type ApiKeyUse,
  type BusinessId,
  type BusinessRecord,
  type CredentialStorage,
  type Digest,
  type PageRequest,
  type PayoutHashReissue,
  type PayoutHashReissueOutcome,
  type PayoutUserChange,
  type PayoutUserChangeOutcome,
  type PayoutUserCredential,
  type PayoutUserEmail,
  type PayoutUserRecord,
  pageLimit,
} from '@bursar/core/storage';
import { frozenCopy, keyOf, PlainTables } from './plain-tables.js';

/** The credentials' half of {@link PlainStorage}. */
export class PlainCredentials implements CredentialStorage {
  constructor(
    readonly now: () => number,
    readonly tables = new PlainTables(),
  ) {}

  async findApiKeys(digests: readonly Digest[]): Promise<readonly (ApiKeyCredential | undefined)[]> {
    return digests.map((digest) => {
      const apiKey = [...this.tables.apiKeys.values()].find((key) => key.digest === digest);
      const business = apiKey && this.tables.businesses.get(apiKey.businessId);
      return apiKey && business && { apiKey, business };
    });
  }

  async findPayoutUsers(digests: readonly Digest[]): Promise<readonly (PayoutUserCredential | undefined)[]> {
    return digests.map((digest) => {
      const payoutUser = [...this.tables.payoutUsers.values()].find((user) => user.digest === digest);
      const business = payoutUser && this.tables.businesses.get(payoutUser.businessId);
      return payoutUser && business && { payoutUser, business };
    });
  }

  async findPayoutUsersByEmail(emails: readonly PayoutUserEmail[]): Promise<readonly (PayoutUserRecord | undefined)[]> {
    return emails.map((email) => this.holderOf(email));
  }

  openPayoutUsers(records: readonly PayoutUserRecord[]): Promise<readonly (PayoutUserRecord | undefined)[]> {
    return this.transact(async () => {
      const missing = new Map<string, PayoutUserRecord>();
      for (const record of records) {
        const address = `${record.businessId}\0${record.normalizedEmail}`;
        if (!this.tables.businesses.has(record.businessId) || this.holderOf(record) !== undefined) continue;
        if (!missing.has(address)) missing.set(address, record);
      }
      for (const { digest } of missing.values()) this.requireFree(this.tables.payoutUsers, digest);
      await this.roundTrip();
      for (const record of missing.values()) this.put(this.tables.payoutUsers, record);
      return records.map((record) => this.holderOf(record));
    });
  }

  touchApiKeys(uses: readonly ApiKeyUse[]): Promise<void> {
    return this.transact(async () => {
      const before = uses.map((use) => this.tables.apiKeys.get(keyOf(use)));
      await this.roundTrip();
      const touched = new Map<string, ApiKeyRecord>();
      for (const [index, { usedAt }] of uses.entries()) {
        const key = before[index];
        const latest = key && this.latestUse(touched.get(key.id) ?? key, usedAt);
        if (key && latest !== undefined) touched.set(key.id, { ...key, lastUsedAt: latest });
      }
      for (const key of touched.values()) this.put(this.tables.apiKeys, key);
    });
  }

  createBusiness(record: BusinessRecord): Promise<BusinessRecord> {
    return this.transact(async () => {
      const stands = this.tables.businesses.get(record.id);
      await this.roundTrip();
      if (stands === undefined) this.tables.businesses.set(record.id, this.own(record));
      return stands ?? this.own(record);
    });
  }

  async findBusiness(id: BusinessId): Promise<BusinessRecord | null> {
    return this.tables.businesses.get(id) ?? null;
  }

  setPayoutsEnabled(id: BusinessId, payoutsEnabled: boolean): Promise<BusinessRecord | null> {
    return this.transact(async () => {
      const business = this.tables.businesses.get(id);
      if (business === undefined) return null;
      const changed = this.own({ ...business, payoutsEnabled });
      this.tables.businesses.set(id, changed);
      return changed;
    });
  }

  insertApiKey(record: ApiKeyRecord): Promise<boolean> {
    return this.transact(async () => {
      const isFree = this.isFree(record);
      await this.roundTrip();
      if (isFree) this.put(this.tables.apiKeys, record);
      return isFree;
    });
  }

  async findApiKey(businessId: BusinessId, id: string): Promise<ApiKeyRecord | null> {
    return this.tables.apiKeys.get(keyOf({ businessId, id })) ?? null;
  }

  async listApiKeys(page: PageRequest): Promise<readonly ApiKeyRecord[]> {
    return this.page([...this.tables.apiKeys.values()], page);
  }

  rotateApiKey({ businessId, id, successor, expiresAt, now }: ApiKeyRotation): Promise<ApiKeyRotationOutcome> {
    return this.transact(async () => {
      const key = await this.findApiKey(businessId, id);
      if (key === null) return { status: 'not_found' };
      const isOver = key.expiresAt !== null && key.expiresAt <= now;
      if (isOver || key.revokedAt !== null || key.replacedBy !== null) return { status: 'not_rotatable' };
      if (!this.isFree(successor)) throw new Error('the id or the digest of the successor is taken');
      await this.roundTrip();
      this.put(this.tables.apiKeys, successor);
      const end = Math.min(expiresAt, key.expiresAt ?? expiresAt);
      const rotated = this.put(this.tables.apiKeys, { ...key, expiresAt: end, replacedBy: successor.id });
      return { status: 'rotated', apiKey: rotated };
    });
  }

  revokeApiKey(businessId: BusinessId, id: string, revokedAt: number): Promise<ApiKeyRecord | null> {
    return this.transact(async () => {
      const key = await this.findApiKey(businessId, id);
      if (key === null || key.revokedAt !== null) return key;
      await this.roundTrip();
      return this.put(this.tables.apiKeys, { ...key, revokedAt });
    });
  }

  async findPayoutUser(businessId: BusinessId, id: string): Promise<PayoutUserRecord | null> {
    return this.tables.payoutUsers.get(keyOf({ businessId, id })) ?? null;
  }

  async listPayoutUsers(page: PageRequest): Promise<readonly PayoutUserRecord[]> {
    return this.page([...this.tables.payoutUsers.values()], page);
  }

  changePayoutUser(change: PayoutUserChange): Promise<PayoutUserChangeOutcome> {
    return this.transact(async () => {
      const user = await this.findPayoutUser(change.businessId, change.id);
      if (user === null) return { status: 'not_found' };
      if (user.status === 'closed') return { status: 'closed' };
      await this.roundTrip();
      return { status: 'changed', payoutUser: this.put(this.tables.payoutUsers, { ...user, ...change }) };
    });
  }

  reissuePayoutHash(reissue: PayoutHashReissue): Promise<PayoutHashReissueOutcome> {
    return this.transact(async () => {
      const { businessId, id, reissueId, expectedGeneration, digest, secretId } = reissue;
      const user = await this.findPayoutUser(businessId, id);
      if (user === null) return { status: 'not_found' };
      const known = `${keyOf(user)}\0${reissueId}`;
      if (reissueId !== null && this.tables.reissues.has(known)) return { status: 'replayed', payoutUser: user };
      if (user.status === 'closed') return { status: 'closed' };
      if (user.generation !== expectedGeneration) return { status: 'generation_changed', payoutUser: user };
      this.requireFree(this.tables.payoutUsers, digest);
      await this.roundTrip();
      if (reissueId !== null) this.tables.reissues.add(known);
      const changed = { ...user, generation: user.generation + 1, digest, secretId };
      return { status: 'reissued', payoutUser: this.put(this.tables.payoutUsers, changed) };
    });
  }

  async listSecretIds(): Promise<readonly string[]> {
    const open = [...this.tables.payoutUsers.values()].filter(({ status }) => status !== 'closed');
    return [...new Set(open.map(({ secretId }) => secretId))].sort();
  }

  async checkHealth(): Promise<void> {}

  /** One step that nobody comes between. */
  protected transact<T>(work: () => Promise<T>): Promise<T> {
    return this.tables.locked(work);
  }

  /** Where an answer of a database would be waited for, and where others would get their turn if nothing was locked. */
  protected async roundTrip(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }

  /** The record as it is kept and handed out. */
  protected own<T>(record: T): T {
    return frozenCopy(record);
  }

  protected put<T extends { businessId: string; id: string }>(table: Map<string, T>, record: T): T {
    const kept = this.own(record);
    table.set(keyOf(record), kept);
    return kept;
  }

  protected page<T extends { businessId: string; id: string }>(rows: T[], { businessId, after, limit }: PageRequest) {
    const own = rows.filter((row) => row.businessId === businessId && (after === null || row.id > after));
    return own.sort((left, right) => (left.id < right.id ? -1 : 1)).slice(0, pageLimit(limit));
  }

  protected latestUse({ lastUsedAt }: ApiKeyRecord, usedAt: number): number {
    return Math.max(lastUsedAt ?? usedAt, usedAt);
  }

  protected holderOf({ businessId, normalizedEmail }: PayoutUserEmail): PayoutUserRecord | undefined {
    return [...this.tables.payoutUsers.values()].find(
      (user) => user.businessId === businessId && user.normalizedEmail === normalizedEmail,
    );
  }

  protected isFree(record: ApiKeyRecord): boolean {
    const { businesses, apiKeys } = this.tables;
    const isTaken = [...apiKeys.values()].some(({ digest }) => digest === record.digest);
    return businesses.has(record.businessId) && !apiKeys.has(keyOf(record)) && !isTaken;
  }

  protected requireFree(table: ReadonlyMap<string, { digest: string }>, digest: string): void {
    if ([...table.values()].some((row) => row.digest === digest)) throw new Error('the digest is taken');
  }
}
