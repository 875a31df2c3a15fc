/**
 * What a payout user may do, with the payout hash.
 *
 * @module
 */
import { payoutUserBalances } from '../balance.js';
import { answer } from './answer.js';

import { payoutUserBalanceJson } from './json.js';
import { operationsAnswer } from './operations.js';
import type { Route } from './route.js';

/** The routes that ask for a payout hash. */
export const userRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/payout/balance',
    credential: 'payout_hash',
    async run({ context, business, payoutUserId }) {
      const [balance] = await payoutUserBalances(context, business, [payoutUserId]);
      return answer(balance && payoutUserBalanceJson(balance));
    },
  },
  { method: 'GET', path: '/payout/operations', credential: 'payout_hash', run: operationsAnswer },
];
