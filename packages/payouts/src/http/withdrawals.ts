/**
 * What a business may do with the withdrawals of its payout users, with its API key.
 *
 * @module
 */
import { notFound } from '@bursar/core';
import * as z from 'zod';
import { checkFields, fieldsOf } from '../fields.js';
import { type ListWithdrawalsOptions, listWithdrawals, showWithHistory } from '../withdrawal/find.js';
import { type Decision, decideWithdrawal } from '../withdrawal/settle.js';
import type { Withdrawal } from '../withdrawal/view.js';
import { type ApiAnswer, answer, answerOf, refusalAnswer } from './answer.js';
import { businessWithdrawalJson, pageJson, withdrawalVersionJson } from './json.js';
import { once, readPage } from './query.js';
import type { Route, RouteCall } from './route.js';

const PATH = '/payout/withdrawals';
const READ = { credential: 'api_key', scope: 'withdrawals:read' } as const;
const WRITE = { credential: 'api_key', scope: 'withdrawals:write' } as const;

/** The routes of withdrawals that ask for an API key. */
export const businessWithdrawalRoutes: readonly Route[] = [
  { method: 'GET', path: PATH, ...READ, run: list },
  { method: 'GET', path: `${PATH}/:id`, ...READ, run: show },
  { method: 'PATCH', path: `${PATH}/:id`, ...WRITE, run: settle },
  { method: 'POST', path: `${PATH}/:id/approve`, ...WRITE, run: (call) => decide(call, 'approve', call.fields) },
  { method: 'POST', path: `${PATH}/:id/refuse`, ...WRITE, run: (call) => decide(call, 'refuse', call.fields) },
  { method: 'POST', path: `${PATH}/:id/return`, ...WRITE, run: (call) => decide(call, 'return', call.fields) },
];

/** The fields of settling by hand, as they come from outside. */
const settleFields = fieldsOf({
  status: z.enum(['succeeded', 'failed'], { error: 'The status must be succeeded or failed.' }),
  reason: z.unknown().optional(),
});

// What an actor is, no body says.
const decisionBody = fieldsOf({ reason: z.unknown().optional() });

const FILTERS = ['status', 'method', 'user', 'export'] as const;

async function list(call: RouteCall): Promise<ApiAnswer> {
  const filters: Partial<Record<(typeof FILTERS)[number], string | undefined>> = {};
  for (const name of FILTERS) {
    const read = once(call.request, name);
    if (!read.ok) return refusalAnswer(read.error);
    filters[name] = read.value;
  }
  const { status, method, user: payoutUserId, export: exportId } = filters;
  return withdrawalsAnswer(call, { status, method, payoutUserId, exportId }, businessWithdrawalJson);
}

/** A page of withdrawals: the same for a payout user's own and for the business's. */
export async function withdrawalsAnswer(
  { context, business, request }: RouteCall,
  filters: ListWithdrawalsOptions,
  json: (withdrawal: Withdrawal) => unknown,
): Promise<ApiAnswer> {
  const read = readPage(request);
  if (!read.ok) return refusalAnswer(read.error);
  const outcome = await listWithdrawals(context, business, { ...filters, ...read.page });
  return answerOf(outcome, (page) => pageJson(page, json));
}

async function show({ context, business, request }: RouteCall): Promise<ApiAnswer> {
  const found = await showWithHistory(context, { businessId: business.id, id: request.param('id') ?? '' });
  if (found === null) return refusalAnswer(notFound());
  return answer({ ...businessWithdrawalJson(found.withdrawal), history: found.history.map(withdrawalVersionJson) });
}

async function settle(call: RouteCall): Promise<ApiAnswer> {
  const checked = checkFields(settleFields, call.fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const { status, reason } = checked.value;
  return decide(call, status === 'succeeded' ? 'settle' : 'fail', { reason });
}

async function decide(call: RouteCall, decision: Decision, fields: unknown): Promise<ApiAnswer> {
  const checked = checkFields(decisionBody, fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const { context, business, request, actor } = call;
  const named = { businessId: business.id, id: request.param('id') ?? '' };
  // Its own check says whether the reason is one.
  const reason = checked.value.reason as string | null | undefined;
  const outcome = await decideWithdrawal(context, decision, { ...named, actor, reason });
  return answerOf(outcome, businessWithdrawalJson);
}
