import type { CredentialStorage } from '@bursar/core/storage';
import { postgresApiKeys } from './api-keys.js';
import { columnArrays, columnNames, rowsSent, textArray } from './columns.js';
import type { Connection } from './connection.js';
import { postgresPayoutUsers } from './payout-users.js';
import { atPlaces, type Placed } from './place.js';
import {
  API_KEY_COLUMNS,
  type ApiKeyRow,
  apiKeyCredential,
  BUSINESS_COLUMNS,
  type BusinessRow,
  businessRecord,
  JOINED_BUSINESS_COLUMNS,
  type JoinedBusiness,
  PAYOUT_USER_COLUMNS,
  type PayoutUserRow,
  payoutUserCredential,
} from './rows.js';
import type { Tables } from './tables.js';

type LookUps = 'findApiKeys' | 'findPayoutUsers';
type Businesses = 'createBusiness' | 'findBusiness' | 'setPayoutsEnabled';

/** Businesses, API keys and payout users in PostgreSQL. */
export function postgresCredentials(connection: Connection, tables: Tables): Omit<CredentialStorage, 'checkHealth'> {
  return {
    ...lookUps(connection, tables),
    ...postgresBusinesses(connection, tables),
    ...postgresApiKeys(connection, tables),
    ...postgresPayoutUsers(connection, tables),
  };
}

// One index probe a table for each element, whatever the planner knows of the tables: LIMIT keeps it from joining whole
// tables. As `digest = ANY ($1)` the plan changes with the statistics, and a fresh table has none.
function lookUps({ read }: Connection, tables: Tables): Pick<CredentialStorage, LookUps> {
  const business = `CROSS JOIN LATERAL (SELECT * FROM ${tables.businesses} WHERE id = d.business_id LIMIT 1) b`;
  const digests = (table: string): string =>
    `FROM unnest($1::text[]) WITH ORDINALITY AS asked (digest, place)
     CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE digest = asked.digest LIMIT 1) d`;
  const apiKeys = `SELECT asked.place, ${columnNames(API_KEY_COLUMNS, 'k')}, ${JOINED_BUSINESS_COLUMNS}
    ${digests(tables.apiKeyDigests)}
    CROSS JOIN LATERAL
      (SELECT * FROM ${tables.apiKeys} WHERE business_id = d.business_id AND id = d.api_key_id LIMIT 1) k
    ${business}`;
  const payoutUsers = `SELECT asked.place, ${columnNames(PAYOUT_USER_COLUMNS, 'u')}, ${JOINED_BUSINESS_COLUMNS}
    ${digests(tables.payoutUserDigests)}
    CROSS JOIN LATERAL
      (SELECT * FROM ${tables.payoutUsers} WHERE business_id = d.business_id AND id = d.payout_user_id LIMIT 1) u
    ${business}`;
  return {
    async findApiKeys(asked) {
      if (asked.length === 0) return [];
      const rows = await read<ApiKeyRow & JoinedBusiness & Placed>(apiKeys, [textArray(asked)]);
      return atPlaces(rows, asked.length, apiKeyCredential);
    },
    async findPayoutUsers(asked) {
      if (asked.length === 0) return [];
      const rows = await read<PayoutUserRow & JoinedBusiness & Placed>(payoutUsers, [textArray(asked)]);
      return atPlaces(rows, asked.length, payoutUserCredential);
    },
  };
}

function postgresBusinesses(
  { read, write, settings }: Connection,
  { businesses }: Tables,
): Pick<CredentialStorage, Businesses> {
  const insert = `WITH ${settings}
    INSERT INTO ${businesses} (${columnNames(BUSINESS_COLUMNS)})
    SELECT ${columnNames(BUSINESS_COLUMNS, 'sent')} FROM settings, ${rowsSent(BUSINESS_COLUMNS, 'sent')}
    ON CONFLICT (id) DO NOTHING`;
  const select = `SELECT * FROM ${businesses} WHERE id = $1`;
  const update = `WITH ${settings}
    UPDATE ${businesses} SET payouts_enabled = $2 FROM settings WHERE id = $1
    RETURNING ${columnNames(BUSINESS_COLUMNS)}`;
  const find = async (id: string) => {
    const [row] = await read<BusinessRow>(select, [id]);
    return row === undefined ? null : businessRecord(row);
  };
  return {
    async createBusiness(record) {
      await write(insert, columnArrays(BUSINESS_COLUMNS, [record]));
      const stands = await find(record.id);
      if (stands === null) throw new Error('a business that was just kept is gone');
      return stands;
    },
    findBusiness: find,
    async setPayoutsEnabled(id, payoutsEnabled) {
      const [row] = await write<BusinessRow>(update, [id, payoutsEnabled]);
      return row === undefined ? null : businessRecord(row);
    },
  };
}
