/**
 * Withdrawals that leave in a file, for methods without `send`: each is in one export, and an export never changes once it
 * was handed over, however many processes make it and wherever one of them crashes.
 *
 * First the queued ones are claimed (`exportId` is set; they stay queued), each from the version that was read while the
 * export was still empty. Then, with one claimed, it is fenced: whatever is still queued gets a new version, so that no
 * claim of a slower process can land any more. Only then are the claimed ones sealed (`processing`, and `sendStartedAt` is
 * set): what is sealed is what the file holds. So one that is sealed says that the export is fenced.
 *
 * @module
 */
import { invalidFields, orUnavailable, payoutsDisabled } from '@bursar/core';
import type { BusinessId, Timestamp } from '@bursar/core/storage';
import { audited, noted } from '../audit/audited.js';
import { businessOf, type PayoutsContext } from '../options.js';
import { type Outcome, refuse } from '../outcome.js';
import type { Payouts } from '../payouts.js';
import { changeItem, findWithdrawal, type NextState } from './change.js';
import type { PayableWithdrawal } from './method.js';
import type { WithdrawalListRequest, WithdrawalRecord } from './record.js';
import { payable } from './view.js';

/** Which withdrawals to export. */
export interface ExportOptions {
  readonly businessId: string;
  /** The id of a payout method without `send`. */
  readonly method: string;
  /** The caller's name for the export, 1 to 64 characters of `A-Za-z0-9_-`. Asked for again, it is the same export. */
  readonly exportId: string;
  /** Who exports: 1 to 255 characters, kept for ever. @default 'business' */
  readonly actor?: string | undefined;
  /** The most withdrawals that a new export takes, the oldest first: 1 to 100,000. @default 10000 */
  readonly limit?: number | undefined;
  /** Throws for a withdrawal that cannot be exported: it is left queued, and what was thrown goes to `onError`. */
  readonly accept?: ((withdrawal: PayableWithdrawal) => void) | undefined;
}

/** An export: the same each time that it is asked for. */
export interface WithdrawalExport {
  /** With their destinations in clear, the oldest first. Empty where nothing was queued: then there is no export. */
  readonly withdrawals: readonly PayableWithdrawal[];
  /** When the last of them was sealed, by storage's clock; `null` for an empty one. */
  readonly exportedAt: Timestamp | null;
}

interface Export {
  readonly context: PayoutsContext;
  readonly businessId: BusinessId;
  readonly method: string;
  readonly exportId: string;
  readonly actor: string;
  readonly accept: ExportOptions['accept'];
}

const PAGE = 1000;
const AT_ONCE = 256;
const MAX_TRIES = 20;

/**
 * Takes the queued withdrawals of a method into an export, once and only once, and answers with them. An export that was
 * made before is answered as it was, `replayed`, whatever became of its withdrawals since.
 *
 * Where it throws, or the process ends half-way, what it had claimed stays claimed: ask with the same `exportId` again.
 *
 * @throws {TypeError} for a method that is not configured or has `send`.
 * @throws {StorageUnavailableError} where storage cannot be asked.
 */
export async function exportWithdrawals(
  { context }: Pick<Payouts, 'context'>,
  options: ExportOptions,
): Promise<Outcome<WithdrawalExport>> {
  const { exportId, method, limit } = options;
  const details = noted({ method, limit }, 'method', 'limit');
  const { id: businessId } = await businessOf(context, options.businessId);
  const act = { businessId, action: 'withdrawal.export', target: exportId, details };
  return audited(context, act, () => makeExport(context, businessId, options));
}

async function makeExport(
  context: PayoutsContext,
  businessId: BusinessId,
  { method, exportId, actor = 'business', limit = 10_000, accept }: ExportOptions,
): Promise<Outcome<WithdrawalExport>> {
  const known = context.methods.get(method)?.method;
  if (known === undefined) throw new TypeError(`the payout method "${method}" is not configured`);
  if (known.send !== undefined) throw new TypeError(`the payout method "${method}" sends by itself`);
  const invalid = fieldErrors(exportId, actor, limit);
  if (Object.keys(invalid).length > 0) return refuse(invalidFields(invalid));
  const one: Export = { context, businessId, method, exportId, actor, accept };

  let begun = await membersOf(one);
  const isKnown = begun.some(isSealed);
  if (begun.length === 0) {
    if (!(await claim(one, limit))) return refuse(payoutsDisabled());
    begun = await membersOf(one);
    if (begun.length === 0) return { ok: true, replayed: false, value: { withdrawals: [], exportedAt: null } };
  }
  if (!begun.some(isSealed)) await fence(one);
  // Again: only now is it certain that no claim comes after it was read.
  const members = await membersOf(one);
  const sealed = await seal(one, members);
  if (sealed === undefined) return refuse(payoutsDisabled());
  const exportedAt = sealed.reduce<number | null>(
    (last, { sendStartedAt }) => Math.max(last ?? 0, sendStartedAt ?? 0),
    null,
  );
  return { ok: true, replayed: isKnown, value: { withdrawals: await opened(context, sealed), exportedAt } };
}

