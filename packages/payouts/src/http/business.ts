/**
 * What a business may do, with its API key.
 *
 * @module
 */
import { notFound } from '@bursar/core';
import { allocate } from '../allocation/allocate.js';
import { fund } from '../allocation/fund.js';
import { businessBalance } from '../balance.js';
import { changePayoutUser, findPayoutUser, listPayoutUsers, type PayoutUserWithBalance } from '../payout-users.js';
import { reissue } from '../reissue.js';
import { reclaim } from '../withdrawal/reclaim.js';
import { type ApiAnswer, answer, answerOf, refusalAnswer } from './answer.js';
import { businessBalanceJson, pageJson, payoutUserJson } from './json.js';
import { methodsAnswer } from './methods.js';
import { operationsAnswer } from './operations.js';
import { once, readPage } from './query.js';
import type { Route, RouteCall } from './route.js';

/** The routes that ask for an API key. */
export const businessRoutes: readonly Route[] = [
  { method: 'POST', path: '/payout/create', credential: 'api_key', scope: 'payouts:write', run: create },
  { method: 'POST', path: '/payout/fund', credential: 'api_key', scope: 'payouts:write', run: addFunds },
  { method: 'GET', path: '/balance', credential: 'api_key', scope: 'balance:read', run: balance },
  { method: 'GET', path: '/payout/users', credential: 'api_key', scope: 'users:read', run: list },
  { method: 'GET', path: '/payout/users/:id', credential: 'api_key', scope: 'users:read', run: show },
  { method: 'PATCH', path: '/payout/users/:id', credential: 'api_key', scope: 'users:write', run: change },
  { method: 'POST', path: '/payout/users/:id/reissue', credential: 'api_key', scope: 'users:write', run: newHash },
  { method: 'POST', path: '/payout/users/:id/reclaim', credential: 'api_key', scope: 'payouts:write', run: takeBack },
  { method: 'GET', path: '/payout/users/:id/operations', credential: 'api_key', scope: 'users:read', run: history },
  { method: 'GET', path: '/payout/methods', credential: 'api_key', publishable: true, run: methodsAnswer },
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
  const email = once(request, 'email');
  if (!email.ok) return refusalAnswer(email.error);
  const outcome = await listPayoutUsers(context, business, { ...read.page, email: email.value });
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
