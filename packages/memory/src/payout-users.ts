import {
  type BusinessId,
  type CredentialStorage,
  type PayoutHashReissue,
  type PayoutHashReissueOutcome,
  type PayoutUserChange,
  type PayoutUserChangeOutcome,
  type PayoutUserRecord,
  pageLimit,
} from '@bursar/core/storage';
import { changePayoutUser, payoutUserRow } from './rows.js';
import type { PayoutUserRow, Tables } from './tables.js';

type PayoutUsers =
  | 'openPayoutUsers'
  | 'findPayoutUser'
  | 'listPayoutUsers'
  | 'changePayoutUser'
  | 'reissuePayoutHash'
  | 'listSecretIds';

/** Payout users in memory, but for the look-ups by digest and address. */
export function memoryPayoutUsers(tables: Tables, assertOpen: () => void): Pick<CredentialStorage, PayoutUsers> {
  const { businesses } = tables;
  const find = (businessId: BusinessId, id: string): PayoutUserRow | undefined =>
    businesses.get(businessId)?.payoutUsers.get(id);

  return {
    openPayoutUsers(records) {
      assertOpen();
      const missing = records.filter(({ businessId, normalizedEmail }) => {
        const business = businesses.get(businessId);
        return business !== undefined && !business.payoutUsersByEmail.has(normalizedEmail);
      });
      insertPayoutUsers(tables, firstOfEach(missing));
      return records.map(
        ({ businessId, normalizedEmail }) =>
          businesses.get(businessId)?.payoutUsersByEmail.get(normalizedEmail)?.credential.payoutUser,
      );
    },
    findPayoutUser(businessId, id) {
      assertOpen();
      return find(businessId, id)?.credential.payoutUser ?? null;
    },
    listPayoutUsers(page) {
      assertOpen();
      const limit = pageLimit(page.limit);
      const rows = businesses.get(page.businessId)?.payoutUsers.page(page.after, limit) ?? [];
      return rows.map((row) => row.credential.payoutUser);
    },
    changePayoutUser(change) {
      assertOpen();
      return changeStatus(find(change.businessId, change.id), change);
    },
    reissuePayoutHash(reissue) {
      assertOpen();
      return reissueHash(tables, find(reissue.businessId, reissue.id), reissue);
    },
    listSecretIds() {
      assertOpen();
      const ids = new Set<string>();
      for (const { credential } of tables.payoutUsersByDigest.values()) {
        if (credential.payoutUser.status !== 'closed') ids.add(credential.payoutUser.secretId);
      }
      return [...ids].sort();
    },
  };
}

/**
 * Keeps new users: all of them or, where one cannot be kept, none.
 *
 * @throws where a business does not exist, or an id or digest is taken.
 */
export function insertPayoutUsers(tables: Tables, records: readonly PayoutUserRecord[]): void {
  const ids = new Set<string>();
  const digests = new Set<string>();
  for (const { businessId, id, digest } of records) {
    const business = tables.businesses.get(businessId);
    if (business === undefined) throw new Error(`a payout user's business does not exist; nothing was changed`);
    if (business.payoutUsers.get(id) || tables.payoutUsersByDigest.has(digest)) throw taken();
    ids.add(`${businessId}\0${id}`);
    digests.add(digest);
  }
  if (ids.size < records.length || digests.size < records.length) throw taken();

  for (const record of records) {
    const business = tables.businesses.get(record.businessId);
    if (business === undefined) continue;
    const row = payoutUserRow(business, record);
    business.payoutUsers.set(record.id, row);
    business.payoutUsersByEmail.set(record.normalizedEmail, row);
    tables.payoutUsersByDigest.set(record.digest, row);
  }
}

function taken(): Error {
  return new Error('the id or digest of a payout user is taken by another one; nothing was changed');
}

function firstOfEach(records: readonly PayoutUserRecord[]): PayoutUserRecord[] {
  const byAddress = new Map<string, PayoutUserRecord>();
  for (const record of records) {
    const address = `${record.businessId}\0${record.normalizedEmail}`;
    if (!byAddress.has(address)) byAddress.set(address, record);
  }
  return [...byAddress.values()];
}

function changeStatus(row: PayoutUserRow | undefined, change: PayoutUserChange): PayoutUserChangeOutcome {
  if (row === undefined) return { status: 'not_found' };
  const { payoutUser } = row.credential;
  if (payoutUser.status === 'closed') return { status: 'closed' };
  const { status = payoutUser.status, expiresAt = payoutUser.expiresAt } = change;
  return { status: 'changed', payoutUser: changePayoutUser(row, { status, expiresAt }) };
}

function reissueHash(
  { payoutUsersByDigest }: Tables,
  row: PayoutUserRow | undefined,
  reissue: PayoutHashReissue,
): PayoutHashReissueOutcome {
  if (row === undefined) return { status: 'not_found' };
  const { payoutUser } = row.credential;
  const { reissueId, expectedGeneration, digest, secretId } = reissue;
  if (reissueId !== null && row.reissueIds.has(reissueId)) return { status: 'replayed', payoutUser };
  if (payoutUser.status === 'closed') return { status: 'closed' };
  if (payoutUser.generation !== expectedGeneration) return { status: 'generation_changed', payoutUser };
  if (payoutUsersByDigest.has(digest)) throw taken();

  const generation = expectedGeneration + 1;
  payoutUsersByDigest.delete(payoutUser.digest);
  payoutUsersByDigest.set(digest, row);
  if (reissueId !== null) row.reissueIds.add(reissueId);
  return { status: 'reissued', payoutUser: changePayoutUser(row, { generation, digest, secretId }) };
}