function fieldErrors(exportId: unknown, actor: unknown, limit: number): Record<string, string[]> {
  const messages: Record<string, string[]> = {};
  if (typeof exportId !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(exportId)) {
    messages.exportId = ['The exportId must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-".'];
  }
  if (typeof actor !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,255}$/u.test(actor)) {
    messages.actor = ['The actor must be 1 to 255 characters.'];
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > 100_000) {
    messages.limit = ['The limit must be an integer from 1 to 100000.'];
  }
  return messages;
}

function isSealed({ sendStartedAt }: WithdrawalRecord): boolean {
  return sendStartedAt !== null;
}

/** The oldest first. */
async function list(
  { context, businessId, method }: Export,
  filter: { readonly status: 'queued' | null; readonly exportId: string | null },
): Promise<WithdrawalRecord[]> {
  const found: WithdrawalRecord[] = [];
  let request: WithdrawalListRequest = { businessId, payoutUserId: null, method, ...filter, before: null, limit: PAGE };
  for (;;) {
    const present = request;
    const page = await orUnavailable(() => context.storage.listWithdrawals(present));
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return found.reverse();
    request = { ...present, before: last.sequence };
  }
}

function membersOf(one: Export): Promise<WithdrawalRecord[]> {
  return list(one, { status: null, exportId: one.exportId });
}

async function unclaimed(one: Export): Promise<WithdrawalRecord[]> {
  return (await list(one, { status: 'queued', exportId: null })).filter(({ exportId }) => exportId === null);
}

/** Claims what is queued. `false` while the business's payouts are off. */
async function claim(one: Export, limit: number): Promise<boolean> {
  const candidates = await exportable(one, (await unclaimed(one)).slice(0, limit));
  // After the versions were read: a process that finds the export begun by now fences these versions off.
  if ((await membersOf(one)).length > 0) return true;
  const claimed = await changeAll(one, candidates, (record) => ({
    actor: one.actor,
    status: record.status,
    exportId: one.exportId,
    reason: record.reason,
  }));
  return !claimed.includes('payouts_disabled');
}

/** Leaves those out that cannot be exported: sealed, they would keep the export from ever being made. */
async function exportable(
  { context, accept }: Export,
  records: readonly WithdrawalRecord[],
): Promise<WithdrawalRecord[]> {
  const read: WithdrawalRecord[] = [];
  for (const record of records) {
    try {
      const withdrawal = payable(record, await context.seal.open(record, record.destination));
      accept?.(withdrawal);
      read.push(record);
    } catch (error) {
      context.auth.context.onError(error);
    }
  }
  return read;
}

/** Gives what is still queued a new version. One that changes by itself meanwhile needs none. */
async function fence(one: Export): Promise<void> {
  const { context, actor } = one;
  await inChunks(await unclaimed(one), async ({ status, reason, ...record }) => {
    await context.ledger.transfer(changeItem({ ...record, status, reason }, { actor, status, reason }));
  });
}

/** Seals what is claimed, and answers with what is in the export. `undefined` while the business's payouts are off. */
async function seal(one: Export, members: readonly WithdrawalRecord[]): Promise<WithdrawalRecord[] | undefined> {
  let open = members;
  const sealed: WithdrawalRecord[] = [];
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    sealed.push(...open.filter(isSealed));
    // One that somebody settled or failed by hand before it was sealed is in no file.
    const waiting = open.filter((record) => !isSealed(record) && record.status === 'queued');
    if (waiting.length === 0) return sealed.sort((left, right) => left.sequence - right.sequence);
    const outcomes = await changeAll(one, waiting, ({ attempts }) => ({
      actor: one.actor,
      status: 'processing',
      attempts: attempts + 1,
      startsSending: true,
      reason: `Exported as ${one.exportId}.`,
    }));
    if (outcomes.includes('payouts_disabled')) return undefined;
    open = await again(one, waiting);
  }
  throw new Error(`the export ${one.exportId} of ${one.businessId} changes faster than it can be made`);
}

async function again({ context }: Export, records: readonly WithdrawalRecord[]): Promise<WithdrawalRecord[]> {
  const found = await inChunks(records, (record) => findWithdrawal(context, record));
  return found.filter((record) => record !== undefined);
}

/** Changes each from the version that was read; where somebody else was first, it stays. */
function changeAll(
  { context }: Export,
  records: readonly WithdrawalRecord[],
  next: (record: WithdrawalRecord) => NextState,
): Promise<('changed' | 'lost' | 'payouts_disabled')[]> {
  return inChunks(records, async (record) => {
    const outcome = await context.ledger.transfer(changeItem(record, next(record), [], { payoutsEnabled: true }));
    if (outcome.status === 'applied') return 'changed';
    const isOff = outcome.status === 'condition_failed' && outcome.condition === 'payouts_enabled';
    return isOff ? 'payouts_disabled' : 'lost';
  });
}

async function opened(
  { seal: { open } }: PayoutsContext,
  records: readonly WithdrawalRecord[],
): Promise<PayableWithdrawal[]> {
  return inChunks(records, async (record) => payable(record, await open(record, record.destination)));
}

// No more at once than one batch holds: the queue to the ledger is not this export's alone.
async function inChunks<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
