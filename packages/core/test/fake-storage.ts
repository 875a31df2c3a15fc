import type { ApiKeyRecord, BusinessRecord, CredentialStorage, PayoutUserRecord } from '../src/storage.js';

type Method = keyof CredentialStorage;

/** A storage in memory that a test can look into, slow down and break. */
export interface FakeStorage extends CredentialStorage {
  /** Every call so far, oldest first. */
  readonly calls: { readonly method: Method; readonly input: unknown }[];
  /** How often a method was called. */
  count(method: Method): number;
  /** Answers by promises instead of at once. */
  asynchronous: boolean;
  /** Throws this from every method: at once, or by its promise when `asynchronous`. */
  fault: unknown;
  readonly apiKeys: Map<string, ApiKeyRecord>;
  readonly payoutUsers: Map<string, PayoutUserRecord>;
}

export function fakeStorage(): FakeStorage {
  const businesses = new Map<string, BusinessRecord>();
  const apiKeys = new Map<string, ApiKeyRecord>();
  const payoutUsers = new Map<string, PayoutUserRecord>();
  const contract = { ...apiKeyMethods(businesses, apiKeys), ...payoutUserMethods(businesses, payoutUsers) };

  const calls: { method: Method; input: unknown }[] = [];
  const fake = {
    calls,
    count: (method: Method) => calls.filter((call) => call.method === method).length,
    asynchronous: false,
    fault: undefined as unknown,
    apiKeys,
    payoutUsers,
  };
  const watched = Object.entries(contract).map(([method, run]) => [
    method,
    (...inputs: unknown[]) => {
      calls.push({ method: method as Method, input: inputs.length === 1 ? inputs[0] : inputs });
      const answer = (): unknown => {
        if (fake.fault !== undefined) throw fake.fault;
        return (run as (...inputs: unknown[]) => unknown)(...inputs);
      };
      return fake.asynchronous ? Promise.resolve().then(answer) : answer();
    },
  ]);
  return Object.assign(fake, Object.fromEntries(watched) as CredentialStorage);
}

type ApiKeyMethods = Pick<
  CredentialStorage,
  | 'findApiKeys'
  | 'touchApiKeys'
  | 'createBusiness'
  | 'findBusiness'
  | 'setPayoutsEnabled'
  | 'insertApiKey'
  | 'findApiKey'
  | 'listApiKeys'
  | 'rotateApiKey'
  | 'revokeApiKey'
  | 'checkHealth'
>;

function apiKeyMethods(businesses: Map<string, BusinessRecord>, apiKeys: Map<string, ApiKeyRecord>): ApiKeyMethods {
  const own = (businessId: string, id: string): ApiKeyRecord | null => {
    const record = apiKeys.get(id);
    return record?.businessId === businessId ? record : null;
  };
  const put = (record: ApiKeyRecord): ApiKeyRecord => {
    apiKeys.set(record.id, record);
    return record;
  };
  return {
    findApiKeys: (digests) =>
      digests.map((digest) => {
        const apiKey = [...apiKeys.values()].find((record) => record.digest === digest);
        return apiKey && { apiKey, business: businesses.get(apiKey.businessId) as BusinessRecord };
      }),
    touchApiKeys: (uses) => {
      for (const { id, businessId, usedAt } of uses) {
        const record = own(businessId, id);
        if (record !== null) put({ ...record, lastUsedAt: Math.max(record.lastUsedAt ?? 0, usedAt) });
      }
    },
    createBusiness: (record) => {
      businesses.set(record.id, businesses.get(record.id) ?? record);
      return businesses.get(record.id) as BusinessRecord;
    },
    findBusiness: (id) => businesses.get(id) ?? null,
    setPayoutsEnabled: (id, payoutsEnabled) => {
      const record = businesses.get(id);
      if (record === undefined) return null;
      businesses.set(id, { ...record, payoutsEnabled });
      return { ...record, payoutsEnabled };
    },
    insertApiKey: (record) =>
      businesses.has(record.businessId) &&
      ![...apiKeys.values()].some(({ digest }) => digest === record.digest) &&
      put(record) === record,
    findApiKey: own,
    listApiKeys: ({ businessId, after, limit }) => pageOf(apiKeys, businessId, after, limit),
    rotateApiKey: ({ businessId, id, successor, expiresAt, now }) => {
      const old = own(businessId, id);
      if (old === null) return { status: 'not_found' };
      const dead = old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now);
      if (dead || old.replacedBy !== null) return { status: 'not_rotatable' };
      put({ ...old, expiresAt: Math.min(old.expiresAt ?? expiresAt, expiresAt), replacedBy: successor.id });
      return { status: 'rotated', apiKey: put(successor) };
    },
    revokeApiKey: (businessId, id, revokedAt) => {
      const record = own(businessId, id);
      return record === null ? null : put({ ...record, revokedAt: record.revokedAt ?? revokedAt });
    },
    checkHealth: () => undefined,
  };
}

