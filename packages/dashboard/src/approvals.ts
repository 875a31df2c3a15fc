/**
 * Two people for a large withdrawal: the first approval is noted, the second one, of somebody else, lets the money go.
 *
 * @module
 */
import { digest } from '@bursar/core';
import type { Kept } from './documents.js';
import { type Call, includesRole } from './route.js';
import type { Approval } from './state.js';

/** A first approval that nobody has confirmed by then is none. */
const LIFETIME_S = 604_800;
const MAX_TRIES = 20;

/** The settings of both sides. */
export function settingsId({ state, businessId }: Pick<Call, 'state' | 'businessId'>): 'live' | 'test' {
  return businessId === state.businessId ? 'live' : 'test';
}

/** Over which amount two people approve; `null` for never. */
export async function twoPersonOver(call: Call): Promise<number | null> {
  return (await call.state.settings.find(settingsId(call)))?.body.twoPersonOver ?? null;
}

/** Whether two people approve a withdrawal. */
export function needsTwo(over: number | null, amount: number): boolean {
  return over !== null && amount > over;
}

/** What became of an approval where two are needed. */
export type FirstApproval =
  | { readonly status: 'noted' }
  | { readonly status: 'own' }
  | { readonly status: 'confirmed' };

/** Notes an approval as the first, or finds that another person has made that. Of two at the same time one is the first. */
export async function firstApproval(call: Call, withdrawalId: string): Promise<FirstApproval> {
  const { visitor } = call;
  const body = { by: visitor.id, name: visitor.name };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const first = await approvalOf(call, withdrawalId);
    if (first?.body.by === visitor.id) return { status: 'own' };
    if (first !== undefined && (await mayStillApprove(call, first.body))) return { status: 'confirmed' };
    const put = call.state.approvals.put(approvalId(call, withdrawalId), first?.version ?? null, body, LIFETIME_S);
    if ((await put) !== undefined) return { status: 'noted' };
  }
  throw new Error(`the approval of ${withdrawalId} changes faster than it can be read`);
}

/** The first approval of a withdrawal. */
export function approvalOf(call: Call, withdrawalId: string): Promise<Kept<Approval> | undefined> {
  return call.state.approvals.find(approvalId(call, withdrawalId));
}

// Whoever has been removed since, or may only look, has approved nothing. Those of the host's own sign-in are its matter.
async function mayStillApprove({ state }: Call, { by }: Approval): Promise<boolean> {
  if (state.signIn !== undefined) return true;
  const operator = await state.operators.find(by);
  return operator !== undefined && includesRole(operator.body.role, 'operator');
}

function approvalId({ businessId }: Call, withdrawalId: string): string {
  return digest(`${businessId} ${withdrawalId}`);
}
