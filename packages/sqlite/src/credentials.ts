import type { CredentialStorage } from '@bursar/core/storage';
import { sqliteApiKeys } from './api-keys.js';
import type { Connection } from './connection.js';
import { sqlitePayoutUsers } from './payout-users.js';
import {
  API_KEY_COLUMNS,
  type ApiKeyRow,
  apiKeyCredential,
  type BusinessRow,
  businessRecord,
  businessValues,
  JOINED_BUSINESS_COLUMNS,
  type JoinedBusiness,
  PAYOUT_USER_COLUMNS,
  type PayoutUserRow,
  payoutUserCredential,
} from './rows.js';

type LookUps = 'findApiKeys' | 'findPayoutUsers';
type Businesses = 'createBusiness' | 'findBusiness' | 'setPayoutsEnabled';

/** Businesses, API keys and payout users in SQLite. */
export function sqliteCredentials(connection: Connection): Omit<CredentialStorage, 'checkHealth'> {
  return {
    ...lookUps(connection),
    ...sqliteBusinesses(connection),
    ...sqliteApiKeys(connection),
    ...sqlitePayoutUsers(connection),
  };
}

// On each request's way: one prepared statement a credential, answered without a promise.
function lookUps({ prepare, read }: Connection): Pick<CredentialStorage, LookUps> {
  const apiKey = prepare<ApiKeyRow & JoinedBusiness>(
    `SELECT ${of('k', API_KEY_COLUMNS)}, ${JOINED_BUSINESS_COLUMNS}
     FROM bursar_api_keys k JOIN bursar_businesses b ON b.id = k.business_id WHERE k.digest = ?`,
  );
  const payoutUser = prepare<PayoutUserRow & JoinedBusiness>(
    `SELECT ${of('u', PAYOUT_USER_COLUMNS)}, ${JOINED_BUSINESS_COLUMNS}
     FROM bursar_payout_users u JOIN bursar_businesses b ON b.id = u.business_id WHERE u.digest = ?`,
  );
  return {
    findApiKeys: (digests) =>
      read(() =>
        digests.map((digest) => {
          const row = apiKey.get(digest);
          return row && apiKeyCredential(row);
        }),
      ),
    findPayoutUsers: (digests) =>
      read(() =>
        digests.map((digest) => {
          const row = payoutUser.get(digest);
          return row && payoutUserCredential(row);
        }),
      ),
  };
}

function of(alias: string, columns: readonly string[]): string {
  return columns.map((column) => `${alias}.${column}`).join(', ');
}

function sqliteBusinesses({ prepare, read, write }: Connection): Pick<CredentialStorage, Businesses> {
  const insert = prepare('INSERT INTO bursar_businesses VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING');
  const select = prepare<BusinessRow>('SELECT * FROM bursar_businesses WHERE id = ?');
  const update = prepare('UPDATE bursar_businesses SET payouts_enabled = ? WHERE id = ?');
  return {
    createBusiness: (record) =>
      write(() => {
        insert.run(...businessValues(record));
        return businessRecord(select.get(record.id) as BusinessRow);
      }),
    findBusiness: (id) =>
      read(() => {
        const row = select.get(id);
        return row === undefined ? null : businessRecord(row);
      }),
    setPayoutsEnabled: (id, payoutsEnabled) =>
      write(() => {
        update.run(payoutsEnabled ? 1 : 0, id);
        const row = select.get(id);
        return row === undefined ? null : businessRecord(row);
      }),
  };
}
