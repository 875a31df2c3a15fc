/**
 * What a business may do with the withdrawals of its payout users, with its API key.
 *
 * @module
 */
import { notFound } from '@bursar/core';
import * as z from 'zod';
import { checkFields, fieldsOf } from '../fields.js';
import { type ListWithdrawalsOptions, listWithdrawals, showWithHistory } from '../withdrawal/find.js';
import { type Decision, decideWithdrawal, reason } from '../withdrawal/settle.js';
import type { Withdrawal } from '../withdrawal/view.js';
import { type ApiAnswer, answer, answerOf, refusalAnswer } from './answer.js';
import {
  businessWithdrawalAnswer,
  businessWithdrawalPageAnswer,
  withdrawalHistoryAnswer,
  withdrawalStatus,
} from './answers.js';
import { businessWithdrawalJson, pageJson, withdrawalVersionJson } from './json.js';
import { once, PAGE_PARAMETERS, readPage } from './query.js';
import type { Route, RouteCall } from './route.js';

const PATH = '/payout/withdrawals';
const READ = { credential: 'api_key', scope: 'withdrawals:read' } as const;
const WRITE = { credential: 'api_key', scope: 'withdrawals:write' } as const;

/** The fields of settling by hand, as they come from outside. */
const settleFields = fieldsOf({
  status: z.enum(['succeeded', 'failed'], { error: 'The status must be succeeded or failed.' }),
  reason: reason.meta({ description: 'Why; required, and kept for ever.' }).nullish(),
});

// What an actor is, no body says.
const decisionBody = fieldsOf({ reason: reason.nullish() });

const decisions = (
  [
    ['approve', 'approveWithdrawal', 'Approve a withdrawal that is in review'],
    ['refuse', 'refuseWithdrawal', 'Refuse a withdrawal that is in review'],
    ['return', 'returnWithdrawal', 'Book what came back after it had succeeded'],
  ] as const
).map(
  ([decision, operationId, summary]): Route => ({
    method: 'POST',
    path: `${PATH}/:id/${decision}`,
    ...WRITE,
    document: { operationId, summary, body: decisionBody, answer: businessWithdrawalAnswer },
    run: (call) => decide(call, decision, call.fields),
  }),
);

/** The routes of withdrawals that ask for an API key. */
export const businessWithdrawalRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: PATH,
    ...READ,
    document: {
      operationId: 'listWithdrawals',
      summary: 'List withdrawals',
      query: {
        status: withdrawalStatus,
        method: z.string().meta({ description: 'Only those by this payout method.' }),
        user: z.string().meta({ description: 'Only those of the payout user with this id.' }),
        export: z.string().meta({ description: 'Only those of this export.' }),
        ...PAGE_PARAMETERS,
      },
      answer: businessWithdrawalPageAnswer,
    },
    run: list,
  },
  {
    method: 'GET',
    path: `${PATH}/:id`,
    ...READ,
    document: {
      operationId: 'getWithdrawal',
      summary: 'Read a withdrawal with its history',
      answer: withdrawalHistoryAnswer,
    },
    run: show,
  },
  {
    method: 'PATCH',
    path: `${PATH}/:id`,
    ...WRITE,
    document: {
      operationId: 'settleWithdrawal',
      summary: 'Settle a withdrawal by hand',
      description: 'One whose outcome is not known, or that is sent by hand.',
      body: settleFields,
      answer: businessWithdrawalAnswer,
    },
    run: settle,
  },
  ...decisions,
];

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
  const { status, ...why } = checked.value;
  return decide(call, status === 'succeeded' ? 'settle' : 'fail', why);
}

async function decide(call: RouteCall, decision: Decision, fields: unknown): Promise<ApiAnswer> {
  const checked = checkFields(decisionBody, fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const { context, business, request, actor } = call;
  const named = { businessId: business.id, id: request.param('id') ?? '' };
  const outcome = await decideWithdrawal(context, decision, { ...named, actor, reason: checked.value.reason });
  return answerOf(outcome, businessWithdrawalJson);
}
