/**
 * What the bank did with a file, as its statement says it.
 *
 * @module
 */
import { invalidFields } from '@bursar/core';
import type { Outcome, Payouts, Withdrawal } from '@bursar/payouts';
import { endToEndId as endToEndIdOf } from './end-to-end-id.js';
import { methodOf } from './method-of.js';

interface ExportNamed {
  readonly businessId: string;
  /** The id of a `BankTransferMethod`. */
  readonly methodId: string;
  readonly exportId: string;
  /** Who says so: 1 to 255 characters, kept for ever. */
  readonly actor: string;
  /** Where it is written: at most 500 characters, kept for ever. @default a sentence that names the export */
  readonly reason?: string | undefined;
}

/** Which transfers {@link markPaid} is about. */
export interface MarkPaidOptions extends ExportNamed {
  /** Only these. @default all of the export */
  readonly endToEndIds?: readonly string[] | undefined;
}

/** Which transfer {@link markReturned} is about. */
export interface MarkReturnedOptions extends ExportNamed {
  readonly endToEndId: string;
}

/** What {@link markPaid} found. */
export interface PaidTransfers {
  /** These have succeeded, now or before. */
  readonly paid: readonly Withdrawal[];
  /** These stay as they are: failed or returned before. */
  readonly left: readonly Withdrawal[];
}

const PAGE = 100;
const AT_ONCE = 100;
const MAX_TRIES = 3;

/**
 * The bank has paid an export, or those transfers of it that are named: their money is out for good. Said twice, it is said
 * once. Refused, before anything changes, where one is named that is not in the export.
 *
 * @throws {StorageUnavailableError} where it is not known how far it came: say it again.
 */
export async function markPaid(payouts: Payouts, options: MarkPaidOptions): Promise<Outcome<PaidTransfers>> {
  const { businessId, actor, exportId, reason = `The bank paid the export ${exportId}.`, endToEndIds } = options;
  const members = await membersOf(payouts, options);
  const named = endToEndIds === undefined ? undefined : new Set(endToEndIds);
  const unknown = [...(named ?? [])].filter((id) => !members.has(id));
  if (unknown.length > 0) return refuseNames('endToEndIds', unknown);
  const paid: Withdrawal[] = [];
  const left: Withdrawal[] = [];
  const chosen = [...members].filter(([id]) => named === undefined || named.has(id)).map(([, member]) => member);
  for (let from = 0; from < chosen.length; from += AT_ONCE) {
    const settled = chosen.slice(from, from + AT_ONCE).map(async (member) => {
      if (isGone(member)) return { member, outcome: undefined };
      return { member, outcome: await payouts.withdrawals.settle({ businessId, id: member.id, actor, reason }) };
    });
    for (const { member, outcome } of await Promise.all(settled)) {
      if (outcome?.ok) paid.push(outcome.value);
      else if (outcome && !('status' in outcome.error.body)) return outcome;
      else left.push(member);
    }
  }
  return { ok: true, replayed: false, value: { paid, left } };
}

/**
 * The bank did not pay a transfer, or its money came back: the payout user has it again. Whether it had been paid before is
 * seen from the withdrawal, which then is `returned`, or else `failed`. Said twice, it is said once.
 *
 * @throws {StorageUnavailableError} where it is not known whether that is kept: say it again.
 */
export async function markReturned(payouts: Payouts, options: MarkReturnedOptions): Promise<Outcome<Withdrawal>> {
  const { businessId, actor, exportId, endToEndId } = options;
  const { reason = `The bank returned the transfer ${endToEndId} of the export ${exportId}.` } = options;
  for (let tries = 1; ; tries++) {
    const member = (await membersOf(payouts, options)).get(endToEndId);
    if (member === undefined) return refuseNames('endToEndId', [endToEndId]);
    const { withdrawals } = payouts;
    const decision = { businessId, id: member.id, actor, reason };
    const wasPaid = member.status === 'succeeded' || member.status === 'returned';
    const outcome = await (wasPaid ? withdrawals.return(decision) : withdrawals.fail(decision));
    if (outcome === null) throw new Error(`the withdrawal ${member.id} of ${businessId} is gone`);
    // Somebody marked it paid meanwhile: then it is a return.
    if (outcome.ok || tries >= MAX_TRIES || !('status' in outcome.error.body)) return outcome;
  }
}

/** The withdrawals that the export's file holds, by their reference at the bank, the newest first. */
async function membersOf(
  payouts: Payouts,
  { businessId, methodId, exportId }: ExportNamed,
): Promise<Map<string, Withdrawal>> {
  methodOf(payouts, methodId);
  const members = new Map<string, Withdrawal>();
  let cursor: string | undefined;
  do {
    const page = await payouts.withdrawals.list({ businessId, method: methodId, exportId, limit: PAGE, cursor });
    if (!page.ok) throw new Error(`the withdrawals of the export ${exportId} could not be listed`);
    // One that was claimed, and not yet put into the file, never went to the bank.
    for (const member of page.value.items) {
      if (member.sendStartedAt !== null) members.set(endToEndIdOf(member.id), member);
    }
    cursor = page.value.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return members;
}

function isGone({ status }: Withdrawal): boolean {
  return status === 'failed' || status === 'returned';
}

function refuseNames(field: string, ids: readonly string[]): Extract<Outcome<never>, { readonly ok: false }> {
  const names = ids.slice(0, 10).join(', ');
  return { ok: false, replayed: false, error: invalidFields({ [field]: [`The export has no ${names}.`] }) };
}
