import type { CredentialStorage } from '@bursar/core/storage';
import { memoryApiKeys } from './api-keys.js';
import { memoryPayoutUsers } from './payout-users.js';
import { businessRow, presentCredential } from './rows.js';
import type { Tables } from './tables.js';

type Hot = 'findApiKeys' | 'findPayoutUsers' | 'findPayoutUsersByEmail';
type Businesses = 'createBusiness' | 'findBusiness' | 'setPayoutsEnabled';

/** Businesses, API keys and payout users in memory. */
export function memoryCredentials(tables: Tables, assertOpen: () => void): CredentialStorage {
  return {
    ...lookUps(tables, assertOpen),
    ...memoryBusinesses(tables, assertOpen),
    ...memoryApiKeys(tables, assertOpen),
    ...memoryPayoutUsers(tables, assertOpen),
    checkHealth: assertOpen,
  };
}

function lookUps(tables: Tables, assertOpen: () => void): Pick<CredentialStorage, Hot> {
  const { businesses, apiKeysByDigest, payoutUsersByDigest } = tables;
  return {
    findApiKeys(digests) {
      assertOpen();
      return digests.map((digest) => {
        const row = apiKeysByDigest.get(digest);
        return row && presentCredential(row);
      });
    },
    findPayoutUsers(digests) {
      assertOpen();
      return digests.map((digest) => {
        const row = payoutUsersByDigest.get(digest);
        return row && presentCredential(row);
      });
    },
    findPayoutUsersByEmail(emails) {
      assertOpen();
      return emails.map(
        ({ businessId, normalizedEmail }) =>
          businesses.get(businessId)?.payoutUsersByEmail.get(normalizedEmail)?.credential.payoutUser,
      );
    },
  };
}

function memoryBusinesses({ businesses }: Tables, assertOpen: () => void): Pick<CredentialStorage, Businesses> {
  return {
    createBusiness(record) {
      assertOpen();
      const row = businesses.get(record.id) ?? businessRow(record);
      businesses.set(record.id, row);
      return row.record;
    },
    findBusiness(id) {
      assertOpen();
      return businesses.get(id)?.record ?? null;
    },
    setPayoutsEnabled(id, payoutsEnabled) {
      assertOpen();
      const row = businesses.get(id);
      if (row === undefined) return null;
      row.record = Object.freeze({ ...row.record, payoutsEnabled });
      return row.record;
    },
  };
}
