import type { ApiKeyRecord, BusinessRecord, PayoutUserRecord } from '@bursar/core/storage';
import type { LedgerItem, Transfer } from '@bursar/payouts/storage';
import { type ApiKeyRow, type BusinessRow, directory, type PayoutUserRow } from './tables.js';

// Records are copied on their way in and frozen: the caller keeps its object, and cannot reach ours.

export function businessRow(record: BusinessRecord): BusinessRow {
  return {
    record: Object.freeze({ ...record }),
    apiKeys: directory(),
    payoutUsers: directory(),
    payoutUsersByEmail: new Map(),
  };
}

export function apiKeyRow(business: BusinessRow, record: ApiKeyRecord): ApiKeyRow {
  const allowedAddresses = record.allowedAddresses && Object.freeze([...record.allowedAddresses]);
  const apiKey = Object.freeze({ ...record, scopes: Object.freeze([...record.scopes]), allowedAddresses });
  return { business, credential: Object.freeze({ apiKey, business: business.record }) };
}

export function payoutUserRow(business: BusinessRow, record: PayoutUserRecord): PayoutUserRow {
  const payoutUser = Object.freeze({ ...record });
  return {
    business,
    credential: Object.freeze({ payoutUser, business: business.record }),
    reissueIds: new Set(),
  };
}

/** Puts changed fields in place; answers with the record as it is now. */
export function changeApiKey(row: ApiKeyRow, change: Partial<ApiKeyRecord>): ApiKeyRecord {
  const apiKey = Object.freeze({ ...row.credential.apiKey, ...change });
  row.credential = Object.freeze({ apiKey, business: row.business.record });
  return apiKey;
}

/** Puts changed fields in place; answers with the record as it is now. */
export function changePayoutUser(row: PayoutUserRow, change: Partial<PayoutUserRecord>): PayoutUserRecord {
  const payoutUser = Object.freeze({ ...row.credential.payoutUser, ...change });
  row.credential = Object.freeze({ payoutUser, business: row.business.record });
  return payoutUser;
}

/** The credential with the business as it is now: made again only where the business has changed since. */
export function presentCredential<Credential extends { readonly business: BusinessRecord }>(row: {
  readonly business: BusinessRow;
  credential: Credential;
}): Credential {
  const { record } = row.business;
  if (row.credential.business !== record) row.credential = Object.freeze({ ...row.credential, business: record });
  return row.credential;
}

/** An item whose transfers' metadata the caller cannot reach. */
export function ownItem(item: LedgerItem): LedgerItem {
  return item.transfers.every(({ metadata }) => metadata === null)
    ? item
    : { ...item, transfers: item.transfers.map(ownTransfer) };
}

function ownTransfer(transfer: Transfer): Transfer {
  return transfer.metadata === null ? transfer : { ...transfer, metadata: Object.freeze({ ...transfer.metadata }) };
}

/** Freezes what was decided; it is both kept and answered with. */
export function freezeAll(records: readonly object[]): void {
  for (const record of records) Object.freeze(record);
}
