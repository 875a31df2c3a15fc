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
