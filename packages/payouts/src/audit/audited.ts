import { redactText, refusalOf } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import type { PayoutsContext } from '../options.js';
import type { Outcome } from '../outcome.js';
import { timeOrderedId } from '../time-ordered-id.js';
import type { AuditEntry } from './record.js';

/** What is done, for the audit log. */
export interface Act {
  readonly businessId: BusinessId;
  /** For example `payout.create`. */
  readonly action: string;
  /** What it is done to. @default none */
  readonly target?: string | null | undefined;
  /** @default none */
  readonly details?: AuditEntry['details'] | undefined;
}

/** What came of it: `ok`, `replayed`, or the code of the refusal; and its target, where only the answer names it. */
export interface Told {
  readonly outcome: string;
  readonly target?: string | null | undefined;
}

const MAX_NAME = 64;
const MAX_TEXT = 255;
const MAX_DETAIL = 500;

/** Does what changes something, and writes who did it and what came of it, before it answers. */
export function audited<Result extends Outcome<unknown> | null>(
  context: PayoutsContext,
  act: Act,
  run: () => Promise<Result>,
  targetOf?: (value: ValueOf<Result>) => string,
): Promise<Result> {
  return witnessed(context, act, run, (result) => {
    if (result === null) return { outcome: 'not_found' };
    if (!result.ok) return { outcome: result.error.code };
    return { outcome: result.replayed ? 'replayed' : 'ok', target: targetOf?.(result.value as ValueOf<Result>) };
  });
}

type ValueOf<Result> = Result extends { readonly ok: true; readonly value: infer Value } ? Value : never;

/** The same, for what answers in a form of its own. `tell` answers `null` for what is not to be written. */
export async function witnessed<Result>(
  context: PayoutsContext,
  act: Act,
  run: () => Promise<Result>,
  tell: (result: Result) => Told | null,
): Promise<Result> {
  if (context.audit === undefined) return run();
  let result: Result;
  try {
    result = await run();
  } catch (error) {
    // A wrong option: nothing was begun. With all else, something may have happened.
    if (!(error instanceof TypeError)) await write(context, act, { outcome: refusalOf(error).code });
    throw error;
  }
  const told = tell(result);
  if (told !== null) await write(context, act, told);
  return result;
}

/** Writes one entry, if there is a log. */
export async function write(context: PayoutsContext, act: Act, told: Told): Promise<void> {
  if (context.audit === undefined) return;
  // What does not exist has no log. Only these two outcomes can be of a business that does not.
  const mayBeNobodys = told.outcome === 'not_found' || told.outcome === 'internal_error';
  if (mayBeNobodys && !(await exists(context, act.businessId))) return;
  await context.audit.write(entryOf(context, act, told));
}

async function exists({ auth }: PayoutsContext, businessId: BusinessId): Promise<boolean> {
  try {
    return (await auth.businesses.find(businessId)) !== null;
  } catch (error) {
    // Storage that cannot say is asked again by the log itself.
    return !(error instanceof TypeError);
  }
}

// Never throws, whatever a caller without types has given: what is told of has happened.
function entryOf({ auth, caller }: PayoutsContext, act: Act, { outcome, target }: Told): AuditEntry {
  const { actorType, actorId, address, requestId } = caller;
  const details = Object.entries(act.details ?? {}).map(([name, value]) => [
    plain(name, MAX_NAME),
    plain(value, MAX_DETAIL) ?? '',
  ]);
  return {
    businessId: act.businessId,
    id: timeOrderedId('aud', auth.context.now()),
    actorType,
    actorId: plain(actorId, MAX_TEXT) ?? '',
    action: act.action,
    target: plain(target ?? act.target, MAX_TEXT),
    address: plain(address, MAX_TEXT),
    requestId: plain(requestId, MAX_TEXT),
    outcome,
    details: details.length === 0 ? null : (Object.fromEntries(details) as Record<string, string>),
  };
}

/** What some of the fields said that came from outside, checked or not: for the details of an {@link Act}. */
export function noted(fields: unknown, ...names: readonly string[]): Readonly<Record<string, string>> {
  if (typeof fields !== 'object' || fields === null) return {};
  const given = names.map((name) => [name, (fields as Readonly<Record<string, unknown>>)[name]] as const);
  const plainOnes = given.filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(plainOnes.map(([name, value]) => [name, String(value)]));
}

/** Without credentials, which somebody may have written into the wrong field, and without what no storage keeps alike. */
function plain(given: unknown, max: number): string | null {
  if (typeof given !== 'string') return null;
  // Cut afterwards: half of a credential does not look like one.
  return redactText(given)
    .slice(0, max)
    .replace(/[\p{Cc}\p{Cs}]/gu, '\uFFFD');
}
