import type { Business } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import type { Call } from './command.js';
import { CliError, given } from './exit.js';

/** The side that `--business` names. @throws {CliError} where there is none. */
export async function businessSide(call: Call, payouts: Payouts): Promise<Business> {
  const id = call.needed('business');
  const found = await given(() => payouts.auth.businesses.find(id));
  if (found === null)
    throw new CliError('refused', `There is no business "${id}": "bursar business create" makes one.`);
  return found;
}

/** @throws {CliError} where new hashes would come from a secret that is not the one of the users who are there. */
export async function checkSecret({ auth }: Payouts): Promise<void> {
  const { ready, problems } = await auth.checkReadiness();
  if (!ready) throw new CliError('unavailable', `${problems.join(' ')} See BURSAR_SECRET and BURSAR_SECRETS.`);
}
