/**
 * What a business may do, with its API key.
 *
 * @module
 */
import { notFound } from '@bursar/core';
import { allocate, allocationFields } from '../allocation/allocate.js';
import { fund, moneyFields } from '../allocation/fund.js';
import { businessBalance } from '../balance.js';
import { email } from '../fields.js';
import {
  changePayoutUser,
  findPayoutUser,
  listPayoutUsers,
  type PayoutUserWithBalance,
  payoutUserFields,
} from '../payout-users.js';
import { reissue, reissueFields } from '../reissue.js';
import { reclaim, reclaimFields } from '../withdrawal/reclaim.js';
import { type ApiAnswer, answer, answerOf, refusalAnswer } from './answer.js';
import {
  businessBalanceAnswer,
  hashAnswer,
  operationPageAnswer,
  payoutMethodsAnswer,
  payoutUserAnswer,
  payoutUserPageAnswer,
  reclaimedAnswer,
} from './answers.js';
import { businessBalanceJson, pageJson, payoutUserJson } from './json.js';
import { methodsAnswer } from './methods.js';
import { operationsAnswer } from './operations.js';
import { once, PAGE_PARAMETERS, readPage } from './query.js';
import type { Route, RouteCall } from './route.js';

/** The routes that ask for an API key. */
export const businessRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/payout/create',
    credential: 'api_key',
    scope: 'payouts:write',
    document: {
      operationId: 'createPayout',
      summary: 'Give a payout user money',
      description: 'Opens the payout user with the first payout, and answers with the payout hash in force.',
      body: allocationFields,
      answer: hashAnswer,
      takesIdempotencyKey: true,
      refusals: ['insufficient_payout_balance', 'payouts_disabled'],
    },
    run: create,
  },
  {
    method: 'POST',
    path: '/payout/fund',
    credential: 'api_key',
    scope: 'payouts:write',
    document: {
      operationId: 'fundPayouts',
      summary: 'Set money aside for payouts',
      description: "Moves money of the business's balance to its payout balance.",
      body: moneyFields,
      answer: businessBalanceAnswer,
      takesIdempotencyKey: true,
      refusals: ['insufficient_balance'],
    },
    run: addFunds,
  },
  {
    method: 'GET',
    path: '/balance',
    credential: 'api_key',
    scope: 'balance:read',
    document: {
      operationId: 'getBalance',
      summary: 'Read the balances of the business',
      answer: businessBalanceAnswer,
    },
    run: balance,
  },
  {
    method: 'GET',
    path: '/payout/users',
    credential: 'api_key',
    scope: 'users:read',
    document: {
      operationId: 'listPayoutUsers',
      summary: 'List payout users',
      query: { email: email.meta({ description: 'Only the one with this address.' }), ...PAGE_PARAMETERS },
      answer: payoutUserPageAnswer,
    },
    run: list,
  },
  {
    method: 'GET',
    path: '/payout/users/:id',
    credential: 'api_key',
    scope: 'users:read',
    document: { operationId: 'getPayoutUser', summary: 'Read a payout user', answer: payoutUserAnswer },
    run: show,
  },
  {
    method: 'PATCH',
    path: '/payout/users/:id',
    credential: 'api_key',
    scope: 'users:write',
    document: {
      operationId: 'changePayoutUser',
      summary: 'Change status or expiry of a payout user',
      body: payoutUserFields,
      answer: payoutUserAnswer,
    },
    run: change,
  },
  {
    method: 'POST',
    path: '/payout/users/:id/reissue',
    credential: 'api_key',
    scope: 'users:write',
    document: {
      operationId: 'reissuePayoutHash',
      summary: 'Give a payout user a new hash',
      description: 'The old hash is refused from then on. Needs an Idempotency-Key, or the generation that you saw.',
      body: reissueFields,
      answer: hashAnswer,
      takesIdempotencyKey: true,
    },
    run: newHash,
  },
  {
    method: 'POST',
    path: '/payout/users/:id/reclaim',
    credential: 'api_key',
    scope: 'payouts:write',
    document: {
      operationId: 'reclaimPayout',
      summary: 'Take back what a closed payout user has left',
      body: reclaimFields,
      answer: reclaimedAnswer,
      takesIdempotencyKey: true,
      refusals: ['insufficient_balance'],
    },
    run: takeBack,
  },
  {
    method: 'GET',
    path: '/payout/users/:id/operations',
    credential: 'api_key',
    scope: 'users:read',
    document: {
      operationId: 'listOperationsOfPayoutUser',
      summary: 'Read the history of a payout user',
      query: PAGE_PARAMETERS,
      answer: operationPageAnswer,
    },
    run: history,
  },
  {
    method: 'GET',
    path: '/payout/methods',
    credential: 'api_key',
    publishable: true,
    document: {
      operationId: 'listPayoutMethodsOfBusiness',
      summary: 'List the ways that payout users withdraw',
      answer: payoutMethodsAnswer,
    },
    run: methodsAnswer,
  },
];

async function create({ context, business, fields, idempotencyKey }: RouteCall): Promise<ApiAnswer> {
  return answerOf(await allocate(context, business, fields, idempotencyKey), ({ hash }) => ({ hash }));
}

async function addFunds(call: RouteCall): Promise<ApiAnswer> {
  const { context, business, fields, idempotencyKey } = call;
  const outcome = await fund(context, business, fields, idempotencyKey);
  if (!outcome.ok) return refusalAnswer(outcome.error, outcome.replayed);
  return answer(businessBalanceJson(await businessBalance(context, business)), outcome.replayed);
}

async function balance({ context, business }: RouteCall): Promise<ApiAnswer> {
  return answer(businessBalanceJson(await businessBalance(context, business)));
}

async function list({ context, business, request }: RouteCall): Promise<ApiAnswer> {
  const read = readPage(request);
  if (!read.ok) return refusalAnswer(read.error);
  const address = once(request, 'email');
  if (!address.ok) return refusalAnswer(address.error);
  const outcome = await listPayoutUsers(context, business, { ...read.page, email: address.value });
  return answerOf(outcome, (page) => pageJson(page, userJson));
}

async function show({ context, business, payoutUserId }: RouteCall): Promise<ApiAnswer> {
  const found = await findPayoutUser(context, business, payoutUserId);
  return found === null ? refusalAnswer(notFound()) : answer(userJson(found));
}

async function change({ context, business, payoutUserId, fields }: RouteCall): Promise<ApiAnswer> {
  return answerOf(await changePayoutUser(context, business, payoutUserId, fields), userJson);
}

async function newHash({ context, business, payoutUserId, fields, idempotencyKey }: RouteCall): Promise<ApiAnswer> {
  return answerOf(await reissue(context, business, payoutUserId, fields, idempotencyKey), ({ hash }) => ({ hash }));
}

async function takeBack({ context, business, payoutUserId, fields, idempotencyKey }: RouteCall): Promise<ApiAnswer> {
  return answerOf(await reclaim(context, business, payoutUserId, fields, idempotencyKey), (reclaimed) => reclaimed);
}

async function history(call: RouteCall): Promise<ApiAnswer> {
  const found = await call.context.auth.payoutUsers.find({ businessId: call.business.id, id: call.payoutUserId });
  return found === null ? refusalAnswer(notFound()) : operationsAnswer(call);
}

function userJson({ payoutUser, balance }: PayoutUserWithBalance) {
  return payoutUserJson(payoutUser, balance);
}
