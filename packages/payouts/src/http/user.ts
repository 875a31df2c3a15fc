/**
 * What a payout user may do, with the payout hash.
 *
 * @module
 */
import { notFound } from '@bursar/core';
import { payoutUserBalances } from '../balance.js';
import { showWithdrawal } from '../withdrawal/find.js';
import { withdraw, withdrawalFields } from '../withdrawal/withdraw.js';
import { type ApiAnswer, answer, answerOf, refusalAnswer } from './answer.js';
import {
  operationPageAnswer,
  payoutMethodsAnswer,
  payoutUserBalanceAnswer,
  withdrawalAnswer,
  withdrawalPageAnswer,
} from './answers.js';
import { payoutUserBalanceJson, withdrawalJson } from './json.js';
import { methodsAnswer } from './methods.js';
import { operationsAnswer } from './operations.js';
import { PAGE_PARAMETERS } from './query.js';
import type { Route, RouteCall } from './route.js';
import { withdrawalsAnswer } from './withdrawals.js';

/** The routes that ask for a payout hash. */
export const userRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/payout/balance',
    credential: 'payout_hash',
    document: { operationId: 'getOwnBalance', summary: 'Read your balance', answer: payoutUserBalanceAnswer },
    async run({ context, business, payoutUserId }) {
      const [balance] = await payoutUserBalances(context, business, [payoutUserId]);
      return answer(balance && payoutUserBalanceJson(balance));
    },
  },
  {
    method: 'GET',
    path: '/payout/operations',
    credential: 'payout_hash',
    document: {
      operationId: 'listOwnOperations',
      summary: 'Read your history',
      query: PAGE_PARAMETERS,
      answer: operationPageAnswer,
    },
    run: operationsAnswer,
  },
  {
    method: 'GET',
    path: '/payout/methods',
    credential: 'payout_hash',
    document: {
      operationId: 'listPayoutMethods',
      summary: 'List the ways to withdraw',
      description: 'Each with its bounds, its fee and the JSON Schema of its destination.',
      answer: payoutMethodsAnswer,
    },
    run: methodsAnswer,
  },
  {
    method: 'POST',
    path: '/payout/withdraw',
    credential: 'payout_hash',
    document: {
      operationId: 'withdraw',
      summary: 'Withdraw money',
      description: 'Reserves amount and fee at once; the money goes out after that.',
      body: withdrawalFields,
      answer: withdrawalAnswer,
      takesIdempotencyKey: true,
      refusals: ['insufficient_balance'],
    },
    run: order,
  },
  {
    method: 'GET',
    path: '/payout/withdrawals',
    credential: 'payout_hash',
    document: {
      operationId: 'listOwnWithdrawals',
      summary: 'List your withdrawals',
      query: PAGE_PARAMETERS,
      answer: withdrawalPageAnswer,
    },
    run: (call) => withdrawalsAnswer(call, { payoutUserId: call.payoutUserId }, withdrawalJson),
  },
  {
    method: 'GET',
    path: '/payout/withdrawals/:id',
    credential: 'payout_hash',
    document: { operationId: 'getOwnWithdrawal', summary: 'Read one of your withdrawals', answer: withdrawalAnswer },
    run: show,
  },
];

async function order({ context, business, payoutUserId, fields, idempotencyKey }: RouteCall): Promise<ApiAnswer> {
  return answerOf(await withdraw(context, business, payoutUserId, fields, idempotencyKey), withdrawalJson);
}

async function show({ context, business, payoutUserId, request }: RouteCall): Promise<ApiAnswer> {
  const ref = { businessId: business.id, id: request.param('id') ?? '' };
  const found = await showWithdrawal(context, ref, payoutUserId);
  return found === null ? refusalAnswer(notFound()) : answer(withdrawalJson(found));
}
