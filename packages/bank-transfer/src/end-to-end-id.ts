import { digest } from '@bursar/core';

/**
 * The reference that goes with a transfer from bank to bank, and comes back on statements and returns. It may have 35
 * characters, and the id of a withdrawal is longer: it is the first 32 of the id's random digits (128 bits), so that one
 * finds a withdrawal by looking for it.
 */
export function endToEndId(withdrawalId: string): string {
  const [, digits] = /^tr_([0-9a-f]{32})[0-9a-f]*$/.exec(withdrawalId) ?? [];
  return digits ?? digest(withdrawalId).slice(0, 32);
}
