import { payoutUserOperations } from '../operations.js';
import { type ApiAnswer, answer, refusalAnswer } from './answer.js';
import { operationJson, pageJson } from './json.js';
import { readPage } from './query.js';
import type { RouteCall } from './route.js';

/** A page of one payout user's history: the same for the user and for the business. */
export async function operationsAnswer({ context, business, payoutUserId, request }: RouteCall): Promise<ApiAnswer> {
  const read = readPage(request);
  if (!read.ok) return refusalAnswer(read.error);
  const outcome = await payoutUserOperations(context, business, payoutUserId, read.page);
  return outcome.ok ? answer(pageJson(outcome.value, operationJson)) : refusalAnswer(outcome.error);
}
