import { type Auth, type AuthOptions, createAuth } from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import { type Ledger, ledgerOn } from './ledger/transfer.js';
import type { BursarStorage } from './storage.js';

/** Set-up of payouts: that of authentication, on a storage that keeps a ledger too. */
export interface PayoutsOptions extends AuthOptions {
  readonly storage: BursarStorage;
}

/** The set-up as the parts of payouts share it. */
export interface PayoutsContext {
  readonly auth: Auth;
  readonly storage: BursarStorage;
  readonly ledger: Ledger;
}

/** Checks the options, once, at start-up. @throws {TypeError} which names the option and the rule. */
export function payoutsContext(options: PayoutsOptions): PayoutsContext {
  const auth = createAuth(options);
  const { storage } = options;
  if (typeof storage.applyTransfers !== 'function') throw new TypeError('storage must be one that keeps a ledger too');
  return { auth, storage, ledger: ledgerOn(storage) };
}

/** The business of this id. @throws {Error} where there is none: a fault of the calling program, not of a client. */
export async function businessOf({ auth }: PayoutsContext, id: string): Promise<BusinessRecord> {
  const business = await auth.businesses.find(id);
  if (business === null) throw new Error(`The business "${id}" does not exist: create it first.`);
  return business;
}