function payoutUserMethods(
  businesses: Map<string, BusinessRecord>,
  payoutUsers: Map<string, PayoutUserRecord>,
): Omit<CredentialStorage, keyof ApiKeyMethods> {
  const reissued = new Set<string>();
  const own = (businessId: string, id: string): PayoutUserRecord | null => {
    const record = payoutUsers.get(id);
    return record?.businessId === businessId ? record : null;
  };
  const put = (record: PayoutUserRecord): PayoutUserRecord => {
    payoutUsers.set(record.id, record);
    return record;
  };
  const byEmail = (businessId: string, normalizedEmail: string): PayoutUserRecord | undefined =>
    [...payoutUsers.values()].find(
      (record) => record.businessId === businessId && record.normalizedEmail === normalizedEmail,
    );
  return {
    findPayoutUsers: (digests) =>
      digests.map((digest) => {
        const payoutUser = [...payoutUsers.values()].find((record) => record.digest === digest);
        return payoutUser && { payoutUser, business: businesses.get(payoutUser.businessId) as BusinessRecord };
      }),
    findPayoutUsersByEmail: (emails) => emails.map((email) => byEmail(email.businessId, email.normalizedEmail)),
    openPayoutUsers: (records) =>
      records.map((record) =>
        businesses.has(record.businessId)
          ? (byEmail(record.businessId, record.normalizedEmail) ?? put(record))
          : undefined,
      ),
    findPayoutUser: own,
    listPayoutUsers: ({ businessId, after, limit }) => pageOf(payoutUsers, businessId, after, limit),
    changePayoutUser: ({ businessId, id, ...change }) => {
      const record = own(businessId, id);
      if (record === null) return { status: 'not_found' };
      return record.status === 'closed'
        ? { status: 'closed' }
        : { status: 'changed', payoutUser: put({ ...record, ...change }) };
    },
    reissuePayoutHash: ({ businessId, id, reissueId, expectedGeneration, digest, secretId }) => {
      const record = own(businessId, id);
      if (record === null) return { status: 'not_found' };
      if (reissueId !== null && reissued.has(reissueId)) return { status: 'replayed', payoutUser: record };
      if (record.status === 'closed') return { status: 'closed' };
      if (record.generation !== expectedGeneration) return { status: 'generation_changed', payoutUser: record };
      if (reissueId !== null) reissued.add(reissueId);
      const payoutUser = put({ ...record, digest, secretId, generation: expectedGeneration + 1 });
      return { status: 'reissued', payoutUser };
    },
    listSecretIds: () => [...new Set([...payoutUsers.values()].map((record) => record.secretId))].sort(),
  };
}

function pageOf<Row extends { readonly id: string; readonly businessId: string }>(
  rows: Map<string, Row>,
  businessId: string,
  after: string | null,
  limit: number,
): Row[] {
  const own = [...rows.values()].filter((row) => row.businessId === businessId && row.id > (after ?? ''));
  return own.sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit);
}
