import { refusalOf, StorageUnavailableError } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import { type ApiRequest, payoutApiPaths } from '@bursar/payouts/http';
import type { Problems } from './report.js';
import { BUSINESS } from './scene.js';

/** What a client gets at the moment for a deposit on the payout balance, by HTTP. */
async function answerToFunding(payouts: Payouts, apiKey: string): Promise<{ status: number; retryAfter: string }> {
  const path = payoutApiPaths(payouts).find((known) => known.path === '/payout/fund');
  if (path === undefined) throw new Error('there is no route /payout/fund');
  const headers: Readonly<Record<string, string>> = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
  };
  const request: ApiRequest = {
    identity: {},
    raw: undefined,
    method: 'POST',
    header: (name) => headers[name],
    query: () => [],
    param: () => undefined,
    body: () => ({ kind: 'text', text: '{"amount":1}' }),
  };
  const { status, headers: answered } = await path.answer(request).catch((error: unknown) => refusalOf(error));
  return { status, retryAfter: answered['retry-after'] ?? '' };
}

/** An API key of the business. */
export async function apiKeyOf(payouts: Payouts): Promise<string> {
  return (await payouts.auth.apiKeys.issue({ businessId: BUSINESS, name: 'Server' })).key;
}

/** Notes it where what was thrown is anything but a clear word about storage. */
export function expectClear(problems: Problems, error: unknown, words: RegExp): void {
  const cause = error instanceof StorageUnavailableError ? String(error.cause) : '';
  problems.expect(words.test(cause), `it failed with ${error} (${cause || 'no cause'})`);
}

const MOST_FUNDINGS = 5000;

/**
 * Notes it where a client is not told to come again later. What is refused as a batch may fit by itself, so it is asked until
 * nothing fits; answers with how many transfers that made.
 */
export async function expectUnavailable(problems: Problems, payouts: Payouts, apiKey: string): Promise<number> {
  for (let made = 0; made < MOST_FUNDINGS; made++) {
    const { status, retryAfter } = await answerToFunding(payouts, apiKey);
    if (status === 200) continue;
    problems.expect(status === 503 && Number(retryAfter) > 0, `a client got ${status}, Retry-After "${retryAfter}"`);
    return made;
  }
  problems.add(`a client got ${MOST_FUNDINGS} times 200`);
  return MOST_FUNDINGS;
}
