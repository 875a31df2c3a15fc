import type { Transfer, TransferRecord } from '../storage.js';
import type { WithdrawalRecord } from '../withdrawal/record.js';
import { giveBack, reserve, resolve } from '../withdrawal/transfers.js';
import type { Fault } from './account-proof.js';

// All but the request that a transfer came from.
const FIELDS = ['debitAccountId', 'creditAccountId', 'amount', 'code', 'phase', 'pendingId'] as const;

/**
 * Says what of a withdrawal's money is not where its status says that it is.
 *
 * @param transfers All that there are of those that `transferIds` names.
 */
export function faultOfMoney(
  withdrawal: WithdrawalRecord,
  transfers: readonly (TransferRecord | undefined)[],
): Fault | undefined {
  const { id, status, sequence } = withdrawal;
  // One that was refused moved nothing, whatever it was for.
  const moved = new Map<string, TransferRecord>();
  for (const row of transfers) if (row?.outcome === 'applied') moved.set(row.id, row);
  const reservation = moved.get(id);
  if (reservation === undefined)
    return { transferId: id, problem: `it is ${status}, and its money was never reserved` };

  const { must, may } = expectedOf(withdrawal, reserve(withdrawal, reservation.requestDigest));
  const missing = must.find((expected) => !moved.has(expected.id));
  if (missing !== undefined) return { transferId: missing.id, problem: `it is ${status}, and that is not there` };
  for (const expected of [...must, ...may]) {
    const found = moved.get(expected.id);
    const field = found && FIELDS.find((name) => found[name] !== expected[name]);
    if (field)
      return { transferId: expected.id, problem: `the ${field} is ${found[field]} where ${expected[field]} is due` };
    moved.delete(expected.id);
  }
  const [more] = moved.keys();
  if (more !== undefined) return { transferId: more, problem: `it is ${status}, and that moved its money` };
  const place = reservation.creditSequence;
  return place === sequence ? undefined : { problem: `its place is ${sequence}, and that of its reservation ${place}` };
}

/** The transfers that a withdrawal must have in its status, and those that it may have. */
function expectedOf(
  withdrawal: WithdrawalRecord,
  reserved: readonly Transfer[],
): { readonly must: readonly Transfer[]; readonly may: readonly Transfer[] } {
  switch (withdrawal.status) {
    case 'succeeded':
      return { must: [...reserved, ...resolve(withdrawal, 'post')], may: [] };
    case 'failed':
    case 'rejected':
      return { must: [...reserved, ...resolve(withdrawal, 'void')], may: [] };
    case 'returned':
      // Whether the fee came back too was the method's to say.
      return {
        must: [...reserved, ...resolve(withdrawal, 'post'), ...giveBack(withdrawal, false)],
        may: giveBack(withdrawal, true).slice(1),
      };
    default:
      return { must: reserved, may: [] };
  }
}
